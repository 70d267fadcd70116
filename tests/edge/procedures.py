"""What the docs have the operator do: switch profiles, upgrade KubeEdge, replace the cluster's CA."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.certs import pki
from tests.edge import machine, outcomes
from tests.edge.joined import Joined
from tests.edge.waiting import SECONDS, until
from tests.edge.world import NAMESPACE


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
    runs = [said]
    if stopped:
        runs.append(joined.world.install(profile, "--nodes-done", release=release))
    if "restarts cloudcore: " in runs[-1] and "[step-restart-edgecore]" not in runs[-1]:
        joined.world.wait_until_connected(connected)
    return Switch("".join(runs), stopped, cloud)


def _run_commands(joined: Joined, said: str, code: str) -> None:
    """Run the kubectl commands that follow a step."""
    _, _, after = said.partition(code)
    for line in after.splitlines()[1:]:
        if not line.startswith("    kubectl "):
            return
        joined.world.kubectl(*shlex.split(line)[1:])


def rotate(joined: Joined, stage: str) -> tuple[str, datetime]:
    """Do one stage of replacing the cluster's CA: in the cluster, then with `generator certs rotate`.

    Returns what the command says, and when edgecore was restarted, or the end if it was not.
    """
    world, plane = joined.world, joined.world.plane.folder
    new, key, bundle = plane / "new-ca.crt", plane / "new-ca.key", plane / f"bundle-{stage}.crt"
    old = (plane / "ca.crt").read_text("utf-8")
    more: tuple[str, ...] = ()
    if stage == "trust":
        made = pki.make("new cluster CA", ca=True, end=3650 * pki.DAY)
        new.write_text(made.cert_text, "utf-8")
        key.write_text(made.key_text, "utf-8")
        bundle.write_text(old + made.cert_text, "utf-8")
        world.plane.restart(trust=bundle)
        more = ("--new-ca-cert", str(new))
    elif stage == "leaves":
        # edgecore accepts client certificates of the first CA only.
        bundle.write_text(new.read_text("utf-8") + old, "utf-8")
        world.plane.restart(trust=bundle, signer=(new, key))
        more = ("--new-ca-key", str(key))
    if bundle.exists():
        until(lambda: _published(joined) == bundle.read_text("utf-8"), "the cluster publishes its CAs")
    said = world.certs_command("rotate", stage, joined.profile, *more)
    world.apply_secrets()
    nodes = outcomes.now()
    if stage == "leaves":
        before = world.connections()
        world.kubectl("rollout", "restart", "deployment/cloudcore")
        world.wait_until_connected(before)
        world.kubectl("delete", "csr", f"metaserver-csr-{machine.EDGE_NODE}")
        for file in Path("/etc/kubeedge/pki/metaserver").glob("metaserver-*.pem"):
            file.unlink()
        nodes = outcomes.now()
        joined.restart_edgecore()
    world.kubectl("rollout", "restart", "daemonset/edgemesh-agent")
    world.kubectl("rollout", "status", "daemonset/edgemesh-agent", "--timeout", f"{SECONDS:.0f}s")
    return said, nodes if stage == "leaves" else outcomes.now()


def _published(joined: Joined) -> str:
    """Return the CAs that pods get."""
    found = joined.world.api.get("v1", "ConfigMap", "kube-root-ca.crt", NAMESPACE)
    return str(found["data"]["ca.crt"]) if found else ""
