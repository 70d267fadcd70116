"""update.sh: when edgecore counts as healthy, and what happens if it does not become healthy."""

from __future__ import annotations

import pytest

from tests.node.node import Edgecore, Node, config

URL = "http://127.0.0.1:10550"
TLS = config(modules__edgeHub__heartbeat=20, featureGates__requireAuthorization=True)
NO_ENDPOINT = config(modules__metaManager__metaServer__enable=False)


def put_back(node: Node, why: str, after: str = "edgecore is healthy with it") -> None:
    """Run update.sh; check that the old file is back for this reason."""
    before = node.config.read_bytes()
    run = node.run()
    assert run.message == (
        f"edgecore is not healthy after 10 s with the new file: {why}; the old file is back; {after}"
    )
    assert (run.code, run.state, run.err) == (1, "failed try-1", "")
    assert node.config.read_bytes() == before
    assert node.calls("restart") == ["restart", "restart"]
    assert sorted(path.name for path in node.state.iterdir()) == ["old", "result", "stage"]


# --- not healthy -----------------------------------------------------------------------------

NOT_CONNECTED = "edgecore is not connected to cloudcore at 192.0.2.10:10000"
FAILURES = {
    "does not start": (Edgecore(runs=False), "edgecore does not run"),
    "has ended": (Edgecore(state="Z (zombie)"), "edgecore does not run"),
    "crashes again and again": (Edgecore(loops=True), "edgecore starts again and again"),
    "is connected to another port": (Edgecore(peer="0A0200C0:2712"), NOT_CONNECTED),
    "still connects": (Edgecore(connection="02"), NOT_CONNECTED),
    "has no connection of its own": (Edgecore(inode=8), NOT_CONNECTED),
    "has no endpoint": (Edgecore(services=None), f"the endpoint does not answer at {URL}"),
    "has an endpoint that uses https": (
        Edgecore(services=400),
        f"the endpoint answers with HTTP 400 at {URL}",
    ),
    "has an endpoint that fails": (Edgecore(services=500), f"the endpoint answers with HTTP 500 at {URL}"),
    "is not ready": (Edgecore(ready="False"), "the Node is not Ready: the runtime is down"),
    "has not sent its state": (Edgecore(ready="Unknown"), "the Node is not Ready: the runtime is down"),
}


@pytest.mark.parametrize("case", FAILURES)
def test_the_old_file_is_put_back_if_edgecore(node: Node, case: str) -> None:
    new, why = FAILURES[case]
    node.behaves(new)
    put_back(node, why)


def test_the_result_reports_an_old_file_that_does_not_work_either(node: Node) -> None:
    node.behaves(Edgecore(services=None), Edgecore(runs=False))
    put_back(
        node,
        f"the endpoint does not answer at {URL}",
        "edgecore is not healthy with it either: edgecore does not run",
    )


def test_a_restart_command_that_fails_is_reported(node: Node) -> None:
    node.behaves(Edgecore(runs=False))
    run = node.run(RESTART_COMMAND="restart-edgecore; exit 5")
    assert "the command failed with exit code 5: restart-edgecore; exit 5\n" in run.out
    assert run.state == "failed try-1"


def test_edgecore_may_become_healthy_just_before_the_timeout(node: Node) -> None:
    node.behaves(Edgecore(services=None))
    appear = node.root / "on-sleep"
    appear.write_text('#!/bin/sh\n[ "$(grep -c sleep "$ROOT/calls")" = 4 ] && '
                      'printf 200 >"$ROOT/edgecores/new/http/services"\n')  # fmt: skip
    appear.chmod(0o755)
    run = node.run(STEADY="6")
    assert run.message.startswith("edgecore is healthy with the new file after 14 s; ")


def test_edgecore_must_stay_healthy(node: Node) -> None:
    vanish = node.root / "on-sleep"
    vanish.write_text('#!/bin/sh\nrm -f "$ROOT/edgecores/new/http/services"\n')
    vanish.chmod(0o755)
    put_back(node, f"the endpoint does not answer at {URL}")


# --- healthy ---------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["tcp", "tcp6"])
def test_ipv4_and_ipv6_connections_count(node: Node, table: str) -> None:
    peer = "0A0200C0:2710" if table == "tcp" else "B80D0120000000000000000001000000:2710"
    node.behaves(Edgecore(table=table, peer=peer))
    assert node.run().state == "updated try-1"


