"""No secret is ever shown, in no format and no error; that it changed is."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generator import go_yaml
from generator.diff.formats import FORMATS
from tests.cli.conftest import ADDRESS, Run
from tests.diff.sides import compared, everything, stream

Data = dict[str, Any]

# In pairs, before and after; of each the shape that its kind has.
LONG = ("cLk1p0mM0ZxYb2nQm6aV", "Qm9vbTpjTGsxcDBtTTB")
SLASH = ("/Lk1p0mM0ZxYb2nQm6aV+x==", "/m9vbTpjTGsxcDBtTTB+y==")
SHORT = ("hntr2", "zqrk9")
NUMBER = (86753091, 86753092)
JWT = ("eyJhbGciOiJ.eyJzdWIiOiJ4.c2lnbmF0dXJlMQ", "eyJhbGciOiJ.eyJzdWIiOiJ5.c2lnbmF0dXJlMg")


def key_of(body: str) -> str:
    """Return a private key."""
    # Put together here, for tools that look for keys.
    return "\n".join([f"-----BEGIN {'PRIVATE'} KEY-----", body, f"-----END {'PRIVATE'} KEY-----", ""])


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


KEYS = ("MIIEvQIBADANBgkqhkiG9w0B", "MIIEvQIBADANBgkqhkiG9w0C")


def secret(field: str, value: str) -> Data:
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}, field: {"some": value}}


def config_map(data: Any, name: str = "some.conf") -> Data:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {name: data}}


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


Make = Callable[[Any], Data]
# Every place a secret may stand in: how an object holds it, and the secrets to try.
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
    "near a key": (lambda value: custom({value: 1, "password": value}), LONG),
}


def without(hidden: str) -> str:
    """Take out of an output what stands for secrets."""
    return re.sub(r"<hidden [0-9a-f]{10}>|&lt;hidden [0-9a-f]{10}&gt;", "", hidden)


def leaks(text: str, *secrets: Any) -> list[str]:
    """Return which secrets stand in a text, in plain or in base64."""
    found = []
    for one in map(str, secrets):
        forms = {one, encoded(one), encoded(one).rstrip("="), encoded(f"me:{one}")}
        found += [form for form in forms if form in without(text)]
    return found


@pytest.mark.parametrize(("make", "values"), PLACES.values(), ids=PLACES)
def test_changed_and_never_shown(make: Make, values: tuple[Any, Any]) -> None:
    before, after = map(make, values)
    found = compared([before], [after])
    text = everything(found)
    assert found.differences
    assert leaks(text, *values) == []
    assert text == everything(compared([before], [after]))
    shown = re.findall(r"hidden ([0-9a-f]{10})", text)
    assert len(set(shown)) >= 2, "that it changed is not seen"


@pytest.mark.parametrize(("make", "values"), PLACES.values(), ids=PLACES)
def test_never_shown_where_all_of_it_is_new(make: Make, values: tuple[Any, Any]) -> None:
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


def test_the_key_of_the_digests_is_the_users(monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_one_secret_has_one_digest_wherever_it_stands() -> None:
    before = [secret("stringData", LONG[0]), custom({"token": LONG[0]})]
    after = [secret("data", encoded(LONG[1])), custom({"token": LONG[1]})]
    text = everything(compared(before, after))
    assert len(set(re.findall(r"hidden ([0-9a-f]{10})", text))) == 2


def test_what_only_names_a_secret_is_shown() -> None:
    before = pod(args=["--token-file=/etc/a", "--tls-private-key-file=/etc/b"])
    after = pod(args=["--token-file=/var/c", "--tls-private-key-file=/etc/d"])
    text = everything(compared([before], [after]))
    assert "/var/c" in text
    assert "/etc/d" in text
    issuer = {**custom({"privateKeySecretRef": {"name": "one"}}), "kind": "Issuer"}
    other = {**custom({"privateKeySecretRef": {"name": "two"}}), "kind": "Issuer"}
    assert "two" in everything(compared([issuer], [other]))


def test_certificates_are_told_by_name_issuer_and_validity() -> None:
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
    # The same in a ConfigMap, and in lines.
    text = everything(compared([config_map(pems[0])], [config_map(f"# roots\n{pems[1]}")]))
    assert "new.example.com" in text
    assert pems[1].splitlines()[1] not in text


# --- through the command -------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
def test_values_of_flags(run: Run, form: str) -> None:
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


def test_a_psk_changed_in_values_is_seen(run: Run) -> None:
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
def test_manifests_that_cannot_be_read(run: Run, text: str) -> None:
    head = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n"
    Path("a.yaml").write_text(head + text.format(LONG[0]), "utf-8")
    Path("b.yaml").write_text(stream([secret("stringData", LONG[1])]), "utf-8")
    ran = run("diff", "a.yaml", "b.yaml")
    assert ran.exit_code == 1
    assert leaks(ran.output, *LONG) == []


def test_what_is_no_object_is_named_without_its_content(run: Run) -> None:
    Path("a.yaml").write_text(
        f"psk: {LONG[0]}\n---\n{LONG[0]}\n---\n- {LONG[0]}\n---\nkind: Secret\n", "utf-8"
    )
    Path("b.yaml").write_text("", "utf-8")
    ran = run("diff", "a.yaml", "b.yaml")
    assert "4 documents left out" in ran.stdout
    assert leaks(ran.output, *LONG) == []
