"""HOLD: the first rollout only compares, and a person decides about a change."""

from __future__ import annotations

import shutil

import pytest

from tests.node.node import SCRIPTS, Node, config, text_of
from tests.node.pod import FILES, Pod

HELD = "nothing has changed: the settings of edgecore differ from the wanted ones"


def settings(pod: Pod) -> list[str]:
    """Return the lines of the settings that update.sh gets."""
    return (pod.node.stage / "settings").read_text().splitlines()


# --- update.sh -------------------------------------------------------------------------------


def test_other_settings_are_held(node: Node) -> None:
    before = node.config.read_bytes()
    (node.stage / "settings").write_text("HOLD='yes'\n")
    run = node.run()
    assert (run.code, run.state, run.message, run.err) == (0, "held try-1", HELD, "")
    assert node.config.read_bytes() == before
    assert (node.calls("restart"), node.backups) == ([], [])
    assert sorted(path.name for path in node.state.iterdir()) == ["result", "stage"]


def test_the_same_settings_are_not_held(node: Node) -> None:
    node.wants(config())
    run = node.run(HOLD="yes")
    assert (run.code, run.state) == (0, "unchanged try-1")


def test_missing_files_are_copied_and_others_stay(node: Node) -> None:
    missing, present = node.root / "ca" / "ca.crt", node.root / "server.key"
    for path in (missing, present):
        (node.stage / path.name).write_text("new")
    present.write_text("old")
    run = node.run(HOLD="yes", FILES=f"ca.crt={missing} server.key={present}")
    assert (run.code, run.state) == (0, "held try-1")
    assert (missing.read_text(), present.read_text()) == ("new", "old")
    assert node.data == config()
    assert node.calls("restart") == []


# --- rollout.sh ------------------------------------------------------------------------------


@pytest.mark.parametrize(("generation", "held"), [("1", True), ("2", False), ("11", False), ("", False)])
def test_only_the_first_generation_is_held(pod: Pod, generation: str, held: bool) -> None:
    pod.run(GENERATION=generation)
    assert ("HOLD='yes'" in settings(pod)) is held
    assert any(line.startswith("HOLD=") for line in settings(pod)) is held


def test_watch_does_not_hold(pod: Pod) -> None:
    pod.secret("one")
    pod.result("failed", "edgecore does not run")
    pod.run("watch", FILES=FILES, GENERATION="1")
    assert len(pod.node.calls("update")) == 1
    assert "HOLD='yes'" not in settings(pod)


def test_a_held_update_is_reported_and_no_failure(pod: Pod) -> None:
    shutil.copy(SCRIPTS / "update.sh", pod.scripts)
    checksum = pod.wants(text_of(config(modules__edgeHub__heartbeat=20)))
    run = pod.run(CHECKSUM=checksum, GENERATION="1")
    assert (run.code, run.out, run.err) == (0, f"held: {HELD}\n", "")
    assert pod.message.read_text() == run.out
    assert pod.node.data == config()
    assert pod.node.calls("restart") == []
    # The next generation goes on.
    run = pod.run(CHECKSUM=checksum, GENERATION="2", POD_UID="u-2")
    assert run.code == 0
    assert pod.node.data == config(modules__edgeHub__heartbeat=20)
