"""Rejected input with its exact messages, for every rule; and input that causes each warning."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from generator import tables
from generator.catalogue.message import say
from generator.cli.main import cli
from generator.errors import InvalidInput, Problem
from generator.load import load_site
from generator.model import rules, rules_again
from generator.model.rules import RuleMatch
from tests.bad_input import ROWS, TABLE, Bad

RULES = tables.load("rules.yaml")
ERRORS = [*RULES["errors"], *RULES["distinct"]]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, so that files have short names."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def fired(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the codes of the rules that match."""
    found: list[str] = []
    evaluate = rules_again.evaluate

    def spied(*arguments: Any) -> list[RuleMatch]:
        matches = evaluate(*arguments)
        found.extend(match.rule for match in matches)
        return matches

    monkeypatch.setattr(rules_again, "evaluate", spied)
    return found


# --- the table -----------------------------------------------------------------------------


def problems_of(bad: Bad, folder: Path) -> list[str]:
    """Return the printed problems of an input."""
    with pytest.raises(InvalidInput) as caught:
        load_site(**bad.load(folder))
    return [str(problem) for problem in caught.value.problems]


@pytest.fixture(autouse=True, scope="module")
def _rewrite(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Write the problems of each input into the table, with `pytest --rewrite-golden`."""
    if not request.config.getoption("--rewrite-golden"):
        return
    said = []
    for bad in ROWS:
        folder = tmp_path_factory.mktemp("bad")
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(folder)
            said.append("".join(f"    {line}\n" for line in problems_of(bad, folder)))
    lines = iter(said)
    text = TABLE.read_text("utf-8")
    block = re.compile(r"(?<=^  says: \|\n)(?:    .*\n)+", re.MULTILINE)
    assert len(block.findall(text)) == len(ROWS)
    TABLE.write_text(block.sub(lambda _: next(lines), text), "utf-8")


@pytest.mark.parametrize("bad", ROWS, ids=lambda bad: bad.id)
def test_bad_input_is_rejected(bad: Bad, folder: Path, fired: list[str]) -> None:
    assert problems_of(bad, folder) == bad.says.splitlines()
    if bad.rule:
        assert bad.rule in fired


def test_every_rule_is_in_the_table() -> None:
    assert {row.rule for row in ROWS if row.rule} == {rule["id"] for rule in ERRORS}


def test_the_table_lists_the_charts_that_check_a_rule() -> None:
    alone = {rule["id"] for rule in ERRORS if "charts" in rule}
    wrong = [row.id for row in ROWS if row.rule and bool(row.charts) != (row.rule in alone)]
    assert wrong == []


# --- warnings ------------------------------------------------------------------------------

AUTHORIZED = (
    "edgeCore.featureGates.requireAuthorization=true,cloudCore.featureGates.requireAuthorization=true,"
    "agent.kubeAPIConfig.metaServer.security.requireAuthorization=true,agent.metaServerSecret=metaserver-certs"
)
SECURITY = "agent.kubeAPIConfig.metaServer.security"
ENDPOINT = "edgeCore.modules.metaManager.metaServer"
CONTROLLER = "cloudCore.modules.dynamicController.enable"
SERVER, CLIENT = (f"metaServer.{end}Certificate.certManager" for end in ("server", "client"))
EDGE_HUB = "edgeCore.modules.edgeHub"
RELAYS = "agent.relayNodes"
ADVERTISED = "cloudCore.modules.cloudHub.advertiseAddress[0]=192.0.2.10"
# Each rule with flags that make it warn, and the place and key of the warning.
WARNINGS = {
    "plain-exposes": (["profile=plain"], "--set: profile"),
    "open-endpoint": ([f"{ENDPOINT}.enable=true,{CONTROLLER}=true"], f"--set: {ENDPOINT}.enable"),
    "endpoint-without-controller": ([f"{ENDPOINT}.enable=true"], f"defaults: {CONTROLLER}"),
    "controller-without-endpoint": ([f"{CONTROLLER}=true"], f"defaults: {ENDPOINT}.enable"),
    "agent-without-endpoint": ([], f"defaults: {ENDPOINT}.enable"),
    "listens-everywhere": (["metaServer.address=0.0.0.0"], "--set: metaServer.address"),
    "hub-certificate-served": (
        [f"kubeedgeVersion=1.16,{ENDPOINT}.enable=true,{AUTHORIZED}"],
        f"defaults: {ENDPOINT}.tlsCertFile",
    ),
    "content-type": (
        ["agent.kubeAPIConfig.contentType=application/vnd.kubernetes.protobu"],
        "--set: agent.kubeAPIConfig.contentType",
    ),
    "endpoint-passed-over": (
        ["agent.kubeAPIConfig.kubeConfig=/root/.kube/config"],
        "--set: agent.kubeAPIConfig.kubeConfig",
    ),
    "kubeconfig-authority": (
        [f"cloudCore.kubeAPIConfig.kubeConfig=/root/.kube/config,{AUTHORIZED}"],
        "--set: cloudCore.kubeAPIConfig.kubeConfig",
    ),
    "stream-without-edge": (
        ["cloudCore.streamCertificate.existingSecret=stream"],
        "defaults: edgeCore.modules.edgeStream.enable",
    ),
    "stream-without-cloud": (
        ["edgeCore.modules.edgeStream.enable=true"],
        "--set: edgeCore.modules.edgeStream.enable",
    ),
    "stream-to-closed-cloud": (
        [
            "edgeCore.modules.edgeStream.enable=true,cloudCore.streamCertificate.existingSecret=stream",
            "cloudCore.modules.cloudStream.enable=false",
        ],
        "--set: edgeCore.modules.edgeStream.enable",
    ),
    "stream-without-rules": (
        ["iptablesManager.enable=false,cloudCore.streamCertificate.existingSecret=stream"],
        "--set: iptablesManager.enable",
    ),
    "streams-rules-on-one-node": (
        [
            "streams.enable=true,cloudCore.streamCertificate.existingSecret=stream,iptablesManager.mode=internal"
        ],
        "--set: iptablesManager.mode",
    ),
    "node-jobs-without-edge": (
        ["cloudCore.modules.taskManager.enable=true,controllerManager.enable=true"],
        "defaults: edgeCore.modules.taskManager.enable",
    ),
    "server-unverified": (["profile=one-way"], f"profile one-way: {SECURITY}.insecureSkipTLSVerify"),
    "offline-restart": ([AUTHORIZED], "--set: edgeCore.featureGates.requireAuthorization"),
    "edge-dns-off": (["agent.modules.edgeDNS.enable=false"], "--set: agent.modules.edgeDNS.enable"),
    "no-advertise-address": ([], "defaults: cloudCore.modules.cloudHub.advertiseAddress"),
    "advertise-address-loopback": (
        ["cloudCore.modules.cloudHub.advertiseAddress[0]=127.0.0.1"],
        "--set: cloudCore.modules.cloudHub.advertiseAddress[0]",
    ),
    "node-port-range": (
        ["cloudCore.hostNetWork=false,cloudCore.service.tunnelNodePort=10004"],
        "--set: cloudCore.service.tunnelNodePort",
    ),
    "balancer-of-two-protocols": (
        ["cloudCore.service.type=LoadBalancer,cloudCore.modules.cloudHub.quic.enable=true"],
        "--set: cloudCore.service.type",
    ),
    "cloud-hub-off": (
        ["cloudCore.modules.cloudHub.enable=false"],
        "--set: cloudCore.modules.cloudHub.enable",
    ),
    "certificate-server-off": (
        ["cloudCore.modules.cloudHub.https.enable=false"],
        "--set: cloudCore.modules.cloudHub.https.enable",
    ),
    "edge-controller-off": (
        ["cloudCore.modules.edgeController.enable=false"],
        "--set: cloudCore.modules.edgeController.enable",
    ),
    "iptables-in-pod-network": (["iptablesManager.hostNetWork=false"], "--set: iptablesManager.hostNetWork"),
    "iptables-in-cloudcores-network": (
        ["iptablesManager.mode=internal,cloudCore.hostNetWork=false"],
        "--set: iptablesManager.mode",
    ),
    "edge-hub-off": (["edgeCore.modules.edgeHub.enable=false"], "--set: edgeCore.modules.edgeHub.enable"),
    "meta-manager-off": (
        ["edgeCore.modules.metaManager.enable=false"],
        "--set: edgeCore.modules.metaManager.enable",
    ),
    "stream-host": (
        [f"{EDGE_HUB}.websocket.server=192.0.2.10:10000,edgeCore.modules.edgeStream.enable=true"],
        "defaults: edgeCore.modules.edgeStream.server",
    ),
    "stream-host-quic": (
        [
            f"{EDGE_HUB}.quic.server=192.0.2.10:10001,{EDGE_HUB}.quic.enable=true,{ADVERTISED}",
            f"{EDGE_HUB}.websocket.enable=false,cloudCore.modules.cloudHub.quic.enable=true",
            "edgeCore.modules.edgeStream.enable=true,edgeCore.modules.edgeStream.server=192.0.2.11:10004",
        ],
        "--set: edgeCore.modules.edgeStream.server",
    ),
    "keepalive-interval": (
        ["cloudCore.modules.cloudHub.keepaliveInterval=15"],
        "--set: cloudCore.modules.cloudHub.keepaliveInterval",
    ),
    "docker-runtime-name": (
        ["kubeedgeVersion=1.16,edgeCore.modules.edged.containerRuntime=docker"],
        "--set: edgeCore.modules.edged.containerRuntime",
    ),
    "dockershim-socket": (
        [
            (
                "edgeCore.modules.edged.tailoredKubeletConfig.containerRuntimeEndpoint=unix:///var/run/dockershim.soc"
                "k"
            )
        ],
        "--set: edgeCore.modules.edged.tailoredKubeletConfig.containerRuntimeEndpoint",
    ),
    "relay-loopback": (
        ["agent.relayNodes[0].nodeName=a,agent.relayNodes[0].advertiseAddress[0]=127.0.0.1"],
        "--set: agent.relayNodes[0].advertiseAddress[0]",
    ),
    "relay-twice": (
        [f"{RELAYS}[{n}].nodeName=a,{RELAYS}[{n}].advertiseAddress[0]=192.0.2.{n}" for n in (0, 1)],
        f"--set: {RELAYS}[0].nodeName",
    ),
    "no-cloud-address": ([], "defaults: edgeCore.modules.edgeHub.websocket.server"),
    "security-without-authorization": ([f"{SECURITY}.insecureSkipTLSVerify=true"], f"--set: {SECURITY}"),
    "public-psk": (["agent.psk=JugH9HP1XBouyO5pWGeZa8LtipDURrf17EJvUHcJGuQ="], "--set: agent.psk"),
    "psk-differs": (["agent.psk=hunter2,gateway.psk=hunter3,gateway.enable=true"], "--set: gateway.psk"),
    "secret-without-authorization": (["agent.metaServerSecret=certs"], "--set: agent.metaServerSecret"),
    "https-without-authorization": (
        ["agent.kubeAPIConfig.metaServer.server=https://127.0.0.1:10550"],
        "--set: agent.kubeAPIConfig.metaServer.server",
    ),
    "ignored-tls-files": (
        ["edgeCore.modules.metaManager.metaServer.tlsCertFile=/x.crt"],
        "--set: edgeCore.modules.metaManager.metaServer.tlsCertFile",
    ),
    "server-certificate-ignored": (
        [f"{SERVER}.enable=true,{SERVER}.issuerRef.name=ca"],
        "--set: metaServer.serverCertificate.certManager.enable",
    ),
    "client-issuer-of-the-cluster": (
        [f"{CLIENT}.enable=true,{CLIENT}.issuerRef.name=ca"],
        "--set: metaServer.clientCertificate.certManager.enable",
    ),
    "rate-overwritten": (["cloudCore.kubeAPIConfig.qps=1"], "--set: cloudCore.kubeAPIConfig.qps"),
    "node-port-in-front": (["cloudCore.hostNetWork=false"], "defaults: cloudCore.service.type"),
    "balancer-not-advertised": (
        ["cloudCore.loadBalancerAddress=192.0.2.1"],
        "--set: cloudCore.loadBalancerAddress",
    ),
    "controller-manager-replicas": (
        ["controllerManager.enable=true,controllerManager.replicaCount=2"],
        "--set: controllerManager.replicaCount",
    ),
    "admission-old-api": (
        ["kubeedgeVersion=1.11,admission.enable=true,admission.certsSecretName=certs"],
        "--set: admission.enable",
    ),
    "broker-open": (["mosquitto.address=0.0.0.0"], "--set: mosquitto.address"),
    "image-tag": (["appVersion=1.2.3"], "--set: appVersion"),
    "job-remote-execution": (
        ["kubeedgeVersion=v1.22.2,edgeCore.modules.taskManager.enable=true"],
        "--set: edgeCore.modules.taskManager.enable",
    ),
}


@pytest.mark.parametrize(("rule", "flags", "place"), [(rule, *row) for rule, row in WARNINGS.items()])
def test_each_rule_warns(rule: str, flags: list[str], place: str, fired: list[str]) -> None:
    warnings = load_site(set=flags).warnings
    assert place in [f"{warning.where}: {warning.key}" for warning in warnings if warning.code == rule]
    assert rule in fired
    assert all("hunter" not in str(warning) for warning in warnings)


def test_every_warning_has_an_input() -> None:
    assert set(WARNINGS) == {rule["id"] for rule in RULES["warnings"]}


def test_a_good_site_has_no_warnings() -> None:
    flags = [ADVERTISED, "kubeedgeVersion=v1.16.6"]
    assert load_site(profile="one-way-verified", set=flags).warnings == ()
    flags += ["cloudCore.streamCertificate.certManager.enable=true"]
    flags += ["cloudCore.streamCertificate.certManager.issuerRef.name=ca"]
    flags += ["edgeCore.modules.edgeStream.enable=true"]
    assert load_site(profile="one-way-verified", set=flags).warnings == ()


def test_a_key_that_a_profile_derives_from_another_is_not_reported_twice() -> None:
    # From 1.17 on there is a second address; a wrong one is an error.
    flags = [ADVERTISED, "metaServer.address=0.0.0.0", "kubeedgeVersion=v1.16.6"]
    keys = [w.key for w in load_site(profile="mtls", set=flags).warnings if w.code == "listens-everywhere"]
    assert keys == ["metaServer.address"]


@pytest.mark.parametrize(
    ("kubeedge", "warned"),
    [("1.21", True), ("v1.22.9", True), ("v1.23.0", True), ("1.23", False), ("v1.23.1", False)],
)
def test_node_jobs_are_reported_before_1_23_1(kubeedge: str, warned: bool) -> None:
    site = load_site(
        set=["edgeCore.modules.taskManager.enable=true"], set_string=[f"kubeedgeVersion={kubeedge}"]
    )
    assert any(warning.code == "job-remote-execution" for warning in site.warnings) is warned


@pytest.mark.parametrize(
    "row",
    [rule for rule in rules._table()["errors"] if rule["id"] == "agent-sets-itself"],
    ids=lambda row: row["if"][0]["key"],
)
def test_a_rule_for_several_keys_rejects_each_of_them(row: dict[str, Any]) -> None:
    key = row["if"][0]["key"]
    with pytest.raises(InvalidInput, match="agent-sets-itself"):
        load_site(set_json=[f'{key}="x"'])


# --- files ---------------------------------------------------------------------------------


def write_files(folder: Path) -> None:
    """Write one file of each bad kind."""
    texts: dict[str, bytes] = {
        "latin.yaml": "a: é".encode("latin-1"),
        "binary.yaml": bytes(range(256)),
        "nul.yaml": b"a: \x00",
        "empty.yaml": b"",
        "comments.yaml": b"# nothing\n",
        "null.yaml": b"~\n",
        "list.yaml": b"- profile: mtls\n",
        "text.yaml": b"profile\n",
        "syntax.yaml": b"agent:\n  psk: [\nprofile: mtls\n",
        "indent.yaml": b"agent:\n  enable: true\n   psk: x\n",
        "twice.yaml": b"profile: mtls\nagent: {}\nprofile: plain\n",
        "several.yaml": b"profile: mtls\n---\nprofile: plain\n",
        "self.yaml": b"agent: &a\n  modules: *a\n",
        "deep.yaml": b"agent: " + b"{a: " * 50_000,
        "wide.yaml": b"a0: &a0 [x,x,x,x,x,x,x,x,x]\n"
        + b"".join(b"a%d: &a%d [%s]\n" % (n + 1, n + 1, b",".join([b"*a%d" % n] * 9)) for n in range(9)),
        "key.yaml": b"agent:\n  on: 1\n",
        "fine.yaml": b"profile: mtls\n",
    }
    for name, data in texts.items():
        (folder / name).write_bytes(data)
    (folder / "folder.yaml").mkdir()
    (folder / "loop.yaml").symlink_to("loop.yaml")
    (folder / "dangling.yaml").symlink_to("gone.yaml")


FILES = {
    "missing.yaml": "missing.yaml: does not exist [file-missing]",
    "dangling.yaml": "dangling.yaml: does not exist [file-missing]",
    "folder.yaml": "folder.yaml: is a folder, not a file [not-a-file]",
    "loop.yaml": "loop.yaml: cannot be read: Too many levels of symbolic links [file-unreadable]",
    "fine.yaml/x.yaml": "fine.yaml/x.yaml: cannot be read: Not a directory [file-unreadable]",
    "x" * 300: f"{'x' * 300}: cannot be read: File name too long [file-unreadable]",
    "/proc/self/mem": "/proc/self/mem: cannot be read: Input/output error [file-unreadable]",
    "latin.yaml": "latin.yaml:1: is not UTF-8 (save it as UTF-8) [not-utf8]",
    "binary.yaml": "binary.yaml:2: is not UTF-8 (save it as UTF-8) [not-utf8]",
    "nul.yaml": (
        "nul.yaml: not YAML: unacceptable character #x0000: control characters are not allowed [not-yaml]"
    ),
    "empty.yaml": "empty.yaml: is empty (write at least one key, or leave the file out) [empty-file]",
    "comments.yaml": "comments.yaml: is empty (write at least one key, or leave the file out) [empty-file]",
    "null.yaml": "null.yaml: is empty (write at least one key, or leave the file out) [empty-file]",
    "list.yaml": "list.yaml:1: must be a map of keys at the top level (got a list) [values-not-a-map]",
    "text.yaml": (
        "text.yaml:1: must be a map of keys at the top level (got a single value) [values-not-a-map]"
    ),
    "syntax.yaml": "syntax.yaml:4: not YAML: did not find expected ',' or ']', "
    "while parsing a flow sequence that begins on line 2 [not-yaml]",
    "indent.yaml": "indent.yaml:3: not YAML: mapping values are not allowed in this context [not-yaml]",
    "twice.yaml": "twice.yaml:3: profile is given twice (remove one) [duplicate-key]",
    "several.yaml": (
        "several.yaml: has several YAML documents (write one document per values file) [several-documents]"
    ),
    "self.yaml": "self.yaml:1: an alias contains itself [alias-loop]",
    "deep.yaml": "deep.yaml: nested too deeply [too-deep]",
    "wide.yaml": (
        "wide.yaml: its aliases expand to more than 200000 values (write the values out) [too-many-aliases]"
    ),
    "key.yaml": "key.yaml:2: YAML does not read the key on as text (put it in quotes) [key-needs-quotes]",
    "": "-f: names no file (give a file name, or - for standard input) [file-not-named]",
}


@pytest.mark.parametrize(("name", "message"), FILES.items(), ids=[name[:20] or "(empty)" for name in FILES])
def test_unreadable_files_are_rejected(name: str, message: str, folder: Path) -> None:
    write_files(folder)
    with pytest.raises(InvalidInput) as caught:
        load_site([name])
    assert str(caught.value) == f"{message}\n1 problem found."


def test_every_unreadable_file_is_reported(folder: Path) -> None:
    write_files(folder)
    with pytest.raises(InvalidInput) as caught:
        load_site(["missing.yaml", "fine.yaml", "twice.yaml"], set=["a"], set_file=["agent.psk=gone"])
    assert str(caught.value).splitlines() == [
        "missing.yaml: does not exist [file-missing]",
        "twice.yaml:3: profile is given twice (remove one) [duplicate-key]",
        "--set: a: has no value (write KEY=VALUE) [set-no-value]",
        (
            "--set-file: agent.psk: the file does not exist"
            " (KEY=FILE takes the name of a file, not its content) [file-missing]"
        ),
        "4 problems found.",
    ]


def test_a_nul_in_a_file_name_is_reported() -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        load_site(["a\0b"])


# --- names and output folders --------------------------------------------------------------

CLOUDCORE_ELSEWHERE = (
    "--namespace: mesh: cloudcore runs in the namespace kubeedge only "
    "(render cloudcore alone, with --namespace kubeedge) [cloudcore-namespace]"
)
RELEASE_NAME = "must be a release name: at most 53 lower case letters, digits and - [helm-release-name]"
NAMES: dict[str, tuple[list[str], str]] = {
    "namespace": (["--namespace", "mesh"], CLOUDCORE_ELSEWHERE),
    "capitals": (
        ["--chart", "edgemesh", "--namespace", "Mesh"],
        (
            "--namespace: Mesh: must be a namespace: at most 63 lower"
            " case letters, digits and - [namespace-name]"
        ),
    ),
    "long": (
        ["--chart", "edgemesh", "--namespace", "a" * 64],
        (
            f"--namespace: {'a' * 64}: must be a namespace: at most 63 lower"
            f" case letters, digits and - [namespace-name]"
        ),
    ),
    "dash": (
        ["--chart", "edgemesh", "--namespace=-a"],
        "--namespace: -a: must be a namespace: at most 63 lower case letters, digits and - [namespace-name]",
    ),
    "empty namespace": (
        ["--chart", "edgemesh", "--namespace", ""],
        "--namespace: must be a namespace: at most 63 lower case letters, digits and - [namespace-name]",
    ),
    "release": (
        ["--chart", "edgemesh", "--release", "My_Mesh"],
        f"release of edgemesh: My_Mesh: {RELEASE_NAME}",
    ),
    "long release": (
        ["--chart", "edgemesh", "--release", "a" * 54],
        f"release of edgemesh: {'a' * 54}: {RELEASE_NAME}",
    ),
    "empty release": (["--chart", "edgemesh", "--release", ""], f"release of edgemesh: {RELEASE_NAME}"),
    "path as release": (
        ["--chart", "edgemesh", "--release", "../x"],
        f"release of edgemesh: ../x: {RELEASE_NAME}",
    ),
}


@pytest.mark.parametrize(("arguments", "message"), NAMES.values(), ids=NAMES)
def test_invalid_names_are_rejected(arguments: list[str], message: str) -> None:
    ran = CliRunner().invoke(cli, ["render", *arguments])
    problems = [line for line in ran.stderr.splitlines() if not line.startswith("warning: ")]
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert problems == [message, "1 problem found."]


def test_a_problem_is_printed_on_one_line_without_control_characters() -> None:
    found = Problem("site.yaml:1", "agent\n\x1b[31mröd", say("unknown-key", near="a\u2028b\r\t☃"))
    shown = r"site.yaml:1: agent\n\x1b[31mröd: unknown key (did you mean a\u2028b\r\t☃?) [unknown-key]"
    assert str(found) == shown
