"""rollout.sh, with a fake host: how it passes files to the host, starts update.sh and reports its result."""

from __future__ import annotations

import hashlib
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.node.node import PROGRAMS, SCRIPTS, SHELLS, Edgecore, Node, Run, config, text_of, tools

# Stands for update.sh: records its settings, and ends with the result that the test wants.
UPDATE = """\
. "$(dirname "$0")/settings"
echo "update $ATTEMPT" >>"$ROOT/calls"
set >"$ROOT/set"
[ -e "$ROOT/result" ] || exit 1
sed "s/ATTEMPT/$ATTEMPT/" "$ROOT/result" >"$ROOT/kubeedge/update/result"
rm -f "$ROOT/kubeedge/update/pending"
"""
FILES = "ca.crt=/etc/kubeedge/ca/ca.crt server.key=/etc/kubeedge/certs/server.key"


@dataclass
class Pod:
    """The pod of the DaemonSet on a fake node. `node.root` also has the paths of the host."""

    node: Node

    def __post_init__(self) -> None:
        root = self.node.root
        self.wanted, self.scripts = root / "wanted", root / "scripts"
        self.certificates, self.message = root / "certificates", root / "message"
        for folder in (self.wanted, self.scripts, self.certificates, root / "host"):
            folder.mkdir()
        for name in ("run/systemd/system", "etc/systemd/system"):
            (root / name).mkdir(parents=True)
        tools("sh", root / "host-tools")
        for name in ("systemctl", "sleep", "sync", "hostname", "restart-edgecore", "curl"):
            (root / "host" / name).symlink_to(PROGRAMS / name)
        self.node.fake("host")
        shutil.rmtree(self.node.stage)
        (self.scripts / "update.sh").write_text(UPDATE)
        (self.scripts / "defaults.yaml").write_text("defaults: {}\n")
        self.checksum = self.wants("kind: EdgeCore\n")
        self.result("updated", "edgecore is healthy")
        self.node.environment |= {
            "WANTED": str(self.wanted),
            "SCRIPTS": str(self.scripts),
            "CERTIFICATES": str(self.certificates),
            "NODE": str(self.node.kubeedge),
            "HOST": str(self.node.fakes / "host"),
            "HOST_PATH": f"{root}/host:{root}/host-tools",
            "MESSAGE": str(self.message),
            "CONFIG_SECONDS": "10",
            "POD_UID": "u-1",
            "POD_NAME": "rollout-x",
            "POD_NAMESPACE": "kubeedge",
            "NODE_NAME": "edge-1",
        }
        for name in ("ATTEMPT", "RETRY"):
            self.node.environment.pop(name, None)

    def wants(self, text: str) -> str:
        """Write the edgecore.yaml of the ConfigMap; return its checksum."""
        (self.wanted / "edgecore.yaml").write_text(text)
        return hashlib.sha256(text.encode()).hexdigest()

    def result(self, state: str, message: str) -> None:
        """Set the result of update.sh."""
        (self.node.root / "result").write_text(f"{state} ATTEMPT\n{message}\n")

    def secret(self, version: str) -> None:
        """Write the files of a Secret as the kubelet does: a folder for each version, and a link."""
        folder = self.certificates / f"..{version}"
        folder.mkdir()
        for name in ("ca.crt", "server.key"):
            (folder / name).write_text(version)
        link = self.certificates / "..data"
        link.unlink(missing_ok=True)
        link.symlink_to(folder.name)

    def run(self, command: str = "once", **more: str) -> Run:
        """Run rollout.sh."""
        script = str(SCRIPTS / "rollout.sh")
        return self.node.start([script, command], {"CHECKSUM": self.checksum, **more})

    def on_sleep(self, script: str) -> None:
        """Run a script in each wait of the pod."""
        path = self.node.root / "on-sleep"
        path.write_text(f'#!/bin/sh\ncount=$(grep -c sleep "$ROOT/calls")\n{script}\n')
        path.chmod(0o755)


@pytest.fixture(params=SHELLS)
def pod(request: pytest.FixtureRequest, tmp_path: Path) -> Pod:
    """Return a pod on a node with systemd."""
    return Pod(Node(tmp_path, request.param))


def systemctl(pod: Pod) -> list[str]:
    """Return the commands that systemd got."""
    return [call.split(" ", 1)[1] for call in pod.node.calls("systemctl")]


# --- a run -----------------------------------------------------------------------------------


