"""Secrets are never shown, in any format or error; changes of secrets are shown."""

from __future__ import annotations

import base64
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generator import go_yaml
from generator.diff.formats import FORMATS
from tests.cli.conftest import ADDRESS, Run
from tests.diff.sides import compared, everything, stream

pytestmark = pytest.mark.usefixtures("quick_key")

Data = dict[str, Any]
Make = Callable[[Any], Data]

# Pairs of secrets, before and after, each in the format of its kind.
LONG = ("cLk1p0mM0ZxYb2nQm6aV", "Qm9vbTpjTGsxcDBtTTB")
SLASH = ("/Lk1p0mM0ZxYb2nQm6aV+x==", "/m9vbTpjTGsxcDBtTTB+y==")
SHORT = ("hntr2", "zqrk9")
TINY = ("hx7", "zw9")
NUMBER = (86753091, 86753092)
JWT = ("eyJhbGciOiJ.eyJzdWIiOiJ4.c2lnbmF0dXJlMQ", "eyJhbGciOiJ.eyJzdWIiOiJ5.c2lnbmF0dXJlMg")


def key_of(body: str) -> str:
    """Return a private key."""
    # Built from parts, so that secret scanners do not report this file.
    return "\n".join([f"-----BEGIN {'PRIVATE'} KEY-----", body, f"-----END {'PRIVATE'} KEY-----", ""])


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


KEYS = ("MIIEvQIBADANBgkqhkiG9w0B", "MIIEvQIBADANBgkqhkiG9w0C")


def secret(field: str, value: str) -> Data:
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}, field: {"some": value}}


def config_map(data: Any, name: str = "some.conf") -> Data:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {name: data}}


def probe(value: str) -> Data:
    headers = [{"name": "X-Any", "value": "1"}, {"name": "Authorization", "value": f"Basic {value}"}]
    return pod(livenessProbe={"httpGet": {"path": "/", "port": 80, "httpHeaders": headers}})


def lines(text: str) -> Make:
    """Make ConfigMaps from a text; the secret replaces %s."""
    return lambda value: config_map(f"# a file\n{text.replace('%s', value)}\nrest: 1\n")


def variable(name: str) -> Make:
    return lambda value: pod(env=[{"name": name, "value": value}])


def named(name: str) -> Make:
    return lambda value: config_map(value, name)


def program(config: Data, name: str = "edgecore.yaml") -> Data:
    return config_map(go_yaml.dump(config), name)


def pod(**container: Any) -> Data:
    spec = {"containers": [{"name": "main", "image": "example.com/x:1", **container}]}
    head = {"name": "a", "namespace": "b"}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": head,
        "spec": {"template": {"spec": spec}},
    }


def custom(spec: Any) -> Data:
    return {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "a"}, "spec": spec}


def applied(value: str) -> Data:
    last = json.dumps(secret("stringData", value))
    found = secret("stringData", value)
    found["metadata"]["annotations"] = {"kubectl.kubernetes.io/last-applied-configuration": last}
    return found


def kubeconfig(value: str) -> str:
    return go_yaml.dump({"kind": "Config", "users": [{"name": "x", "user": {"client-key-data": value}}]})


