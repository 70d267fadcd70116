"""The commands of docs/tutorial.md, run unchanged and in order on the real programs."""

from __future__ import annotations

import time

import pytest

from tests.edge.edge_node import EdgeNode
from tests.edge.releases import releases, version
from tests.edge.tutorial import Example, Terminal, examples, matches
from tests.edge.waiting import PAUSE, SECONDS
from tests.edge.world import World, world_of

# It lists what is missing.
FAILS = "generator install -f site.yaml --dry-run"
# These may need some time until they show the final state. edgecore may kill the container from which keadm
# copies its programs; keadm has changed nothing then.
REPEATED = (
    "kubectl logs ",
    "kubectl exec ",
    "kubectl get ",
    "generator status",
    "generator doctor",
    "ssh root@edge-1 keadm upgrade ",
)


@pytest.mark.proves("the tutorial works, from an empty cluster to a replaced CA")
def test_tutorial(edge: EdgeNode) -> None:
    with world_of("tutorial", releases()[0], edge, empty=True) as world:
        terminal = Terminal(world)
        transcript = world.folder / "transcript.txt"
        failed = []
        for example in examples():
            if "join.sh" in example.command:
                _prepare_node(world)
            code, output = _run(terminal, example)
            with transcript.open("a", encoding="utf-8") as file:
                file.write(f"$ {example.command}\n{output}")
            assert matches(output, example.output), f"$ {example.command}\n{output}"
            if code:
                failed.append(example.command)
                assert failed == [FAILS], output
        assert failed == [FAILS]


def _prepare_node(world: World) -> None:
    packages = {f"kubeedge/installation-package:{version(one)}" for one in releases()}
    world.edge.load({*world.images(), *packages, "busybox:1.36"})
    world.route_streams()


def _run(terminal: Terminal, example: Example) -> tuple[int, str]:
    """Run a command; repeat some commands until they print what the page shows."""
    end = time.monotonic() + SECONDS
    while True:
        code, output = terminal.run(example.command)
        done = code == 0 and matches(output, example.output)
        if done or not example.command.startswith(REPEATED) or time.monotonic() > end:
            return code, output
        time.sleep(PAUSE)