def test_the_host_runs_update_as_a_unit(pod: Pod) -> None:
    run = pod.run()
    assert (run.code, run.out, run.err) == (0, "edgecore is healthy\n", "")
    assert systemctl(pod) == [
        "stop edgecore-update",
        "daemon-reload",
        "enable edgecore-update",
        "start --no-block edgecore-update",
    ]
    unit = (pod.node.root / "etc/systemd/system/edgecore-update.service").read_text().splitlines()
    assert "ConditionPathExists=/etc/kubeedge/update/pending" in unit
    assert "WantedBy=multi-user.target" in unit
    files = {path.name: path.read_text() for path in pod.node.stage.iterdir()}
    assert files.pop("settings").endswith(f"ATTEMPT='u-1-{pod.checksum}'\n")
    assert files == {
        "edgecore.yaml": "kind: EdgeCore\n", "update.sh": UPDATE, "defaults.yaml": "defaults: {}\n",
    }  # fmt: skip
    assert stat.S_IMODE(pod.node.stage.stat().st_mode) == 0o700
    assert not pod.message.exists()


def test_without_systemd_the_host_runs_update_directly(pod: Pod) -> None:
    shutil.rmtree(pod.node.root / "run")
    run = pod.run()
    assert (run.code, run.out, run.err) == (0, "edgecore is healthy\n", "")
    assert systemctl(pod) == []
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
    # It waits for twice HEALTH_TIMEOUT and 600 s.
    assert len(pod.node.calls("sleep")) == (124 if systemd else 0)


def test_an_interrupted_stage_is_written_again(pod: Pod) -> None:
    for name in ("stage", "stage.new"):
        (pod.node.state / name).mkdir()
        (pod.node.state / name / "junk").touch()
    assert pod.run().code == 0
    assert not (pod.node.stage / "junk").exists()


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
        "the ConfigMap on this node is not the one of this pod after 10 s; nothing has changed "
        "(if somebody edited the ConfigMap, run helm upgrade)\n"
    )
    assert pod.message.read_text() == run.err
    assert systemctl(pod) == []


def test_a_pod_that_restarts_uses_the_copy_on_the_node(pod: Pod) -> None:
    assert pod.run().code == 0
    pod.wants("newer: true\n")
    run = pod.run()
    assert run.code == 0
    assert pod.node.calls("sleep") == []
    assert (pod.node.stage / "edgecore.yaml").read_text() == "kind: EdgeCore\n"


# --- certificates ----------------------------------------------------------------------------


def test_certificates_are_staged_and_part_of_the_attempt(pod: Pod) -> None:
    pod.secret("one")
    assert pod.run(FILES=FILES).code == 0
    assert [(pod.node.stage / name).read_text() for name in ("ca.crt", "server.key")] == ["one"] * 2
    both = hashlib.sha256(b"oneone").hexdigest()[:12]
    assert pod.node.calls("update") == [f"update u-1-{pod.checksum}-{both}"]
    assert f"FILES='{FILES}'\n" in (pod.node.stage / "settings").read_text()


def test_watch_updates_the_node_when_a_certificate_changes(pod: Pod) -> None:
    pod.secret("one")
    pod.run(FILES=FILES)
    new = "mkdir ..two; echo two | tee ..two/ca.crt >..two/server.key; rm ..data; ln -s ..two ..data"
    pod.on_sleep(f'cd "$CERTIFICATES"; case $count in 2) {new} ;; 5) kill -TERM "$SCRIPT" ;; esac')
    run = pod.run("watch", FILES=FILES, INTERVAL="30")
    assert run.code == 0
    assert len(pod.node.calls("update")) == 2
    assert (pod.node.stage / "ca.crt").read_text() == "two\n"
    waits = [int(call.split()[1]) for call in pod.node.calls("sleep")]
    # The third wait spreads the restarts of the nodes.
    assert waits[:2] + waits[3:5] == [30] * 4
    assert waits[2] < 30


def test_watch_ends_with_a_failure(pod: Pod) -> None:
    pod.secret("one")
    pod.result("failed", "edgecore does not run; the old file is back")
    run = pod.run("watch", FILES=FILES)
    assert (run.code, run.err) == (1, "edgecore does not run; the old file is back\n")
    # The pod that restarts has nothing to do until the next change.
    pod.on_sleep('[ "$count" -lt 4 ] || kill -TERM "$SCRIPT"')
    assert pod.run("watch", FILES=FILES).code == 0
    assert len(pod.node.calls("update")) == 1


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