# Every place that can contain a secret: how to build the object, and the secrets to test.
PLACES: dict[str, tuple[Make, tuple[Any, Any]]] = {
    "data": (lambda value: secret("data", encoded(value)), LONG),
    "short data": (lambda value: secret("data", encoded(value)), SHORT),
    "data in plain": (lambda value: secret("stringData", value), LONG),
    "short data in plain": (lambda value: secret("stringData", value), SHORT),
    "data with slash": (lambda value: secret("stringData", value), SLASH),
    "data of lines": (lambda value: secret("stringData", f"user: me\nrest: {value}\n"), SHORT),
    "data that is a file of settings": (lambda value: secret("stringData", f"[a]\nx={value}\n"), LONG),
    "data beside a certificate": (
        lambda value: secret(
            "stringData", f"-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n{value}"
        ),
        LONG,
    ),
    "login of a registry": (
        lambda value: secret("stringData", json.dumps({"auths": {"x": {"auth": encoded(f"me:{value}")}}})),
        LONG,
    ),
    "last applied": (applied, LONG),
    "last applied, short": (applied, SHORT),
    "edgecore token": (lambda value: program({"modules": {"edgeHub": {"token": value}}}), LONG),
    "edgecore token, short": (lambda value: program({"modules": {"edgeHub": {"token": value}}}), SHORT),
    "mqtt password": (lambda value: program({"modules": {"eventBus": {"mqttPassword": value}}}), SHORT),
    "mqtt password of digits": (
        lambda value: program({"modules": {"eventBus": {"mqttPassword": value}}}),
        NUMBER,
    ),
    "misspelt": (lambda value: program({"modules": {"eventBus": {"mqttPasword": value}}}), SHORT),
    "psk": (
        lambda value: program({"modules": {"edgeTunnel": {"psk": {"key": value}}}}, "edgemesh-agent.yaml"),
        SLASH,
    ),
    "psk in a config map": (lambda value: config_map(value, "psk"), SHORT),
    "psk with slash in a config map": (lambda value: config_map(value, "psk"), SLASH),
    "key in a config map": (lambda value: config_map(key_of(value), "tls.pem"), KEYS),
    "key among lines": (lambda value: config_map(f"# a\nkey: |\n  {key_of(value)}\nb: c\n"), KEYS),
    "key in a list": (lambda value: custom({"files": ["x", {"text": key_of(value)}]}), KEYS),
    "key in base64": (lambda value: custom({"files": [encoded(key_of(value))]}), KEYS),
    "kubeconfig": (lambda value: config_map(kubeconfig(encoded(key_of(value)))), KEYS),
    "kubeconfig, no PEM": (lambda value: config_map(kubeconfig(encoded(value))), LONG),
    "jwt": (lambda value: custom({"note": f"use {value} for it"}), JWT),
    "jwt in an argument": (lambda value: pod(args=["serve", value]), JWT),
    "env": (lambda value: pod(env=[{"name": "DB_PASSWORD", "value": value}]), LONG),
    "env, short": (lambda value: pod(env=[{"name": "DB_PASSWORD", "value": value}]), SHORT),
    "env with slash": (lambda value: pod(env=[{"name": "TOKEN", "value": value}]), SLASH),
    "env by another name": (lambda value: pod(env=[{"name": "CLIENT_SECRET", "value": value}]), SHORT),
    "env of a key": (lambda value: pod(env=[{"name": "API_KEY", "value": value}]), SHORT),
    "env in a new container": (
        lambda value: pod(
            command=[value[0]], env=[{"name": "A", "value": "b"}, {"name": "PSK", "value": value}]
        ),
        SHORT,
    ),
    "argument": (lambda value: pod(args=[f"--token={value}"]), SHORT),
    "argument, long": (lambda value: pod(args=[f"--token={value}"]), SLASH),
    "argument of its own": (lambda value: pod(args=["--token", value]), SHORT),
    "argument of its own, before others": (lambda value: pod(args=["join", "--password", value, "-v"]), LONG),
    "argument of a shell": (
        lambda value: pod(command=["sh", "-c", f"keadm join --token {value} && x"]),
        SHORT,
    ),
    "quoted argument of a shell": (lambda value: pod(command=["sh", "-c", f'join --token="{value}"']), SHORT),
    "header": (lambda value: pod(args=[f"Authorization: Bearer {value}"]), LONG),
    "url": (lambda value: pod(env=[{"name": "DB", "value": f"postgres://me:{value}@db/x"}]), SHORT),
    "url with an @": (lambda value: custom({"url": f"amqp://me:p@{value}@db:1/x"}), SHORT),
    "url without a user": (lambda value: custom({"url": f"redis://:{value}@db:1/x"}), SHORT),
    "url with a token only": (lambda value: custom({"url": f"https://{value}@git.example.com/x"}), LONG),
    "url in lines": (lambda value: config_map(f"a: 1\nmqtt: tcp://me:{value}@h:1\n"), SHORT),
    "settings": (lambda value: config_map(f"[mqtt]\nuser = me\npassword = {value}\n"), SHORT),
    "settings in json": (lambda value: config_map(json.dumps({"a": {"password": value}}, indent=1)), SHORT),
    "settings on one line": (lambda value: config_map(json.dumps({"token": value, "x": 1})), SHORT),
    "custom": (lambda value: custom({"password": value}), SHORT),
    "custom, deeper": (lambda value: custom({"auth": {"token": {"value": value}}}), SHORT),
    "custom, in a list": (lambda value: custom({"tokens": ["x", value]}), SHORT),
    "custom, in a list of maps": (lambda value: custom({"users": [{"name": "a", "password": value}]}), SHORT),
    "custom, named value": (lambda value: custom({"p": [{"name": "psk", "value": value}]}), SHORT),
    "annotation": (
        lambda value: {**custom({}), "metadata": {"name": "a", "annotations": {"example.com/token": value}}},
        SHORT,
    ),
    "after a blank": (lines("connection c\nremote_password %s\nbridge_psk %s"), SHORT),
    "after a blank, of one word": (lines("requirepass %s"), TINY),
    "quoted, after a blank": (lines('requirepass "%s x"'), TINY),
    "words after a blank": (lines("remote_password my %s words"), SHORT),
    "after an arrow": (lines("password => '%s'"), SHORT),
    "after an anchor": (lines("token: &a %s"), SHORT),
    "block with a tag": (lines("token: !!str |  # c\n  %s"), TINY),
    "manifest of a Secret in a text": (
        lambda value: config_map(f"kind: Secret\nmetadata: {{name: a}}\ndata:\n  x: {encoded(value)}\n"),
        LONG,
    ),
    "list of keys": (lambda value: custom({"apiKeys": ["b", value]}), TINY),
    "list of keys in json": (lines('{"apiKeys": ["%s"]}'), SHORT),
    "lines of Windows": (
        lambda value: config_map(f"a: 1\r\ntokens:\r\n- {value}\r\nrequirepass {value}\r\nb: 2\r\n"),
        TINY,
    ),
    "json in json in json": (
        lambda value: custom({"p": json.dumps(json.dumps(json.dumps({"password": value})))}),
        TINY,
    ),
    "value that goes on below": (lines("password: abc\n  %s"), TINY),
    "named by a key": (lambda value: custom({"p": [{"key": "DB_PASSWORD", "value": value}]}), TINY),
    "query of a URL": (lambda value: custom({"u": f"https://h/x?token={value}&a=1"}), TINY),
    "netrc": (lines("machine h login me password %s"), SHORT),
    "sshpass": (lines("sshpass -p %s ssh h"), SHORT),
    "mysql": (lines("mysql -u root -p%s db"), SHORT),
    "redis-cli": (lines("redis-cli -h h -a %s ping"), SHORT),
    "header of curl": (lines("curl -H 'Authorization: Token %s' https://h"), SHORT),
    "list in json": (lines('{"tokens":["%s", "b"]}'), SHORT),
    "list in json over lines": (lines('{"tokens": [\n  "b",\n  "%s"\n]}'), SHORT),
    "map in json": (lines('{"psk":{"key":"%s"}}'), SHORT),
    "list in lines": (lines("tokens:\n  - b\n\n  - %s\n"), TINY),
    "list in lines, not indented": (lines("tokens:\n- %s"), TINY),
    "map in lines": (lines("psk:\n  key: %s"), TINY),
    "block in lines": (lines("token: |\n  a\n\n  %s"), TINY),
    "quote in json": (lines('{"password":"hun\\"%s"}'), SHORT),
    "quote in json in json": (lines('x: "{\\"password\\":\\"hun\\\\\\"%s\\"}"'), SHORT),
    "quote that does not end": (lines('password: "%s'), SHORT),
    "quote over lines": (lines('password: "a\n  %s"'), SHORT),
    "xml": (lines("<a><password>%s</password></a>"), SHORT),
    "xml, attribute": (lines('<a password="%s"/>'), SHORT),
    "toml": (lines('password = """%s"""'), SHORT),
    "toml over lines": (lines("password = '''\na\n%s'''"), SHORT),
    "bracket in a value": (lines("a password=x[%s b"), SHORT),
    "in the value of another": (lines('cmd: "join password=%s now"'), SHORT),
    "in an argument of a shell": (lines('sh -c "join --token %s"'), SHORT),
    "curl": (lines("curl -u admin:%s https://h"), SHORT),
    "curl, quoted": (lines("curl --user 'admin:%s' https://h"), SHORT),
    "curl, apart": (lambda value: pod(args=["-u", f"admin:{value}"]), TINY),
    "login of a registry in lines": (
        lambda value: config_map(json.dumps({"auths": {"h": {"auth": encoded(f"me:{value}")}}})),
        SHORT,
    ),
    "variable in lines": (lines("export DB_PASS=%s"), SHORT),
    "variable of a pod in lines": (lines("- name: JWT_SECRET\n  value: %s"), TINY),
    "variable of a pod in json": (lines('[{"name":"DB_PASS","value":"%s"}]'), TINY),
    "header of a probe": (probe, TINY),
    "argument of its own, tiny": (lambda value: pod(args=["--password", value]), TINY),
    "argument of its own, among fewer": (
        lambda value: pod(args=["--password", value, *(["-v"] if value in TINY[:1] else [])]),
        TINY,
    ),
    "word of a list of pairs": (
        lambda value: custom({"p": [{"n": 1}, {"name": "psk", "value": value}, {"n": 2}]}),
        ("hunter", "winter"),
    ),
    "default of a schema": (
        lambda value: custom({"openAPIV3Schema": {"properties": {"password": {"default": value}}}}),
        TINY,
    ),
    "default of a schema, inside": (
        lambda value: custom(
            {"properties": {"a": {"type": "object", "properties": {"token": {"items": {"example": value}}}}}}
        ),
        TINY,
    ),
    "no schema, called so": (lambda value: custom({"properties": {"password": value}}), SHORT),
    "no schema, called so, in a map": (
        lambda value: custom({"properties": {"password": {"value": value}, "a": {"psk": value}}}),
        SHORT,
    ),
    "properties that are a list": (
        lambda value: custom({"properties": [{"name": "a"}, {"name": "password", "value": value}]}),
        TINY,
    ),
    **{
        f"variable {name}": (variable(name), SHORT)
        for name in ("DB_PASS", "PGPASS", "WEBHOOK_SECRET", "SECRET_KEY_BASE", "REDIS_AUTH", "SSH_KEY")
    },
    **{
        f"in a config map as {name}": (named(name), SHORT)
        for name in ("SMTP_PASS", "SESSION_SECRET", "HMAC_KEY", "PRIVATE_KEY_PEM")
    },
    **{
        f"in lines as {name}": (lines(f"{name}=%s"), SHORT)
        for name in ("JOIN_SECRET", "TLS_KEY", "masterauth")
    },
    "near a key": (lambda value: custom({value: 1, "password": value}), LONG),
}


