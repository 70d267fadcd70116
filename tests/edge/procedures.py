"""What the docs have the operator do: switch profiles, upgrade KubeEdge, replace the cluster's CA."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.certs import pki
from tests.edge import machine, outcomes
from tests.edge.joined import Joined


@dataclass(frozen=True)
class Switch:
    """What `generator install` said, whether it stopped for the nodes, and when the nodes' turn came."""

    said: str
    stopped: bool
    cloud: datetime


def switch(joined: Joined, profile: str) -> Switch:
    """Switch to another profile as docs/install.md says."""
    switched = _install_in_steps(joined, profile, joined.world.release)
    joined.profile = profile
    return switched


def upgrade(joined: Joined, release: str) -> Switch:
    """Upgrade KubeEdge as docs/install.md says, edgecore by its program."""
    joined.world.edge.replace_program(release)
    upgraded = _install_in_steps(joined, joined.profile, release)
    joined.world.release = release
    return upgraded


def _install_in_steps(joined: Joined, profile: str, release: str) -> Switch:
    """Do what `generator install` does and says."""
    connected = joined.world.connections()
    said = joined.world.install(profile, release=release)
    cloud = outcomes.now()
    stopped = "--nodes-done" in said
    if "[step-restart-edgecore]" in said:
        joined.write_node_file(joined.world.render(profile, release) / "edgecore.yaml")
        joined.world.wait_until_ready()
        connected = joined.world.connections()
    _run_commands(joined, said, "[step-restart-edge-pods]")
    last = said
    if stopped:
        last = joined.world.install(profile, "--nodes-done", release=release)
    if "restarts cloudcore: " in last and "[step-restart-edgecore]" not in last:
        joined.world.wait_until_connected(connected)
    return Switch(said if last is said else said + last, stopped, cloud)


def _run_commands(joined: Joined, said: str, code: str) -> None:
    """Run the kubectl commands that follow a step."""
    _, _, after = said.partition(code)
    for line in after.splitlines()[1:]:
        if not line.startswith("    kubectl "):
            return
        joined.world.kubectl(*shlex.split(line)[1:])


def rotate(joined: Joined, stage: str) -> tuple[str, datetime]:
    """Do one stage of replacing the cluster's CA: in the cluster, then with `generator certs rotate`.

    Returns what the command says, and when edgecore was restarted.
    """
    plane = joined.world.plane.folder
    new, bundle = plane / "new-ca.crt", plane / "bundle.crt"
    key = plane / "new-ca.key"
    more: tuple[str, ...] = ()
    if stage == "trust":
        made = pki.make("new cluster CA", ca=True, end=3650 * pki.DAY)
        new.write_text(made.cert_text, "utf-8")
        key.write_text(made.key_text, "utf-8")
        bundle.write_text((plane / "ca.crt").read_text("utf-8") + made.cert_text, "utf-8")
        joined.world.plane.restart(trust=bundle)
        more = ("--new-ca-cert", str(new))
    elif stage == "leaves":
        joined.world.plane.restart(trust=bundle, signer=(new, key))
        more = ("--new-ca-key", str(key))
    said = joined.world.certs_command("rotate", stage, joined.profile, *more)
    joined.world.apply_secrets()
    return said, _roll_out_certificates(joined, stage)


def _roll_out_certificates(joined: Joined, stage: str) -> datetime:
    """Restart what reads the certificates of a stage; return when edgecore was restarted."""
    before = joined.world.connections()
    joined.world.kubectl("rollout", "restart", "deployment/cloudcore")
    joined.world.wait_until_connected(before)
    if stage == "leaves":
        joined.world.kubectl("delete", "csr", f"metaserver-csr-{machine.EDGE_NODE}")
        for file in Path("/etc/kubeedge/pki/metaserver").glob("metaserver-*.pem"):
            file.unlink()
    restarted = outcomes.now()
    joined.restart_edgecore()
    joined.world.kubectl("rollout", "restart", "daemonset/edgemesh-agent")
    joined.world.kubectl("rollout", "status", "daemonset/edgemesh-agent", "--timeout", "90s")
    return restarted
