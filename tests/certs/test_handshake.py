"""Every profile in every TLS mode at every stage of a rotation: real handshakes, no call fails.

The agent uses the files of its Secret; the node reads its files like edgecore. During the rollout of a
stage only some nodes and agents have the new files, so both stages must work together.
"""

from __future__ import annotations

import base64
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme

from generator import go_yaml
from generator.certs.plan import CLUSTER, CertPlan
from generator.certs.rotate import rotate
from generator.certs.signers import IssueOptions, issue
from generator.io.write import write_files
from tests.certs.endpoint import TOKEN, Answer, call, client_context, server_context, serving
from tests.certs.pki import NOW
from tests.certs.sites import CLUSTER_RELEASES, FILES_RELEASES, RELEASES, TLS_PROFILES, planned

STAGES = ("issued", "trust", "leaves", "drop")
# Node and agent at the same stage, or one of them a stage ahead.
MIXED = [(node, agent) for node in range(4) for agent in range(4) if abs(node - agent) <= 1]
WISH = IssueOptions(NOW)


@dataclass(frozen=True)
class Ends:
    """The files that node and agent have on disk at one stage."""

    node: Path
    agent: Path
    first_only: bool


def minor(kubeedge: str) -> int:
    """Return the minor release as a number."""
    return int(kubeedge.split(".")[1])


def unpack(found: CertPlan, folder: Path, to: Path) -> None:
    """Write the files of the agent's Secret like its volume mount."""
    to.mkdir(exist_ok=True)
    names = [client.secret for client in found.clients if client.secret]
    for name in names[:1]:
        secret = go_yaml.load((folder / "secrets" / f"{name}.yaml").read_text("utf-8"))
        for key, value in secret["data"].items():
            (to / key).write_bytes(base64.b64decode(value))


def apply_stage(found: CertPlan, folder: Path, stage: str, new: tuple[str | None, str | None]) -> None:
    """Run a stage like the command does."""
    step = rotate(found, folder, stage, WISH, new)
    write_files(folder, step.files, remove=step.remove, keep=step.keep)


def from_files(found: CertPlan, tmp_path: Path) -> list[Ends]:
    """Run a rotation up to 1.16, and return the files of each stage."""
    folder, ends = tmp_path / "certs", []
    write_files(folder, issue(found, folder, WISH).files)
    for stage in STAGES:
        if stage != "issued":
            apply_stage(found, folder, stage, (None, None))
        node = tmp_path / f"node-{stage}"
        shutil.copytree(folder, node)
        unpack(found, folder, tmp_path / f"agent-{stage}")
        ends.append(Ends(node, tmp_path / f"agent-{stage}", first_only=True))
    return ends


def from_cluster(found: CertPlan, tmp_path: Path) -> list[Ends]:
    """Rotate the cluster's CA from 1.17 on."""
    old, new = trustme.CA(), trustme.CA()
    for name, one in (("old", old), ("new", new)):
        one.cert_pem.write_to_path(str(tmp_path / f"{name}.crt"))
        one.private_key_pem.write_to_path(str(tmp_path / f"{name}.key"))
    folder, ends = tmp_path / "certs", []
    cert, key = str(tmp_path / "old.crt"), str(tmp_path / "old.key")
    wish = IssueOptions(NOW, signer="cluster-ca", ca_cert=cert, ca_key=key)
    write_files(folder, issue(found, folder, wish).files)
    trusted = {"issued": [old], "trust": [old, new], "leaves": [old, new], "drop": [new]}
    for stage in STAGES:
        if stage != "issued" and found.bundle:
            apply_stage(found, folder, stage, (str(tmp_path / "new.crt"), str(tmp_path / "new.key")))
        # edgecore gets this bundle from the cluster; the service account of the agent has the same one.
        node = tmp_path / f"node-{stage}"
        node.mkdir()
        bundle = b"".join(one.cert_pem.bytes() for one in trusted[stage])
        (node / "rootCA.crt").write_bytes(bundle)
        served = (old if stage in STAGES[:2] else new).issue_cert("127.0.0.1", "169.254.30.10")
        served.cert_chain_pems[0].write_to_path(str(node / "server.crt"))
        served.private_key_pem.write_to_path(str(node / "server.key"))
        agent = tmp_path / f"agent-{stage}"
        agent.mkdir()
        (agent / "rootCA.crt").write_bytes(bundle)
        unpack(found, folder, agent)
        ends.append(Ends(node, agent, first_only=False))
    return ends