def without(hidden: str) -> str:
    """Remove the placeholders of secrets from an output."""
    return re.sub(r"<hidden [0-9a-f]{10}>|&lt;hidden [0-9a-f]{10}&gt;", "", hidden)


def leaks(text: str, *secrets: Any) -> list[str]:
    """Return the secrets that a text contains, in plain or in base64."""
    found = []
    for one in map(str, secrets):
        forms = {one, encoded(one), encoded(one).rstrip("="), encoded(f"me:{one}")}
        found += [form for form in forms if form in without(text)]
    return found


@pytest.mark.parametrize(("make", "values"), PLACES.values(), ids=PLACES)
def test_a_changed_secret_is_reported_but_not_shown(make: Make, values: tuple[Any, Any]) -> None:
    before, after = map(make, values)
    found = compared([before], [after])
    text = everything(found)
    assert found.differences
    assert leaks(text, *values) == []
    assert text == everything(compared([before], [after]))
    shown = re.findall(r"hidden ([0-9a-f]{10})", text)
    assert len(set(shown)) >= 2, "that it changed is not seen"


@pytest.mark.parametrize(("make", "values"), PLACES.values(), ids=PLACES)
def test_secrets_of_new_objects_and_fields_are_not_shown(make: Make, values: tuple[Any, Any]) -> None:
    one = make(values[0])
    emptied: Data = {name: one[name] for name in ("apiVersion", "kind", "metadata")}
    emptied["metadata"] = {name: one["metadata"][name] for name in one["metadata"] if name != "annotations"}
    renamed = {**one, "metadata": {**one["metadata"], "name": "other"}}
    for before, after in (
        ([emptied], [one]),
        ([one], [emptied]),
        ([], [one]),
        ([one], []),
        ([one], [renamed]),
    ):
        assert leaks(everything(compared(before, after)), values[0]) == []


