"""Common changes by operators: the whole report, and the lines that it must contain.

`make golden` rewrites the files; read their diff like the operator who makes the change.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator.cli.main import cli

ROOT = Path(__file__).parents[2]
FOLDER = Path(__file__).parent / "golden"
ADDRESS = "cloudCore: {modules: {cloudHub: {advertiseAddress: [192.0.2.10]}}}\n"
MESH = "agent: {relayNodes: [{nodeName: relay-1, advertiseAddress: [192.0.2.20]}]}\n"


@dataclass(frozen=True)
class Case:
    """Two values files, profiles and impacts: `says` has expected codes and text, `never` forbidden codes."""

    before: str = ""
    after: str = ""
    profiles: tuple[str, str] = ("one-way-verified", "one-way-verified")
    says: tuple[tuple[str, str], ...] = ()
    never: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()


AGENT = "restarts edgemesh-agent: the pod on "
ON_NODES = "restart edgecore)"
CASES = {
    "profile": Case(
        profiles=("plain", "mtls"),
        says=(
            ("tls-strengthened", "the endpoint requires HTTPS and a service-account token"),
            ("tls-strengthened", "EdgeMesh connects to the endpoint over HTTPS"),
            ("tls-strengthened", "EdgeMesh presents a client certificate"),
            ("certificate", "cloudcore approves the certificates of endpoints"),
            ("edgecore-restart", ON_NODES),
            ("restart", AGENT),
            ("restart", "restarts cloudcore: 1 pod"),
            ("rbac-widened", "certificatesigningrequests/approval: update"),
            (
                "needs",
                "edgemesh-agent does not start without Secret kubeedge/metaserver-certs (create it first)",
            ),
        ),
        never=("tls-weakened", "immutable"),
    ),
    "verified": Case(
        profiles=("one-way", "one-way-verified"),
        says=(("tls-strengthened", "EdgeMesh verifies the certificate of the endpoint"), ("restart", AGENT)),
        # With insecureSkipTLSVerify the agent reads no certificate file, not even its own.
        never=("tls-weakened", "certificate", "edgecore-restart"),
    ),
    "kubeedge-1.17": Case(
        "kubeedgeVersion: v1.16.6\n"
        "metaServer: {caFile: /a/ca.crt, certFile: /a/tls.crt, keyFile: /a/tls.key}\n",
        "kubeedgeVersion: v1.17.4\n",
        says=(
            ("certificate", "the certificate of the endpoint now comes from the cluster"),
            ("edgecore-restart", ON_NODES),
            ("restart", "restarts cloudcore: 1 pod"),
            ("rbac-widened", "certificatesigningrequests/approval: update"),
        ),
        never=("tls-weakened",),
    ),
    "image": Case(
        "edgemeshVersion: v1.16.0\n",
        "edgemeshVersion: v1.17.0\n",
        says=(("restart", AGENT),),
        never=("edgecore-restart", "tls-weakened", "tls-strengthened", "exposed", "secret"),
    ),
    "psk": Case(
        "agent: {psk: cLk1p0mM0ZxYb2nQm6aV}\n",
        "agent: {psk: Qm9vbTpjTGsxcDBtTTB2}\n",
        says=(
            ("secret", "pods with the old and the new PSK cannot reach each other"),
            ("restart", AGENT),
        ),
        never=("edgecore-restart",),
    ),
    "node-group": Case(
        "edgeCore: {nodeGroups: {line-a: {}}}\n",
        "edgeCore: {nodeGroups: {line-a: {}, line-b: {modules: {edgeStream: {enable: true}}}}}\n",
        says=(("edgecore-restart", "line-b"),),
        never=("restart", "tls-weakened", "tls-strengthened"),
        absent=("nodes of group line-a",),
    ),
    "bridge-device": Case(
        "",
        "agent: {commonConfig: {bridgeDeviceIP: 169.254.97.16}}\n",
        says=(
            ("dns", "edge pods need another DNS server (set clusterDNS to it in edgecore.yaml"),
            ("dns", "existing edge pods keep the old DNS server"),
            ("edgecore-restart", ON_NODES),
            ("restart", AGENT),
        ),
    ),
    "relay-nodes": Case(
        MESH,
        MESH.replace("]}]}", "]}, {nodeName: relay-2, advertiseAddress: [192.0.2.21]}]}"),
        never=("edgecore-restart", "tls-weakened", "exposed"),
    ),
    "gateway": Case(
        MESH,
        f"{MESH}gateway: {{enable: true, nodeName: relay-1}}\n",
        says=(
            ("scaled", "starts edgemesh-gateway"),
            ("exposed", "the gateway"),
            ("rbac-widened", "edgemesh-gateway"),
        ),
        never=("edgecore-restart",),
    ),
    "advertise-address": Case(
        "",
        "cloudCore: {modules: {cloudHub: {advertiseAddress: [192.0.2.10, 198.51.100.10]}}}\n",
        says=(
            ("certificate", "delete the Secret cloudcoresecret, never casecret,"),
            ("restart", "restarts cloudcore: 1 pod"),
        ),
        never=("immutable", "tls-weakened"),
    ),
    "default-written-out": Case(
        "",
        "cloudCore: {modules: {cloudHub: {writeTimeout: 30}}}\n",
        # The pod has a checksum of the file, so it restarts although the behaviour is the same.
        says=(("restart", "restarts cloudcore: 1 pod"),),
        never=("edgecore-restart", "certificate", "exposed"),
    ),
    "edge-apis": Case(
        "",
        "edgeAPIs: [{group: apps, resources: [deployments]}]\n",
        says=(("rbac-widened", "apps/deployments: get, list, watch"),),
        never=("edgecore-restart", "tls-weakened", "exposed"),
    ),
}


def compared(case: Case, folder: Path) -> str:
    """Run the command on a case."""
    sides = []
    for name, text in (("before", case.before), ("after", case.after)):
        file = folder / f"{name}.yaml"
        file.write_text(text or "{}\n", "utf-8")
        sides.append(f"values:{file.name}")
    options = ["-f", "address.yaml"]
    (folder / "address.yaml").write_text(ADDRESS, "utf-8")
    if case.profiles[0] == case.profiles[1]:
        options += ["--profile", case.profiles[0]]
    else:
        sides = list(case.profiles)
    done = CliRunner().invoke(cli, ["diff", *sides, *options])
    assert done.exit_code == 1, done.output
    return done.stdout


@pytest.mark.parametrize("name", CASES)
def test_the_report_matches_the_golden_file(
    name: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GENERATOR_DIGEST_KEY", raising=False)
    text = compared(CASES[name], tmp_path)
    file = FOLDER / f"{name}.txt"
    if request.config.getoption("--rewrite-golden"):
        file.write_text(text, "utf-8")
    assert file.read_text("utf-8") == text, f"{file.name} differs; `make golden` rewrites it"


@pytest.mark.parametrize("name", CASES)
def test_the_report_contains_the_expected_impacts(name: str) -> None:
    text = (FOLDER / f"{name}.txt").read_text("utf-8")
    case = CASES[name]
    head, _, rest = text.partition("What it means\n")
    lines = rest.partition("\n\n")[0].splitlines()
    for code, part in case.says:
        assert [line for line in lines if line.endswith(f"[{code}]") and part in line], f"{code}: {part}"
    for code in case.never:
        assert not [line for line in lines if line.endswith(f"[{code}]")], code
    assert not [part for part in case.absent if part in rest]
    assert "because" in head or "because" in rest


def test_a_default_written_out_changes_no_behaviour() -> None:
    text = (FOLDER / "default-written-out.txt").read_text("utf-8")
    assert "no change in behaviour: the default, written out" in text


def test_every_golden_file_has_a_case() -> None:
    assert sorted(file.stem for file in FOLDER.glob("*.txt")) == sorted(CASES)