def knock(found: CertPlan, node: Ends, agent: Ends, kubeedge: str, token: str | None = TOKEN) -> Answer:
    """Call a node at one stage as an agent at another stage."""
    files = (node.node / "server.crt", node.node / "server.key", node.node / "rootCA.crt")
    context = server_context(*files, first_only=node.first_only)
    client = found.clients[0]
    pair = (agent.agent / "server.crt", agent.agent / "server.key") if client.shows else ()
    with serving(context, minor(kubeedge)) as endpoint:
        trusted = agent.agent / "rootCA.crt" if client.verifies else None
        return call(endpoint, client_context(trusted, *pair), token)


@pytest.mark.parametrize("kubeedge", RELEASES)
@pytest.mark.parametrize("profile", TLS_PROFILES)
def test_no_call_fails_during_a_rotation(profile: str, kubeedge: str, tmp_path: Path) -> None:
    found = planned(profile, kubeedge)
    stages: Callable[[CertPlan, Path], list[Ends]] = from_cluster if found.tls_mode == CLUSTER else from_files
    ends = stages(found, tmp_path)
    answers = {
        (STAGES[node], STAGES[agent]): knock(found, ends[node], ends[agent], kubeedge)
        for node, agent in MIXED
    }
    assert answers == dict.fromkeys(answers, Answer(status=200))
    if found.clients[0].verifies:
        # Without the intermediate stages the handshake fails.
        assert knock(found, ends[0], ends[3], kubeedge).status == 0
        assert knock(found, ends[3], ends[0], kubeedge).status == 0


@pytest.mark.parametrize("kubeedge", RELEASES)
@pytest.mark.parametrize("profile", TLS_PROFILES)
def test_a_missing_or_bad_token_is_rejected(profile: str, kubeedge: str, tmp_path: Path) -> None:
    found = planned(profile, kubeedge)
    ends = (from_cluster if found.tls_mode == CLUSTER else from_files)(found, tmp_path)[0]
    none = {"1.13": 500, "1.16": 401, "1.22": 401, "1.23": 403}[kubeedge]
    bad = {"1.13": 500, "1.16": 401, "1.22": 401, "1.23": 401}[kubeedge]
    assert knock(found, ends, ends, kubeedge, None).status == none
    assert knock(found, ends, ends, kubeedge, "a-bad-token").status == bad


@pytest.mark.parametrize("kubeedge", ["1.11", *RELEASES])
def test_plain_uses_http_without_certificates(kubeedge: str) -> None:
    found = planned("plain", kubeedge)
    assert (found.pairs, found.secrets, found.bundle) == ((), (), False)
    with serving(None, minor(kubeedge)) as endpoint:
        assert call(endpoint, None, None).status == 200
        # https to an http port
        assert call(endpoint, client_context(None), TOKEN).status == 0


@pytest.mark.parametrize("kubeedge", CLUSTER_RELEASES)
def test_from_1_17_on_an_own_pki_is_rejected(kubeedge: str, tmp_path: Path) -> None:
    for name in ("own", "cluster"):
        (tmp_path / name).mkdir()
    theirs = from_files(planned("mtls", FILES_RELEASES[1]), tmp_path / "own")[0]
    cluster = planned("mtls", kubeedge)
    node = from_cluster(cluster, tmp_path / "cluster")[0]
    assert knock(cluster, node, theirs, kubeedge).client_rejects.startswith("x509: certificate signed by")