@pytest.mark.parametrize(
    ("server", "url"),
    [
        (None, "http://127.0.0.1:10550"),
        ("0.0.0.0:10551", "http://127.0.0.1:10551"),
        ("[::]:10551", "http://[::1]:10551"),
        ("192.0.2.7:10550", "http://192.0.2.7:10550"),
    ],
)
def test_the_endpoint_is_asked_at_its_address(node: Node, server: str | None, url: str) -> None:
    node.wants(
        config(modules__metaManager__metaServer={"enable": True, **({"server": server} if server else {})})
    )
    node.has(config(modules__edgeHub__heartbeat=20))
    node.run()
    asked = [call.split()[1] for call in node.calls("curl")]
    assert asked[:2] == [f"{url}/api/v1/services?limit=1", f"{url}/api/v1/nodes/edge-1"]


def test_quic_is_not_checked(node: Node) -> None:
    node.behaves(Edgecore(connection="02"))
    node.wants(config(modules__edgeHub__quic={"enable": True, "server": "192.0.2.10:10001"}))
    run = node.run()
    assert run.code == 0
    assert run.message.endswith("; the connection to cloudcore was not checked, because it uses quic")


def test_a_node_without_endpoint_is_not_asked(node: Node) -> None:
    node.wants(NO_ENDPOINT)
    assert node.run().state == "updated try-1"
    assert node.calls("curl") == []


def test_the_name_of_the_host_is_the_name_of_the_node(node: Node) -> None:
    node.has(config(modules__edged={}))
    node.wants(config(modules__edged={}, modules__edgeHub__heartbeat=20))
    node.run()
    assert f"{URL}/api/v1/nodes/edge-1" in node.calls("curl")[1]


@pytest.mark.parametrize("services", [200, 401, 403, 500])
def test_an_endpoint_with_authorization_may_reject_the_request(node: Node, services: int) -> None:
    node.wants(TLS)
    node.behaves(Edgecore(services=services, node=401))
    run = node.run()
    assert run.state == "updated try-1"
    assert run.message.endswith("; the condition Ready of the Node was not checked (HTTP 401)")
    assert all(call.startswith(f"curl {URL.replace('http', 'https')}/") for call in node.calls("curl"))


@pytest.mark.parametrize(
    ("services", "why"),
    [
        (400, f"the endpoint answers with HTTP 400 at {URL}"),
        (None, f"the endpoint does not answer at {URL}"),
    ],
)
def test_an_endpoint_with_authorization_must_answer(node: Node, services: int | None, why: str) -> None:
    node.wants(TLS)
    node.behaves(Edgecore(services=services))
    put_back(node, why.replace("http:", "https:"))


@pytest.mark.parametrize(
    ("edgecore", "status"), [(Edgecore(stored=True, ready="False"), 200), (Edgecore(node=404), 404)]
)
def test_the_node_is_not_checked_if_its_answer_may_be_old(
    node: Node, edgecore: Edgecore, status: int
) -> None:
    node.behaves(edgecore)
    run = node.run()
    assert run.state == "updated try-1"
    assert run.message.endswith(f"; the condition Ready of the Node was not checked (HTTP {status})")


# --- without a change ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edgecore", "why"),
    [
        (Edgecore(runs=False), "edgecore does not run"),
        (Edgecore(services=None), "the endpoint does not answer at http://127.0.0.1:10550"),
    ],
    ids=["does not run", "silent endpoint"],
)
def test_the_same_settings_of_an_edgecore_that_is_not_healthy_are_a_failure(
    node: Node, edgecore: Edgecore, why: str
) -> None:
    node.wants(config())
    node.behaves(old=edgecore)
    run = node.run()
    assert (run.code, run.state) == (1, "failed try-1")
    assert (
        run.message == f"nothing has changed: edgecore already has these settings, but is not healthy: {why}"
    )
    assert node.calls("sleep") == ["sleep 2"] * 29
    assert (node.calls("restart"), node.backups) == ([], [])


def test_the_same_settings_of_an_edgecore_that_is_healthy_within_a_minute_are_unchanged(node: Node) -> None:
    node.wants(config())
    node.behaves(old=Edgecore(services=None))
    answer = node.root / "on-sleep"
    answer.write_text(
        '#!/bin/sh\n[ "$(grep -c sleep "$ROOT/calls")" != 29 ] ||'
        ' echo 200 >"$ROOT/edgecores/old/http/services"\n'
    )
    answer.chmod(0o755)
    run = node.run()
    assert (run.code, run.state) == (0, "unchanged try-1")
    assert node.calls("restart") == []
