"""doctor.sh: each cause that it can name, on a fake node with real servers, under dash and busybox."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from generator.catalogue.message import say
from tests.certs import pki
from tests.node.node import SHELLS
from tests.node.servers import LOCAL, Answers
from tests.node.sick_node import ACCOUNT, AGENT, DNS, SCRIPT, SickNode, token

OTHER_CA = pki.make("other CA", ca=True)
CLOUD = "192.0.2.10:10000"
WAITING = "E1129 16:24:11.0 1 manager.go:99] csr metaserver-csr-edge-1 is approved, waiting to be issued\n"
Break = Callable[[SickNode], None]


def healthy(_: SickNode) -> None:
    """Break nothing."""


def plain(node: SickNode) -> None:
    node.gate = False


def no_agent(node: SickNode) -> None:
    node.agent = None


def changes(**fields: Any) -> Break:
    """Return a fault that is a change of fields of the node."""

    def apply(node: SickNode) -> None:
        for name, value in fields.items():
            setattr(node, name, value)

    return apply


def answers(**fields: Any) -> Break:
    """Return a fault that is another answer of the endpoint."""

    def apply(node: SickNode) -> None:
        node.endpoint = Answers(**fields)

    return apply


def clock(seconds: float) -> Break:
    """Return a fault: the clock of cloudcore differs from that of the node."""

    def apply(node: SickNode) -> None:
        node.cloudcore = Answers(clock=seconds)

    return apply


def both(*faults: Break) -> Break:
    """Return several faults as one."""

    def apply(node: SickNode) -> None:
        for fault in faults:
            fault(node)

    return apply


def server_certificate(by: pki.Made | None = None, **more: Any) -> Break:
    """Return a fault: another certificate of the endpoint."""

    def apply(node: SickNode) -> None:
        node.server = pki.server(by or node.ca, **more)

    return apply


def client_certificate(by: pki.Made | None = None, **more: Any) -> Break:
    """Return a fault: another client certificate."""

    def apply(node: SickNode) -> None:
        node.client = pki.client(by or node.ca, **more)

    return apply


@pytest.fixture(params=SHELLS)
def node(request: pytest.FixtureRequest, tmp_path: Path) -> SickNode:
    """Return a healthy node."""
    return SickNode(tmp_path, request.param)


# --- healthy nodes ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault",
    [healthy, plain, no_agent, both(plain, no_agent)],
    ids=["mtls", "plain", "no agent", "plain without agent"],
)
def test_a_healthy_node_has_no_cause(node: SickNode, fault: Break) -> None:
    fault(node)
    if node.agent is None and node.gate:
        node.endpoint = Answers(status=401)
    node.same = True
    found = node.run()
    assert (found.code, found.err) == (0, ""), found.out
    assert found.out.startswith("No cause found.\n\n✓ edgecore runs (process 4000)\n")
    assert "×" not in found.out


def test_without_tls_no_token_is_sent(node: SickNode) -> None:
    plain(node)
    node.run()
    assert [header for _, header in node.endpoint.asked] == [""]


def test_the_request_is_that_of_the_agent(node: SickNode) -> None:
    node.run()
    assert node.endpoint.asked == [("/api/v1/services", f"Bearer {node.token}")]


def test_the_script_runs_from_standard_input_and_without_other_files(node: SickNode) -> None:
    node.runs = False
    found = node.run_from_stdin("--codes")
    assert (found.code, found.err) == (1, "")
    assert "edgecore-stopped" in found.codes


# --- causes -------------------------------------------------------------------------------------

FAULTS: dict[str, tuple[Break, str, str, dict[str, str]]] = {
    "stopped": (
        changes(
            runs=False, unit="ActiveState=failed\nResult=exit-code\n", journal="I1 x\npanic: no CA\n\tgo 1\n"
        ),
        "edgecore-stopped",
        "",
        {"state": "failed, exit-code", "log": "panic: no CA"},
    ),
    "restarts": (
        changes(age=100, unit="ActiveState=active\nNRestarts=7\n"),
        "edgecore-stopped",
        "restarts",
        {"number": "7", "seconds": "100"},
    ),
    "not connected": (
        both(
            changes(
                connection="06", journal="E1129 1 1 w.go:1] dial tcp 192.0.2.10:10000: connect: refused\n\n"
            ),
            answers(metadata=LOCAL),
        ),
        "node-not-connected",
        "",
        {"server": CLOUD, "log": "dial tcp 192.0.2.10:10000: connect: refused"},
    ),
    "metaServer off": (
        changes(settings={"modules__metaManager__metaServer__enable": False}),
        "metaserver-off",
        "",
        {},
    ),
    "address is a URL": (
        changes(settings={"modules__metaManager__metaServer__server": "https://127.0.0.1:10550"}),
        "metaserver-address",
        "",
        {"server": "https://127.0.0.1:10550"},
    ),
    "address without port": (
        changes(settings={"modules__metaManager__metaServer__server": "127.0.0.1"}),
        "metaserver-address",
        "",
        {"server": "127.0.0.1"},
    ),
    "certificate pending": (
        changes(listens=(), journal=WAITING, agent={"server": "http://127.0.0.1:9"}),
        "endpoint-certificate-pending",
        "",
        {"node": "edge-1", "log": "csr metaserver-csr-edge-1 is approved, waiting to be issued"},
    ),
    "certificate request blocks": (
        changes(
            listens=(),
            journal="E1129 1 1 m.go:1] retrieved csr is not compatible: csr for this node already exists\n\n",
            agent={"server": "http://127.0.0.1:9"},
        ),
        "certificate-request-blocks-node",
        "node",
        {"request": "metaserver-csr-edge-1"},
    ),
    "files missing": (
        changes(
            listens=(),
            agent={"server": "http://127.0.0.1:9"},
            settings={
                "edgecoreVersion": "v1.16.6",
                "modules__metaManager__metaServer__tlsCaFile": "/none/ca",
            },
        ),
        "endpoint-files-missing",
        "",
        {"files": "/none/ca"},
    ),
    "clock ahead": (clock(-600), "clock-offset", "ahead", {}),
    "clock behind": (clock(86400), "clock-offset", "behind", {}),
    "gate off in edgecore": (
        both(plain, changes(security={"requireAuthorization": True})),
        "gate-on-node-differs",
        "",
        {"edge": "off", "agent": "on"},
    ),
    "gate off in the agent": (
        changes(security={"requireAuthorization": False}),
        "gate-on-node-differs",
        "",
        {"edge": "on", "agent": "off"},
    ),
    "no listener for the client": (
        changes(listens=("0100007F", "0A1EFEA9"), agent={"server": "http://127.0.0.2:9"}),
        "endpoint-listens-elsewhere",
        "",
        {"url": "https://127.0.0.2:9"},
    ),
    "no second listener": (changes(listens=("0100007F",)), "endpoint-listens-elsewhere", "dummy", {}),
    "another CA": (
        server_certificate(by=OTHER_CA),
        "endpoint-ca-unknown",
        "",
        {"ca": "/etc/edgemesh/metaserver/rootCA.crt", "issuer": "CN=other CA"},
    ),
    "expired": (
        server_certificate(start=timedelta(days=-9), end=timedelta(days=-2)),
        "endpoint-certificate-expired",
        "",
        {},
    ),
    "not yet valid": (
        server_certificate(start=timedelta(days=2), end=timedelta(days=9)),
        "endpoint-certificate-expired",
        "",
        {},
    ),
    "another address": (
        server_certificate(ips=("192.0.2.1",)),
        "endpoint-certificate-names",
        "",
        {"host": "127.0.0.1"},
    ),
    "client certificate of another CA": (
        client_certificate(by=OTHER_CA),
        "client-certificate-rejected",
        "",
        {"file": "/etc/edgemesh/metaserver/server.crt"},
    ),
    "client certificate expired": (
        client_certificate(start=timedelta(days=-9), end=timedelta(days=-2)),
        "client-certificate-rejected",
        "",
        {"file": "/etc/edgemesh/metaserver/server.crt"},
    ),
    "token expired": (
        both(answers(status=401), changes(token=token(exp=1700000000))),
        "token-expired",
        "",
        {"account": "kubeedge/edgemesh-agent", "time": "2023-11-14T22:13:20Z"},
    ),
    "token of another node": (
        both(
            answers(status=401),
            changes(token=token(**{"kubernetes.io": {"node": {"name": "edge-2"}, "pod": {"name": "x"}}})),
        ),
        "token-of-another-node",
        "",
        {"account": "kubeedge/edgemesh-agent", "other": "edge-2"},
    ),
    "token without a pod": (
        both(answers(status=401), changes(token=token(**{"kubernetes.io": {"namespace": "x"}}))),
        "token-of-another-node",
        "unbound",
        {"account": "kubeedge/edgemesh-agent"},
    ),
    "issuer": (
        both(answers(status=401), changes(token=token(iss="https://oidc.example.com"))),
        "issuer-differs",
        "",
        {
            "issuer": "https://oidc.example.com",
            "accepted": "https://kubernetes.default.svc.cluster.local",
            "nodes": "edge-1",
        },
    ),
    "stale token": (
        both(answers(status=401), changes(mounted=False)),
        "token-stale",
        "",
        {"process": str(AGENT), "program": "edgemesh-agent", "node": "edge-1"},
    ),
    "account unknown": (
        both(
            answers(status=401),
            changes(journal="E1 x] serviceaccount kubeedge/edgemesh-agent not found\nI1 x\n"),
        ),
        "account-unknown-on-node",
        "",
        {"account": "kubeedge/edgemesh-agent"},
    ),
    "no permission": (
        answers(
            status=403,
            message=f'services is forbidden: User "{ACCOUNT}" cannot list resource "services" in ...',
        ),
        "account-without-permissions",
        "",
        {"account": "kubeedge/edgemesh-agent", "user": ACCOUNT, "resource": "services"},
    ),
    "no clusterDNS": (
        changes(settings={"modules__edged__tailoredKubeletConfig": {}}),
        "dns-silent",
        "missing",
        {},
    ),
    "DNS silent": (changes(dns=";; connection timed out\n"), "dns-silent", "", {"dns": DNS}),
    "DNS address": (
        changes(settings={"modules__edged__tailoredKubeletConfig__clusterDNS": ["10.96.0.10"]}),
        "dns-address-differs",
        "",
        {"dns": "10.96.0.10", "bridge": DNS, "nodes": "edge-1"},
    ),
    "late": (answers(delay=4.2, metadata=LOCAL), "answer-late", "", {}),
    "late 500": (answers(delay=4.2, status=500), "answer-late", "", {}),
    "local": (answers(metadata={}), "answer-local", "", {}),
    "other 401": (answers(status=401), "answer-401", "", {}),
    "other 403": (answers(status=403), "answer-403", "", {}),
    "500": (answers(status=500), "answer-500", "", {}),
    "unknown status": (answers(status=418), "answer-unknown", "", {"status": "418"}),
    "refused": (
        both(plain, changes(listens=(), agent={"server": "http://127.0.0.1:9"})),
        "answer-refused",
        "",
        {"url": "http://127.0.0.1:9"},
    ),
    "still http": (changes(tls=False), "answer-uses-http", "", {}),
    "still https": (both(plain, changes(tls=True)), "answer-uses-https", "", {}),
    "no such host": (
        both(plain, changes(agent={"server": "http://no-such-host.invalid:1"})),
        "answer-none",
        "",
        {"url": "http://no-such-host.invalid:1"},
    ),
    "CA file missing": (changes(security={"tlsCaFile": "/none"}), "answer-tls-error", "", {}),
}

# The causes with tests of their own.
OTHERS = {"node-settings-differ", "node-not-joined"}


@pytest.mark.parametrize("name", FAULTS)
def test_each_cause_is_found_alone(node: SickNode, name: str) -> None:
    fault, code, variant, fields = FAULTS[name]
    fault(node)
    found, shown = node.run_twice()
    assert (found.code, found.err, shown.code, shown.err) == (1, "", 1, ""), found.out
    (cause,) = found.causes
    assert cause[:2] == (code, variant)
    assert fields.items() <= cause[2].items()
    # The fields of the catalogue's sentences are those that the script gives.
    message = say(code, variant, **cause[2])
    lines = ["Most likely cause:", f"× {message.what} [{code}]", f"  fix: {message.fix}"]
    # The seconds between the two runs do not matter.
    assert without_seconds(shown.out.splitlines()[:3]) == without_seconds(lines)


def without_seconds(lines: list[str]) -> list[str]:
    """Return lines without numbers of seconds."""
    return [re.sub(r"\d+ s ", "N s ", line) for line in lines]


def test_the_seconds_of_a_clock_offset_are_printed(node: SickNode) -> None:
    node.cloudcore = Answers(clock=-600)
    ((_, _, fields),) = node.run("--codes").causes
    assert abs(int(fields["seconds"]) - 600) < 20


def test_the_most_likely_cause_is_first(node: SickNode) -> None:
    node.connection = "06"
    node.endpoint = Answers(metadata=LOCAL)
    node.dns = ""
    found = node.run()
    lines = [line for line in found.out.splitlines() if line.startswith(("×", "Most", "Also"))]
    assert [line.split("[")[-1] for line in lines] == [
        "Most likely cause:",
        "node-not-connected]",
        "Also found:",
        "dns-silent]",
    ]


# --- other programs on the node -----------------------------------------------------------------


@pytest.fixture
def with_wget(tmp_path: Path) -> SickNode:
    """Return a healthy node with GNU wget and without curl."""
    return SickNode(tmp_path, "sh", without=("curl",), extra=("wget",))


def test_wget_sends_the_request_of_the_agent(with_wget: SickNode) -> None:
    found = with_wget.run()
    assert (found.code, found.err) == (0, ""), found.out
    assert ("/api/v1/services", f"Bearer {with_wget.token}") in with_wget.endpoint.asked


@pytest.mark.parametrize(
    "name",
    [
        "another CA", "expired", "another address", "client certificate of another CA", "token expired",
        "no permission", "local", "late", "refused", "500", "clock ahead", "gate off in edgecore",
    ],
)  # fmt: skip
def test_wget_tells_the_causes_apart(with_wget: SickNode, name: str) -> None:
    fault, code, variant, _ = FAULTS[name]
    fault(with_wget)
    assert [cause[:2] for cause in with_wget.run("--codes").causes] == [(code, variant)]


@pytest.mark.parametrize(
    "name", ["", "local", "refused", "clock behind", "late", "500", "gate off in edgecore"]
)
def test_the_wget_of_busybox_asks_without_a_token(tmp_path: Path, name: str) -> None:
    node = SickNode(tmp_path, "busybox", without=("curl",))
    if name:
        FAULTS[name][0](node)
    else:
        node.endpoint = Answers(status=401)
    found, shown = node.run_twice()
    assert found.codes == ([FAULTS[name][1]] if name else [])
    assert (
        "- not checked: tokens and certificates, because the node has neither curl nor GNU wget\n"
        in shown.out
    )
    assert {header for _, header in node.endpoint.asked} <= {""}


def test_without_curl_and_wget_the_endpoint_is_not_checked(tmp_path: Path) -> None:
    found = SickNode(tmp_path, "sh", without=("curl", "nslookup")).run()
    assert found.code == 0
    assert "- not checked: the endpoint, because the node has neither curl nor wget\n" in found.out
    assert "- not checked: DNS, because the node has neither dig nor nslookup\n" in found.out


def test_the_certificate_is_read_without_openssl(node: SickNode) -> None:
    node.without = ("openssl",)
    node.server = pki.server(OTHER_CA)
    ((code, _, fields),) = node.run("--codes").causes
    assert (code, fields["issuer"]) == ("endpoint-ca-unknown", "CN=other CA")


def test_the_log_is_read_from_a_file_without_journalctl(node: SickNode) -> None:
    node.without = ("journalctl", "systemctl")
    node.runs = False
    log = node.root / "edgecore.log"
    log.write_text("panic: no CA\n")
    ((code, _, fields),) = node.run("--codes", LOG=str(log)).causes
    assert (code, fields) == ("edgecore-stopped", {"state": "no process", "log": "panic: no CA"})


def test_another_program_without_permissions_is_no_fault(node: SickNode) -> None:
    node.endpoint = Answers(
        status=403, message='services is forbidden: User "x" cannot list resource "services"'
    )
    node.program = "app"
    found = node.run()
    assert found.code == 0, found.out
    assert "knows the account of process 500\n" in found.out


# --- several causes, and the report --------------------------------------------------------------


def test_an_own_pki_on_1_17_has_two_causes(node: SickNode) -> None:
    node.client_ca = OTHER_CA
    node.server = pki.server(OTHER_CA)
    assert node.run("--codes").codes == ["endpoint-ca-unknown", "client-certificate-rejected"]


def test_other_settings_than_the_rendered_ones_are_a_warning(node: SickNode) -> None:
    wanted = node.data()
    wanted["modules"]["edgeHub"]["heartbeat"] = 20
    wanted["modules"]["edged"]["hostnameOverride"] = "kept by the node"
    wanted["modules"]["metaManager"]["metaServer"]["server"] = "127.0.0.1:10550"
    node.wants(wanted, {"modules": {"edgeHub": {"messageQPS": 30}}})
    ((code, _, fields),) = node.run("--codes").causes
    assert code == "node-settings-differ"
    assert "modules.edgeHub.heartbeat, " in fields["keys"]
    assert "hostnameOverride" not in fields["keys"]


def test_a_node_that_has_not_joined_is_reported_alone(node: SickNode) -> None:
    found = node.run("--codes", CONFIG="/none/edgecore.yaml")
    assert found.causes == [("node-not-joined", "", {"file": "/none/edgecore.yaml"})]


def test_the_token_of_another_client_can_be_given(node: SickNode) -> None:
    path = node.root / "token"
    path.write_text(token(sub="system:serviceaccount:shop:app", exp=1) + "\n")
    node.endpoint = Answers(status=401)
    ((code, _, fields),) = node.run("--codes", "--token", str(path)).causes
    assert (code, fields["account"]) == ("token-expired", "shop/app")
    assert node.endpoint.asked[0][1] == f"Bearer {path.read_text().strip()}"


def test_the_codes_have_at_most_3900_bytes(node: SickNode) -> None:
    line = "E1 x] panic: " + "x y " * 5000
    node.runs = False
    node.journal = f"panic: {line}\n{line}\n"
    node.agent = {"server": "http://127.0.0.1:9"}
    node.settings = {f"modules__key{number}": "x" * 300 for number in range(300)}
    node.wants({"kind": "EdgeCore"}, {})
    found = node.run("--codes")
    assert len(found.out.encode()) <= 3900
    assert max(len(value) for _, _, fields in found.causes for value in fields.values()) <= 200


def test_no_secret_is_printed(node: SickNode) -> None:
    key = "0123456789abcdef" * 4
    node.journal = f"E1 x] websocket: Bearer {node.token}\nE1 x] websocket dial key {key}\n"
    node.connection = "06"
    node.endpoint = Answers(status=401)
    node.settings = {"modules__edgeHub__token": "a-token-for-joining"}
    found, shown = node.run_twice()
    assert found.codes == ["node-not-connected", "answer-401"]
    for secret in (*node.token.split("."), key, "a-token-for-joining"):
        assert secret not in found.out + shown.out


def test_wrong_arguments_are_an_error(node: SickNode) -> None:
    found = node.run("--what")
    assert (found.code, found.out) == (2, "")
    assert found.err == "usage: sh doctor.sh [--codes] [--token FILE]\n"


def test_nothing_on_the_node_changes(node: SickNode) -> None:
    temporary = node.root / "tmp"
    temporary.mkdir()
    with node.running() as environment:
        before = {path: path.lstat().st_mtime_ns for path in node.root.rglob("*")}
        node.start([*node.shell_command(), "-s"], {**environment, "TMPDIR": str(temporary)}, SCRIPT)
        assert [*temporary.iterdir()] == []
        del before[temporary]
        assert {path: path.lstat().st_mtime_ns for path in before} == before
