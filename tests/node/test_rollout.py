"""rollout.sh, with a fake host: how it passes files to the host, starts update.sh and reports its result."""

from __future__ import annotations

import shutil
import stat

import pytest

from tests.node.node import SCRIPTS, Edgecore, config, text_of
from tests.node.pod import UPDATE, Pod

# --- a run -----------------------------------------------------------------------------------


def test_the_host_runs_update_as_a_unit(pod: Pod) -> None:
    run = pod.run()
    assert (run.code, run.out, run.err) == (0, "edgecore is healthy\n", "")
    assert pod.systemctl == [
        "stop edgecore-update",
        "daemon-reload",
        "enable edgecore-update",
        "start --no-block edgecore-update",
    ]
    unit = (pod.node.root / "etc/systemd/system/edgecore-update.service").read_text().splitlines()
    assert "ConditionPathExists=/etc/kubeedge/update/pending" in unit
    assert "KillMode=process" in unit
    assert "WantedBy=multi-user.target" in unit
    files = {path.name: path.read_text() for path in pod.node.stage.iterdir()}
    assert files.pop("settings").endswith(f"ATTEMPT='u-1-{pod.checksum}'\n")
    assert files == {
        "edgecore.yaml": "kind: EdgeCore\n", "update.sh": UPDATE, "defaults": "defaults: {}\n",
    }  # fmt: skip
    assert stat.S_IMODE(pod.node.stage.stat().st_mode) == 0o700
    assert pod.message.read_text() == run.out


def test_without_systemd_the_host_runs_update_directly(pod: Pod) -> None:
    shutil.rmtree(pod.node.root / "run")
    run = pod.run()
    assert (run.code, run.out, run.err) == (0, "edgecore is healthy\n", "")
    assert pod.systemctl == []
    assert pod.node.calls("update") == [f"update u-1-{pod.checksum}"]


def test_the_settings_survive_quotes_and_spaces(pod: Pod) -> None:
    command = "sh -c 'echo \"$HOME\" && it'\\''s'"
    pod.run(RESTART_COMMAND=command, NODE_KEYS="a.b c.d")
    settings = (pod.node.stage / "settings").read_text()
    assert "NODE_KEYS='a.b c.d'\n" in settings
    quoted = command.replace("'", "'\\''")
    assert f"RESTART_COMMAND='{quoted}'\n" in settings
    assert "FILES=''\n" in settings


@pytest.mark.parametrize("systemd", [True, False])
def test_a_failure_is_the_message_of_the_pod(pod: Pod, systemd: bool) -> None:
    if not systemd:
        shutil.rmtree(pod.node.root / "run")
    pod.result("failed", "edgecore does not run; the old file is back")
    run = pod.run()
    assert (run.code, run.err) == (1, "edgecore does not run; the old file is back\n")
    assert pod.message.read_text() == run.err


def test_a_failure_is_not_tried_again_by_the_same_pod(pod: Pod) -> None:
    pod.result("failed", "edgecore does not run")
    first, again = pod.run(), pod.run()
    assert (again.code, again.err) == (first.code, first.err) == (1, "edgecore does not run\n")
    assert len(pod.node.calls("update")) == 1
    pod.result("updated", "edgecore is healthy")
    assert pod.run(POD_UID="u-2").code == 0
    assert len(pod.node.calls("update")) == 2


@pytest.mark.parametrize("systemd", [True, False])
def test_an_update_without_a_result_is_a_failure(pod: Pod, systemd: bool) -> None:
    if not systemd:
        shutil.rmtree(pod.node.root / "run")
    (pod.node.root / "result").unlink()
    # The result of an earlier attempt does not count.
    (pod.node.state / "result").write_text("updated u-0-abc\nedgecore is healthy\n")
    run = pod.run()
    assert run.code == 1
    assert run.err == (
        "update.sh ended without a result; see on the node: journalctl --unit edgecore-update\n"
    )
    # A unit that has ended has no result after three polls.
    polls = ["is-active edgecore-update"] * 3
    assert pod.systemctl[4:] == (polls if systemd else [])
    assert len(pod.node.calls("sleep")) == (3 if systemd else 0)


@pytest.mark.parametrize("state", ["activating", "active"])
def test_a_unit_that_still_runs_is_waited_for(pod: Pod, state: str) -> None:
    (pod.node.root / "result").unlink()
    (pod.node.root / "active").write_text(f"{state}\n")
    assert pod.run().code == 1
    # It waits for twice HEALTH_TIMEOUT and 600 s.
    assert len(pod.node.calls("sleep")) == 124


def test_a_result_after_some_polls_is_reported(pod: Pod) -> None:
    (pod.node.root / "result").unlink()
    (pod.node.root / "active").write_text("activating\n")
    result = f"updated u-1-{pod.checksum}\\nedgecore is healthy\\n"
    pod.on_sleep(f'[ "$count" != 5 ] || printf "{result}" >"$NODE/update/result"')
    run = pod.run()
    assert (run.code, run.out) == (0, "edgecore is healthy\n")
    assert len(pod.node.calls("sleep")) == 5


