"""update.sh killed at each step, and run again; the other files that it copies."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from tests.node.node import Edgecore, Node, config

# The programs that change files, and the restart.
STEPS = ("cp", "mv", "rm", "touch", "mkdir", "sync", "restart-edgecore")
NOT_READY = Edgecore(ready="False")


def killed(node: Node, last_phase: str = "") -> Iterator[int]:
    """Kill update.sh in place of each of its steps, and yield the number of the step.

    Each time, the files on the node are those of the start. With `last_phase`, start with the last step,
    and end in front of this phase.
    """
    node.steps(*STEPS)
    node.environment |= {"HEALTH_TIMEOUT": "0", "STEADY": "0"}
    start = node.root / "start"
    shutil.copytree(node.kubeedge, start)
    node.run()
    total = int((node.root / "count").read_text())
    assert total > 20
    for number in range(total, 0, -1) if last_phase else range(1, total + 1):
        shutil.rmtree(node.kubeedge)
        shutil.copytree(start, node.kubeedge)
        assert node.run(kill_at=number).code == -9
        if last_phase and phase(node) != last_phase:
            return
        yield number


def certificates(node: Node) -> tuple[str, str]:
    """Put one file that changes and one new file beside update.sh; return their paths on the node."""
    paths = node.kubeedge / "ca.crt", node.kubeedge / "certs" / "new.crt"
    paths[0].write_text("old")
    paths[0].chmod(0o604)
    for path in paths:
        (node.stage / path.name).write_text("new")
    node.environment["FILES"] = " ".join(f"{path.name}={path}" for path in paths)
    return str(paths[0]), str(paths[1])


def phase(node: Node) -> str:
    """Return the phase of a run that was killed, "" before the first one."""
    trial = node.state / "trial"
    return trial.read_text().split("\n")[0] if trial.exists() else ""


def test_killed_at_each_step_and_run_again_ends_with_the_new_file(node: Node) -> None:
    old = node.config.read_bytes()
    certificates(node)
    assert node.run(STEADY="0").state == "updated try-1"
    new = node.config.read_bytes()
    node.config.write_bytes(old)
    (node.kubeedge / "ca.crt").write_text("old")
    shutil.rmtree(node.kubeedge / "certs")
    for backup in node.backups:
        backup.unlink()
    for number in killed(node):
        assert node.config.read_bytes() in (old, new), number
        assert (node.kubeedge / "ca.crt").read_text() in ("old", "new"), number
        run = node.run()
        assert (run.code, run.err) == (0, ""), number
        assert run.state in ("updated try-1", "unchanged try-1"), number
        assert node.config.read_bytes() == new, number
        assert (node.kubeedge / "ca.crt").read_text() == "new", number
        assert [path.read_bytes() for path in node.backups if path.suffix != ".new"] == [old], number
        assert phase(node) == "", number


def test_killed_at_each_step_of_a_failure_and_run_again_ends_with_the_old_file(node: Node) -> None:
    old = node.config.read_bytes()
    node.behaves(NOT_READY)
    certificates(node)
    seen = set()
    for number in killed(node):
        text = node.config.read_text()
        assert "\n  " in text, number
        assert text.count("heartbeat") == 1, number
        seen.add(phase(node))
        run = node.run()
        assert (run.code, run.state, run.err) == (1, "failed try-1", ""), number
        assert "the Node is not Ready: the runtime is down; the old file is back" in run.message, number
        assert node.config.read_bytes() == old, number
        assert (node.kubeedge / "ca.crt").read_text() == "old", number
        assert phase(node) == "", number
    assert seen == {"", "apply", "restore"}


def test_a_run_that_is_killed_while_it_restores_does_not_try_the_new_file_again(node: Node) -> None:
    node.behaves(NOT_READY)
    for number in killed(node, "restore"):
        node.behaves()
        run = node.run()
        assert run.state == "failed try-1", number
        assert node.data == config(), number
        node.behaves(NOT_READY)


def test_a_newer_file_is_tried_after_an_interrupted_failure(node: Node) -> None:
    old = node.config.read_bytes()
    node.behaves(NOT_READY)
    for number in killed(node, "restore"):
        node.behaves()
        node.wants(config(modules__edgeHub__heartbeat=30))
        run = node.run(ATTEMPT="try-2")
        assert run.state == "updated try-2", number
        assert node.data == config(modules__edgeHub__heartbeat=30), number
        assert [path.read_bytes() for path in node.backups] == [old], number
        node.behaves(NOT_READY)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("kind: CloudCore\n", "the new edgecore.yaml is not valid: kind is not EdgeCore"),
        ("kind: EdgeCore\n", "the new file has no place for modules.edged.hostnameOverride"),
    ],
)
def test_an_invalid_newer_file_after_an_interruption_puts_the_old_file_back(
    node: Node, text: str, why: str
) -> None:
    node.has(config(modules__edgeHub__token=""))
    old = node.config.read_bytes()
    tried = 0
    for number in killed(node, "apply"):
        if node.config.read_bytes() == old:
            break
        tried += 1
        node.wants(text if "Cloud" not in text else text + "modules:\n  edged:\n    enable: true\n")
        run = node.run()
        assert run.state == "failed try-1", number
        assert run.message.startswith(why), number
        assert "; the old file is back; " in run.message, number
        assert node.config.read_bytes() == old, number
    assert tried >= 2


# --- other files -----------------------------------------------------------------------------


def test_files_are_copied_and_keep_their_mode(node: Node) -> None:
    paths = [node.root / path for path in certificates(node)]
    assert node.run().state == "updated try-1"
    assert [path.read_text() for path in paths] == ["new", "new"]
    assert [path.stat().st_mode & 0o777 for path in paths] == [0o604, 0o600]


def test_a_changed_file_alone_is_a_change(node: Node) -> None:
    certificates(node)
    node.wants(config())
    assert node.run().state == "updated try-1"
    assert node.calls("restart") == ["restart"]
    assert node.run().state == "unchanged try-1"
    assert node.calls("restart") == ["restart"]


def test_files_are_put_back_after_a_failure(node: Node) -> None:
    changed, added = (node.root / path for path in certificates(node))
    node.behaves(NOT_READY)
    assert node.run().state == "failed try-1"
    assert changed.read_text() == "old"
    assert changed.stat().st_mode & 0o777 == 0o604
    # edgecore ignores it with the old file.
    assert added.read_text() == "new"


def test_a_file_that_cannot_be_written_changes_nothing(node: Node) -> None:
    before = node.config.read_bytes()
    (node.root / "file").touch()
    (node.stage / "ca.crt").write_text("new")
    run = node.run(FILES=f"ca.crt={node.root}/file/ca.crt")
    assert (run.code, run.state) == (1, "failed try-1")
    assert run.message == "nothing has changed: the new files cannot be written"
    assert node.config.read_bytes() == before
    assert node.calls("restart") == []
    assert list(node.root.rglob("*.new")) == []