def test_digests_depend_on_the_key_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    def digests() -> set[str]:
        text = everything(compared(*([secret("stringData", value)] for value in LONG)))
        return set(re.findall(r"hidden ([0-9a-f]{10})", text))

    derived = digests()
    monkeypatch.setenv("GENERATOR_DIGEST_KEY", "one")
    one = digests()
    monkeypatch.setenv("GENERATOR_DIGEST_KEY", "two")
    two = digests()
    assert len(derived) == len(one) == len(two) == 2
    assert not derived & one
    assert not one & two
    monkeypatch.setenv("GENERATOR_DIGEST_KEY", "one")
    assert digests() == one


def test_a_secret_has_the_same_digest_everywhere() -> None:
    before = [secret("stringData", LONG[0]), custom({"token": LONG[0]})]
    after = [secret("data", encoded(LONG[1])), custom({"token": LONG[1]})]
    text = everything(compared(before, after))
    assert len(set(re.findall(r"hidden ([0-9a-f]{10})", text))) == 2


def test_references_to_secrets_are_shown() -> None:
    before = pod(args=["--token-file=/etc/a", "--tls-private-key-file=/etc/b"])
    after = pod(args=["--token-file=/var/c", "--tls-private-key-file=/etc/d"])
    text = everything(compared([before], [after]))
    assert "/var/c" in text
    assert "/etc/d" in text
    issuer = {**custom({"privateKeySecretRef": {"name": "one"}}), "kind": "Issuer"}
    other = {**custom({"privateKeySecretRef": {"name": "two"}}), "kind": "Issuer"}
    assert "two" in everything(compared([issuer], [other]))