def test_an_interrupted_stage_is_written_again(pod: Pod) -> None:
    for name in ("stage", "stage.new"):
        (pod.node.state / name).mkdir()
        for file in ("junk", "update.sh"):
            (pod.node.state / name / file).touch()
    assert pod.run().code == 0
    assert (pod.node.stage / "update.sh").read_text() == UPDATE
    assert not (pod.node.state / "stage.new").exists()
    # Files are moved one by one, so that the stage always has a script; only the half-written ones go.
    assert (pod.node.stage / "junk").exists()


# --- the ConfigMap ---------------------------------------------------------------------------


def test_it_waits_for_the_configmap_of_the_pod(pod: Pod) -> None:
    pod.wants("old: true\n")
    pod.on_sleep('[ "$count" = 2 ] && echo "kind: EdgeCore" >"$WANTED/edgecore.yaml"')
    assert pod.run().code == 0
    assert pod.node.calls("sleep") == ["sleep 5"] * 2
    assert (pod.node.stage / "edgecore.yaml").read_text() == "kind: EdgeCore\n"


@pytest.mark.parametrize("missing", [True, False])
def test_another_configmap_is_reported_after_a_time(pod: Pod, missing: bool) -> None:
    pod.wants("old: true\n")
    if missing:
        (pod.wanted / "edgecore.yaml").unlink()
    run = pod.run()
    assert (run.code, len(pod.node.calls("sleep"))) == (1, 2)
    assert run.err == (
        "the ConfigMaps on this node are not those of this pod after 10 s; nothing has changed "
        "(if somebody edited a ConfigMap, run helm upgrade)\n"
    )
    assert pod.message.read_text() == run.err
    assert pod.systemctl == []


def test_a_pod_that_restarts_uses_the_copy_on_the_node(pod: Pod) -> None:
    assert pod.run().code == 0
    pod.wants("newer: true\n")
    run = pod.run()
    assert run.code == 0
    assert pod.node.calls("sleep") == []
    assert (pod.node.stage / "edgecore.yaml").read_text() == "kind: EdgeCore\n"


# --- the ConfigMap of the scripts ------------------------------------------------------------


@pytest.mark.parametrize("name", ["update.sh", "defaults"])
def test_it_waits_for_the_scripts_of_the_pod(pod: Pod, name: str) -> None:
    checksum = pod.scripts_checksum()
    script = pod.scripts / name
    text = script.read_text()
    script.rename(pod.node.root / "new")
    script.write_text("# old\n")
    pod.on_sleep(f'[ "$count" != 2 ] || cp "$ROOT/new" "$SCRIPTS/{name}"')
    assert pod.run(SCRIPTS_CHECKSUM=checksum).code == 0
    assert pod.node.calls("sleep") == ["sleep 5"] * 2
    assert (pod.node.stage / name).read_text() == text


@pytest.mark.parametrize("same", [True, False])
def test_the_scripts_on_the_node_are_used_if_they_are_those_of_the_pod(pod: Pod, same: bool) -> None:
    checksum = pod.scripts_checksum()
    assert pod.run().code == 0
    (pod.scripts / "update.sh").write_text("# newer\n")
    run = pod.run(SCRIPTS_CHECKSUM=checksum if same else "0" * 64)
    assert run.code == (0 if same else 1)
    assert ("the ConfigMaps on this node are not those of this pod" in run.err) is not same
    assert len(pod.node.calls("sleep")) == (0 if same else 2)
    assert (pod.node.stage / "update.sh").read_text() == UPDATE


@pytest.mark.parametrize("command", ["", "often"])
def test_an_unknown_command_is_rejected(pod: Pod, command: str) -> None:
    run = pod.run(command)
    assert (run.code, run.err) == (1, "usage: rollout.sh once|watch\n")


# --- with update.sh --------------------------------------------------------------------------


@pytest.mark.parametrize("works", [True, False])
def test_both_scripts_together(pod: Pod, works: bool) -> None:
    shutil.copy(SCRIPTS / "update.sh", pod.scripts)
    checksum = pod.wants(text_of(config(modules__edgeHub__heartbeat=20)))
    pod.node.behaves(Edgecore(ready="True" if works else "False"))
    run = pod.run(CHECKSUM=checksum)
    assert run.code == (0 if works else 1)
    assert pod.node.data["modules"]["edgeHub"]["heartbeat"] == (20 if works else 15)
    said = "edgecore is healthy with the new file after 2 s" if works else "the Node is not Ready"
    assert said in (run.out if works else pod.message.read_text())
    assert pod.run(CHECKSUM=checksum).code == run.code
    assert len(pod.node.calls("restart")) == (1 if works else 2)
