"""rollout.sh, with a fake host: the files of a Secret, and how it watches them."""

from __future__ import annotations

import hashlib

from tests.node.pod import FILES, Pod


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
    waits = pod.node.calls("sleep")
    # The container that restarts stays failed, until the Secret changes.
    pod.message.unlink()
    again = pod.run("watch", FILES=FILES)
    assert (again.code, again.err, pod.message.read_text()) == (1, run.err, run.err)
    assert (len(pod.node.calls("update")), pod.node.calls("sleep")) == (1, waits)


def test_watch_updates_again_after_a_failure_when_the_secret_changes(pod: Pod) -> None:
    pod.secret("one")
    pod.result("failed", "edgecore does not run; the old file is back")
    assert pod.run("watch", FILES=FILES).code == 1
    pod.secret("two")
    pod.result("updated", "edgecore is healthy")
    pod.on_sleep('[ "$count" -lt 3 ] || kill -TERM "$SCRIPT"')
    run = pod.run("watch", FILES=FILES)
    assert (run.code, run.out, run.err) == (0, "edgecore is healthy\n", "")
    assert len(pod.node.calls("update")) == 2
    assert (pod.node.stage / "ca.crt").read_text() == "two"
