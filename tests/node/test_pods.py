"""update.sh: containers whose token is no longer valid are ended; no other processes are."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from tests.node.node import Edgecore, Node, config

TLS = config(modules__edgeHub__heartbeat=20, featureGates__requireAuthorization=True)
MOUNT = "511 500 0:{0} / /var/run/secrets/kubernetes.io/serviceaccount ro,relatime - tmpfs tmpfs rw\n"
OTHERS = "510 500 0:5 / /dev rw,nosuid - tmpfs tmpfs rw\n512 500 0:{0} / /etc/hosts rw - ext4 /dev/vda rw\n"
ON_NODE = (
    "88 25 0:{0} / /var/lib/kubelet/pods/u/volumes/kubernetes.io~projected/kube-api-access rw - tmpfs rw\n"
)
SHIM = 50


@contextmanager
def process(node: Node, *, device: int | None, parent: int = SHIM, stubborn: bool = False) -> Iterator[
    subprocess.Popen[bytes]
]:  # fmt: skip
    """Start a real process that waits; its folder in the fake /proc says that it has the mount of a token."""
    trap = "trap '' TERM; " if stubborn else ""
    with subprocess.Popen(["/bin/sh", "-c", f"{trap}echo; exec sleep 100"], stdout=subprocess.PIPE) as popen:
        assert popen.stdout
        popen.stdout.read(1)
        mounts = OTHERS.format(9) + (MOUNT.format(device) if device else "")
        node.process(popen.pid, comm="app\n", status=f"PPid:\t{parent}\n", mountinfo=mounts)
        try:
            yield popen
        finally:
            popen.kill()


def containers(node: Node, shim: str = "containerd-shim-runc-v2") -> None:
    """Let the wanted file require tokens; the node has the token on device 60, and lost those of others."""
    node.wants(TLS)
    node.behaves(Edgecore(services=401, node=401))
    node.process(SHIM, comm=f"{shim}\n", status="PPid:\t1\n")
    (node.proc / "1" / "mountinfo").write_text(ON_NODE.format(60))


def ended(popen: subprocess.Popen[bytes]) -> int | None:
    """Return the exit code of a process, None if it runs. A signal needs a moment to end it."""
    try:
        return popen.wait(0.3)
    except subprocess.TimeoutExpired:
        return None


@pytest.mark.parametrize("shim", ["containerd-shim", "containerd-shim-runc-v2", "conmon", "docker-containe"])
def test_containers_with_an_old_token_are_ended(node: Node, shim: str) -> None:
    containers(node, shim)
    with process(node, device=61) as old:
        run = node.run()
        assert ended(old) == -15
    assert run.state == "updated try-1"
    assert run.message.endswith("; restarted 1 containers, because their token was no longer valid")


def test_a_container_that_ignores_sigterm_is_killed(node: Node) -> None:
    containers(node)
    with process(node, device=61, stubborn=True) as old:
        run = node.run()
        assert ended(old) == -9
    assert "; restarted 1 containers, " in run.message


def test_no_other_process_is_ended(node: Node) -> None:
    containers(node)
    node.process(51, comm="app\n")
    with ExitStack() as stack:
        others = [
            stack.enter_context(process(node, device=60)),
            stack.enter_context(process(node, device=None)),
            stack.enter_context(process(node, device=61, parent=51)),
            stack.enter_context(process(node, device=61, parent=52)),
        ]
        run = node.run()
        assert [ended(popen) for popen in others] == [None] * 4
    assert run.state == "updated try-1"
    assert "restarted" not in run.message


def test_without_authorization_no_container_is_ended(node: Node) -> None:
    containers(node)
    node.wants(config(modules__edgeHub__heartbeat=20))
    node.behaves()
    with process(node, device=61) as old:
        assert node.run().state == "updated try-1"
        assert ended(old) is None


def test_containers_are_ended_also_after_the_old_file_is_back(node: Node) -> None:
    containers(node)
    node.has(config(featureGates__requireAuthorization=True))
    node.behaves(Edgecore(services=400), Edgecore(services=401, node=401))
    with process(node, device=61) as old:
        run = node.run()
        assert ended(old) == -15
    assert run.state == "failed try-1"
    assert run.message.endswith(
        "the old file is back; edgecore is healthy with it; "
        "the condition Ready of the Node was not checked (HTTP 401); "
        "restarted 1 containers, because their token was no longer valid"
    )