# --- texts that are not secret are shown ---------------------------------------------------


def definition(**properties: Any) -> Data:
    schema = {"type": "object", "properties": properties}
    versions = [{"name": "v1", "schema": {"openAPIV3Schema": schema}}]
    head = {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition"}
    return {**head, "metadata": {"name": "widgets.example.com"}, "spec": {"versions": versions}}


def test_a_schema_of_a_secret_is_shown() -> None:
    before = definition(password={"type": "string", "description": "what mqtt asks for"})
    after = definition(
        password={"type": "object", "properties": {"key": {"type": "string", "format": "byte"}}},
        size={"type": "integer", "description": "how many"},
        token={"type": "array", "items": {"type": "string", "pattern": "[a-z]+"}, "x-nothing": "atomic"},
    )
    other = config_map("type: string\nsize: 1\n", "a.yaml"), config_map("type: object\nsize: 2\n", "a.yaml")
    for one, two in ((before, after), (after, before)):
        assert "hidden" not in everything(compared([one, other[0]], [two, other[1]]))


def test_rbac_rules_are_shown() -> None:
    def role(*resources: str) -> Data:
        rules = [
            {"apiGroups": ["authentication.k8s.io", ""], "resources": [*resources], "verbs": ["create"]},
            {"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]},
        ]
        return {
            **custom({}),
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "ClusterRole",
            "rules": rules,
        }

    text = everything(compared([role("nodes")], [role("tokenreviews", "serviceaccounts/token")]))
    assert "authentication.k8s.io/tokenreviews: create" in text
    assert "serviceaccounts/token: create" in text
    assert "hidden" not in text


LOGINS = {"username": "kubeedge", "password": "cloudcore", "host": "mqtt.example.com:1883", "mode": "enabled"}


@pytest.mark.parametrize("name", LOGINS)
def test_common_names_are_shown_even_if_a_secret_contains_them(name: str) -> None:
    def side(tag: str) -> list[Data]:
        held = secret("stringData", LOGINS[name])
        held["stringData"] = {name: LOGINS[name]}
        made = pod(
            image=f"kubeedge/cloudcore:{tag}", env=[{"name": "A", "value": f"mqtt.example.com:1883/{tag}"}]
        )
        made["metadata"] = {"name": "cloudcore", "namespace": "kubeedge"}
        return [held, made, config_map(f"mode: enabled\n{tag}: 1\n")]

    text = everything(compared(side("v1.22.0"), side("v1.23.1")))
    assert "kubeedge/cloudcore:v1.23.1" in text
    assert "hidden" not in text


def test_a_suggested_command_shows_its_namespace() -> None:
    def side(number: int) -> list[Data]:
        held = {**secret("stringData", ""), "stringData": {"username": "kubeedge", "name": "cloudcore"}}
        volume = {"name": "c", "configMap": {"name": "a"}}
        made = pod(volumeMounts=[{"name": "c", "mountPath": "/etc/c"}])
        made["spec"]["template"]["spec"]["volumes"] = [volume]
        read = config_map(f"x: {number}\n")
        for one, name in ((held, "s"), (made, "cloudcore"), (read, "a")):
            one["metadata"] = {"name": name, "namespace": "kubeedge"}
        return [held, made, read]

    text = everything(compared(side(1), side(2)))
    assert "kubectl --namespace kubeedge rollout restart deployment/cloudcore" in text
    assert "hidden" not in text


def test_crds_of_two_releases_are_not_masked(run: Run) -> None:
    for version in ("v1.23.1", "v1.22.2"):
        Path(f"{version}.yaml").write_text(f"kubeedgeVersion: {version}\n", "utf-8")
    site = Path(__file__).parents[2] / "values/examples/factory.yaml"
    ran = run("diff", "values:v1.23.1.yaml", "values:v1.22.2.yaml", "-f", str(site))
    assert "CustomResourceDefinition" in ran.stdout
    assert "hidden" not in ran.stdout


def test_ordinary_settings_of_a_secret_are_shown_elsewhere() -> None:
    held = {**secret("stringData", ""), "stringData": {"app.yaml": "enable: true\nserver: 10.0.0.1:1883\n"}}
    before, after = config_map("enable: true\n"), config_map("a: 1\nserver: 10.0.0.1:1883\n")
    assert "hidden" not in everything(compared([held, before], [held, after]))


RANDOM = {"some": LONG[0], "password": "hunterhunter", "pin": "86753091", "x": "cLkpmMZxYbnQmaVw"}


@pytest.mark.parametrize("name", RANDOM)
def test_likely_secrets_of_a_secret_are_hidden_elsewhere(name: str) -> None:
    held = {**secret("stringData", ""), "stringData": {name: RANDOM[name], "app.yaml": f"x={LONG[1]}\n"}}
    before, after = pod(args=["serve"]), pod(args=["serve", f"--a={RANDOM[name]}", f"see x={LONG[1]}"])
    assert leaks(everything(compared([held, before], [held, after])), RANDOM[name], LONG[1]) == []


SHOWN = [
    "max_tokens: %s\n", "tokenizer: %s\n", "TOKEN_URL=%s\n", "PASSWORD_MIN_LENGTH %s\n", "proxy_pass http://%s;\n",
    "docker run -u 1000:1000 %s", "password: {{ .Values.%s }}\n", "broken: %s\n", "psk:\n  type: %s\n",
    "create secret generic %s --from-file=psk=/dev/stdin\n",
]  # fmt: skip


@pytest.mark.parametrize("text", SHOWN)
def test_settings_about_secrets_are_shown(text: str) -> None:
    shown = everything(compared([config_map(text % "one")], [config_map(text % "two")]))
    assert "two" in shown
    assert "hidden" not in shown


HOSTILE = {
    "blanks": "token: a" + " " * 60_000 + "b",
    "blanks after a key": "token:" + " " * 60_000 + "x\n",
    "brackets": "token:[" * 9_000,
    "quotes": 'token="\\"' * 7_000,
    "backslashes": 'token="' + "\\" * 60_000,
    "elements": "<token>" * 9_000,
    "keys": "token:\n" * 9_000,
    "clients": "redis-cli " * 6_000,
    "logins": "login a" * 9_000,
    "tags": "token: " + "!!&" * 20_000 + " x\n",
    "certificates": "-----BEGIN CERTIFICATE-----" * 2_500,
    "names": "A_" * 30_000 + "KEY: x",
}


def calls(work: Callable[[], object]) -> int:
    """Count the calls of Python and C functions during some work."""
    counted = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return counted


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_work_does_not_grow_quadratically_with_the_text(text: str) -> None:
    part = text[: len(text) // 8]

    def work(times: int) -> int:
        return calls(lambda: compared([config_map("a")], [config_map(part * times)]))

    # With quadratic work, four times the text would need sixteen times the calls.
    assert work(8) < 6 * work(2) + 1000


def test_certificates_are_shown_as_name_issuer_and_validity() -> None:
    import trustme

    ca = trustme.CA(organization_name="The Plant", organization_unit_name="edge")
    one, two = (ca.issue_cert(f"{name}.example.com") for name in ("old", "new"))
    pems = [leaf.cert_chain_pems[0].bytes().decode() for leaf in (one, two)]
    keys = [leaf.private_key_pem.bytes().decode() for leaf in (one, two)]
    sides = [
        {**secret("data", ""), "data": {"tls.crt": encoded(pem), "tls.key": encoded(key)}}
        for pem, key in zip(pems, keys, strict=True)
    ]
    text = everything(compared([sides[0]], [sides[1]]))
    for name in ("old.example.com", "new.example.com", "The Plant"):
        assert name in text
    assert re.search(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}", text)
    for pem, key in zip(pems, keys, strict=True):
        for line in [*pem.splitlines()[1:3], *key.splitlines()[1:3], encoded(pem)[:60], encoded(key)[40:90]]:
            assert line not in text
    # The same in a ConfigMap, with another line before the certificate.
    text = everything(compared([config_map(pems[0])], [config_map(f"# roots\n{pems[1]}")]))
    assert "new.example.com" in text
    assert pems[1].splitlines()[1] not in text


# --- through the command -------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
def test_secrets_in_flags_and_values_are_not_shown(run: Run, form: str) -> None:
    flags = [f"agent.psk={LONG[0]}", f"edgeCore.modules.eventBus.mqttPassword={SHORT[0]}", ADDRESS]
    more = [argument for flag in flags for argument in ("--set", flag)]
    Path("other.yaml").write_text(
        f"agent: {{psk: {LONG[1]}}}\nedgeCore: {{modules: {{edgeHub: {{token: {JWT[1]}}}}}}}\n", "utf-8"
    )
    Path("one.yaml").write_text("{}\n", "utf-8")
    for sides in (("values:one.yaml", "values:other.yaml"), ("plain", "mtls")):
        ran = run("diff", *sides, *more, "--format", form)
        assert ran.exit_code == 1, ran.stderr
        assert leaks(ran.output, *LONG, *SHORT, *JWT) == []


def test_a_changed_psk_in_values_is_reported(run: Run) -> None:
    for name, psk in zip(("one.yaml", "two.yaml"), LONG, strict=True):
        Path(name).write_text(f"agent: {{psk: {psk}}}\n", "utf-8")
    ran = run("diff", "values:one.yaml", "values:two.yaml", "--profile", "plain", "--set", ADDRESS)
    assert ran.exit_code == 1
    assert "because agent.psk changed" in ran.stdout
    assert len(set(re.findall(r"<hidden ([0-9a-f]{10})>", ran.stdout))) >= 2
    assert leaks(ran.output, *LONG) == []


UNREADABLE = [
    "psk: [{}\n",
    "psk: '{}\n",
    "psk: {}: x\n",
    "psk: !vault {}\n",
    "psk: {0}\npsk: {0}\n",
    "\tpsk: {}\n",
    "psk: {}\n x: 1\n",
    "psk: *{}\n",
    "? [{}]\n: 1\n",
    "psk: &{0} 1\nb: *{0}x\n",
    "%{}\n---\na: 1\n",
    'psk: "\\{}"\n',
    "psk: |{}\n  x\n",
    "@{}: x\n",
    "psk: `{}`\n",
]


@pytest.mark.parametrize("text", UNREADABLE)
def test_secrets_in_unreadable_manifests_are_not_shown(run: Run, text: str) -> None:
    head = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n"
    Path("a.yaml").write_text(head + text.format(LONG[0]), "utf-8")
    Path("b.yaml").write_text(stream([secret("stringData", LONG[1])]), "utf-8")
    ran = run("diff", "a.yaml", "b.yaml")
    assert ran.exit_code == 1
    assert leaks(ran.output, *LONG) == []


def test_documents_that_are_not_objects_are_reported_without_content(run: Run) -> None:
    Path("a.yaml").write_text(
        f"psk: {LONG[0]}\n---\n{LONG[0]}\n---\n- {LONG[0]}\n---\nkind: Secret\n", "utf-8"
    )
    Path("b.yaml").write_text("", "utf-8")
    ran = run("diff", "a.yaml", "b.yaml")
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert [line.split(": ")[0] for line in ran.stderr.splitlines()] == [
        "a.yaml:1",
        "a.yaml:3",
        "a.yaml:5",
        "a.yaml:7",
        "nothing was compared.",
    ]
    assert leaks(ran.output, *LONG) == []
