"""update.sh: what counts as a change, what it writes, and what it keeps."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.node.node import SERVER, Node, config, text_of

HEAD = "apiVersion: v1\nkind: EdgeCore\nmodules:\n  edgeHub: {websocket: {server: 'x:1'}}\n".replace(
    " {websocket: {server: 'x:1'}}", "\n    websocket:\n      server: 192.0.2.10:10000"
)


def nested(path: str, value: Any) -> dict[str, Any]:
    """Return a config with one more value."""
    return config(**{path.replace(".", "__"): value})


# --- nothing to change -----------------------------------------------------------------------

LIST = f"{HEAD}list:\n- a\n- b\n"
SAME = {
    "same bytes": (HEAD, HEAD),
    "other order": (f"{HEAD}a: 1\nb: 2\n", f"b: 2\n{HEAD}a: 1\n"),
    "quotes": (f"{HEAD}a: b\nc: d\n", f'{HEAD}a: \'b\'\n"c": "d"\n'),
    "comments": (f"{HEAD}a: b\nc: d\n", f'# A note\n{HEAD}\n  # more\na: b # one\nc: "d" # two\n'),
    "start of document": (HEAD, f"---\n{HEAD}"),
    "line ends of Windows": (HEAD, HEAD.replace("\n", "\r\n")),
    "indentation": (f"{HEAD}a:\n  b: 1\n", f"{HEAD}a:\n    b: 1\n"),
    "indentation of a list": (LIST, f"{HEAD}list:\n  - a\n  - b\n"),
    "order in a map of a list": (
        f"{HEAD}t:\n- a: 1\n  b: 2\n- a: 3\n",
        f"{HEAD}t:\n- b: '2'\n  a: 1\n- a: 3\n",
    ),
    "lists in a list": (f"{HEAD}t:\n- - a\n  - b\n- - c\n", f"{HEAD}t:\n  -\n    - a\n    - b\n  - - c\n"),
    "a long text": (f"{HEAD}a: one two three\n", f"{HEAD}a: one\n  two\n  three\n"),
    "a long text in a list": (f"{HEAD}a:\n- one two\n", f"{HEAD}a:\n- one\n  two\n"),
    "a long text in quotes": (f"{HEAD}a: one two\n", f"{HEAD}a: 'one\n  two'\n"),
    "null and empty values": (f"{HEAD}a: null\nb: {{}}\nc: ''\nd: []\n", HEAD),
    "the release that edgecore writes": (f"{HEAD}edgecoreVersion: v1.22.0\n", HEAD),
}


@pytest.mark.parametrize("case", SAME)
def test_the_same_settings_are_unchanged(node: Node, case: str) -> None:
    on_node, wanted = SAME[case]
    node.has(on_node)
    node.wants(wanted)
    before = (node.config.stat().st_ino, node.config.stat().st_mtime_ns)
    run = node.run()
    assert (run.code, run.state, run.err) == (0, "unchanged try-1", "")
    assert run.message == "edgecore already has these settings"
    assert (node.calls("restart"), node.backups) == ([], [])
    assert (node.config.stat().st_ino, node.config.stat().st_mtime_ns) == before


DEFAULTS = {"modules": {"edgeHub": {"heartbeat": 15, "taints": []}, "list": ["a", "b"], "off": False}}


@pytest.mark.parametrize(
    ("path", "value", "state"),
    [
        ("modules.edgeHub.heartbeat", 15, "unchanged"),
        ("modules.edgeHub.heartbeat", 16, "updated"),
        ("modules.edgeHub.taints", [], "unchanged"),
        ("modules.off", False, "unchanged"),
        ("modules.off", True, "updated"),
        ("modules.list", ["a", "b"], "unchanged"),
        ("modules.list", ["a"], "updated"),
        ("modules.list", [], "updated"),
        ("modules.list", ["b", "a"], "updated"),
        ("modules.list", ["a", "b", "c"], "updated"),
    ],
)
def test_missing_keys_have_the_defaults_of_the_release(node: Node, path: str, value: Any, state: str) -> None:
    node.defaults(DEFAULTS)
    node.has(config())
    node.wants(nested(path, value))
    assert node.run().state == f"{state} try-1"


def test_the_defaults_are_optional(node: Node) -> None:
    node.has(config())
    node.wants(config())
    assert node.run().state == "unchanged try-1"


def test_a_token_that_differs_is_unchanged(node: Node) -> None:
    node.has(config(modules__edgeHub__token="old"))
    node.wants(config(modules__edgeHub__token="new"))
    assert node.run().state == "unchanged try-1"


# --- a change --------------------------------------------------------------------------------


def test_a_change_is_written_with_a_backup_and_one_restart(node: Node) -> None:
    before = node.config.read_bytes()
    node.config.chmod(0o640)
    run = node.run()
    (backup,) = node.backups
    assert backup.name == f"edgecore.yaml.{hashlib.sha256(before).hexdigest()[:12]}"
    assert backup.read_bytes() == before
    assert node.data == config(modules__edgeHub__heartbeat=20)
    assert [path.stat().st_mode & 0o777 for path in (backup, node.config)] == [0o640, 0o640]
    assert node.calls("restart") == ["restart"]
    assert (run.code, run.state, run.err) == (0, "updated try-1", "")
    assert run.message == f"edgecore is healthy with the new file after 2 s; the old file is {backup}"
    assert sorted(path.name for path in node.state.iterdir()) == ["old", "result", "stage"]


def test_the_owner_of_the_file_stays(node: Node) -> None:
    owner = (1234, 1234) if os.geteuid() == 0 else (os.getuid(), os.getgid())
    os.chown(node.config, *owner)
    node.run()
    assert [(path.stat().st_uid, path.stat().st_gid) for path in (node.config, *node.backups)] == [owner] * 2


def test_the_settings_file_of_the_daemonset_is_read(node: Node) -> None:
    (node.stage / "settings").write_text("ATTEMPT='it'\\''s 2'\n")
    assert node.run().state == "updated it's 2"


@pytest.mark.parametrize(
    ("path", "value", "keys"),
    [
        ("modules.edged.hostnameOverride", "edge-2", ""),
        ("modules.edged.nodeIP", "192.0.2.7", ""),
        ("modules.edgeHub.token", "a.b.c", ""),
        ("modules.edged.cgroupDriver", "systemd", ""),
        ("modules.edged.tailoredKubeletConfig.cgroupDriver", "systemd", ""),
        ("modules.edged.nodeLabels", {"example.com/room": "1", "zone": "east"}, "modules.edged.nodeLabels"),
        (
            "modules.edged.taints",
            [{"key": "a", "effect": "NoSchedule"}, {"key": "b"}],
            "modules.edged.taints",
        ),
        ("modules.edged.nodeLabels.zone", "east", "modules.edged.nodeLabels.zone"),
        ("database", {"dataSource": "/data/edgecore.db"}, "modules.edged.nodeLabels database"),
    ],
)
@pytest.mark.parametrize(
    "wanted_too", [False, True], ids=["missing in the new file", "other in the new file"]
)
def test_the_node_keeps_its_own_keys(node: Node, path: str, value: Any, keys: str, wanted_too: bool) -> None:
    changed = config(modules__edgeHub__heartbeat=20, modules__edged__nodeLabels={"a": "b"})
    changed["modules"]["edged"]["tailoredKubeletConfig"] = {"a": "b"}
    other = {"z": "y"} if isinstance(value, dict) else [{"key": "z"}] if isinstance(value, list) else "z"
    target, own = changed, config()
    *parents, last = path.split(".")
    for parent in parents:
        target, own = target[parent], own.get(parent, {})
    target.pop(last, None)
    if wanted_too:
        target[last] = other
    node.wants(changed)
    node.has(nested(path, value))
    assert node.run(NODE_KEYS=keys).state == "updated try-1"
    target[last] = value
    assert node.data == changed


def test_a_kept_key_is_indented_as_the_new_file(node: Node) -> None:
    node.has(config(modules__edged__nodeIP="192.0.2.7"))
    wanted = config()
    wanted["modules"]["edged"] = {"zone": {"a": "b"}}
    node.wants(yaml.safe_dump(wanted, indent=4))
    assert node.run().state == "updated try-1"
    wanted["modules"]["edged"] |= {"hostnameOverride": "edge-1", "nodeIP": "192.0.2.7"}
    assert node.data == wanted
    assert "\n        nodeIP: 192.0.2.7\n" in node.config.read_text()


def test_an_empty_key_of_the_node_is_not_kept(node: Node) -> None:
    node.has(config(modules__edged__nodeIP="", modules__edged__nodeLabels={}, modules__edged__taints=[]))
    node.wants(config(modules__edged__nodeIP="192.0.2.7"))
    node.run(NODE_KEYS="modules.edged.nodeLabels modules.edged.taints")
    assert node.data["modules"]["edged"] == {"hostnameOverride": "edge-1", "nodeIP": "192.0.2.7"}


def test_the_last_three_old_files_stay(node: Node) -> None:
    for number in range(5):
        path = node.config.with_name(f"edgecore.yaml.{number:012x}")
        path.touch()
        os.utime(path, (number, number))
    others = [
        node.config.with_name(name) for name in ("edgecore.yaml.orig", "edgecore.yaml.000000000001.txt")
    ]
    for other in others:
        other.touch()
    assert node.run().code == 0
    left = [path.name for path in node.backups if path not in others]
    assert left[1:] == [f"edgecore.yaml.{number:012x}" for number in (4, 3)]
    assert all(other.exists() for other in others)


# --- a file that is not valid ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"{HEAD}what is this\n", "line 7 is not block-style YAML"),
        (text_of(config()).replace("kind: EdgeCore\n", ""), "kind is not EdgeCore"),
        (text_of(config(kind="CloudCore")), "kind is not EdgeCore"),
        (text_of(config(kind="EdgeCores", other={"kind": "EdgeCore"})), "kind is not EdgeCore"),
        (text_of(config(database=None)), "a value is null, which crashes edgecore"),
        (
            text_of(config(modules__metaManager__metaServer__server="http://127.0.0.1:10550")),
            "modules.metaManager.metaServer.server is a URL, and must be IP:port",
        ),
        (
            text_of(config(modules__edgeHub__websocket={"enable": True})),
            "modules.edgeHub has no address of cloudcore",
        ),
        ("", "kind is not EdgeCore modules.edgeHub has no address of cloudcore"),
    ],
)
def test_an_invalid_file_changes_nothing(node: Node, text: str, why: str) -> None:
    node.has(config(modules__edged={}, modules__edgeHub__token=""))
    before = node.config.read_bytes()
    node.wants(text)
    run = node.run()
    assert (run.code, run.state) == (1, "failed try-1")
    assert run.message == f"nothing has changed: the new edgecore.yaml is not valid: {why}"
    assert node.config.read_bytes() == before
    assert (node.calls("restart"), node.backups) == ([], [])


def test_a_new_file_without_a_place_for_a_key_of_the_node_changes_nothing(node: Node) -> None:
    wanted = config()
    wanted["modules"]["edged"] = {}
    node.wants(wanted)
    run = node.run()
    assert (run.code, run.state) == (1, "failed try-1")
    assert run.message.startswith(
        "nothing has changed: the new file has no place for modules.edged.hostnameOverride"
    )
    assert node.data == config()
    assert node.calls("restart") == []


# --- when it does not run --------------------------------------------------------------------


def test_a_node_that_has_not_joined_is_reported(node: Node) -> None:
    node.config.unlink()
    run = node.run()
    assert (run.code, run.err) == (1, f"{node.config} is missing: join this node first\n")
    assert list(node.config.parent.iterdir()) == []


def test_the_script_runs_only_once_at_a_time(node: Node) -> None:
    node.process(77, cmdline="sh\0/etc/kubeedge/update/stage/update.sh\0")
    (node.state / "pid").write_text("77\n")
    run = node.run()
    assert (run.code, run.err) == (1, "update.sh already runs on this node (process 77)\n")
    assert (node.state / "pid").read_text() == "77\n"
    assert node.data == config()


@pytest.mark.parametrize("number", ["77\n", "78\n", ""], ids=["other program", "ended", "not written"])
def test_an_earlier_run_that_ended_is_no_obstacle(node: Node, number: str) -> None:
    node.process(77, cmdline="sleep\0")
    (node.state / "pid").write_text(number)
    assert node.run().state == "updated try-1"


def test_an_earlier_run_with_the_same_process_number_is_no_obstacle(node: Node) -> None:
    # Seen after a restart of the machine.
    program = Path(node.fakes / "dirname")
    program.write_text(
        '#!/bin/sh\nmkdir -p "$PROC/$SCRIPT"\necho update.sh >"$PROC/$SCRIPT/cmdline"\n'
        'echo "$SCRIPT" >"$STATE/pid"\necho "${1%/*}"\n'
    )
    program.chmod(0o755)
    assert node.run().state == "updated try-1"


def test_the_address_of_cloudcore_in_these_tests_is_the_one_in_proc() -> None:
    host, _, port = SERVER.partition(":")
    assert bytes(map(int, host.split(".")))[::-1].hex().upper() == "0A0200C0"
    assert f"{int(port):04X}" == "2710"
