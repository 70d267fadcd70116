"""The script of `helm test edgemesh`, run against a server that answers like an endpoint."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator import locations
from generator.catalogue import find
from generator.catalogue.causes import Answer, answers, fix_without_fields
from generator.catalogue.message import say
from tests.levels import program

pytestmark = pytest.mark.helm

SERVICE = {
    "metadata": {"name": "web", "resourceVersion": "7", "selfLink": "/x"},
    "spec": {"selector": {"app": 'a "selfLink" and a resourceVersion'}},
}
LOCAL = {"resourceVersion": "1593", "selfLink": "/core/v1/services/null/null"}
# What helm test says comes from the first line.
ERROR = "curl: (35) OpenSSL SSL_connect: Connection reset by peer in connection to [2001:db8::1]:10550"
HEALTHY, UNHEALTHY = "healthy: ", "not healthy: HTTP status "


def listed(metadata: dict[str, str] | None, *items: Any) -> str:
    """Return a list of Services as an endpoint sends it."""
    meta = {} if metadata is None else {"metadata": metadata}
    return json.dumps({"kind": "ServiceList", **meta, "items": items}, separators=(",", ":"))


@dataclass
class Endpoint:
    """The answers of an endpoint, and how often it was asked."""

    url: str
    asked: int = 0


@contextmanager
def endpoint(status: int, body: str, silent: threading.Event | None = None) -> Iterator[Endpoint]:
    """Serve one answer on loopback; one that is `silent` answers when the event is set."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked += 1
            if silent is not None:
                silent.wait(30)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    found = Endpoint(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield found
    finally:
        if silent is not None:
            silent.set()
        server.shutdown()
        thread.join()
        server.server_close()


@cache
def pod() -> dict[str, Any]:
    """Return the test pod of the chart."""
    command = [program("helm-3.22"), "template", "edgemesh", str(locations.CHARTS / "edgemesh")]
    flags = ["--show-only", "templates/tests/endpoint-pod.yaml", "--set", "agent.psk=only-for-a-test"]
    done = subprocess.run([*command, *flags], check=True, capture_output=True, text=True)
    found: dict[str, Any] = yaml.safe_load(done.stdout)
    return found


Ask = Callable[..., tuple[int, str, str]]


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Return what runs the pod's script against a URL: its exit code, what it prints, and its verdict."""

    def run(url: str) -> tuple[int, str, str]:
        (container,) = pod()["spec"]["containers"]
        verdict = tmp_path / "verdict"
        (script,) = container["args"]
        changes = {
            "folder=/tmp": f"folder={tmp_path}",
            f"verdict={container['terminationMessagePath']}": f"verdict={verdict}",
            "http://127.0.0.1:10550/version": url.replace("https:", "http:"),
            "http://127.0.0.1:10550": url,
            "sleep 5": "sleep 0",
            "--max-time 5": "--max-time 1",
        }
        for before, after in changes.items():
            assert before in script
            script = script.replace(before, after)
        done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False, timeout=60)
        assert done.stderr == ""
        return done.returncode, done.stdout, verdict.read_text()

    return run


@pytest.mark.parametrize(
    "body",
    [
        listed({"resourceVersion": "1654"}),
        listed({"resourceVersion": "1654"}, SERVICE),
        json.dumps(json.loads(listed({"resourceVersion": "1654", "continue": 'x"y'}, SERVICE)), indent=2),
        '{"items":[{"metadata":{"note":"{\\"a\\": [\\"}\\"]}"}}],"metadata":{"resourceVersion":"1654"}}',
    ],
    ids=["empty", "one service", "written over several lines", "metadata last"],
)
def test_a_list_from_the_cloud_is_healthy_at_once(ask: Ask, body: str) -> None:
    with endpoint(200, body) as there:
        code, out, verdict = ask(there.url)
    assert (code, there.asked) == (0, 1)
    assert out.startswith(HEALTHY)
    assert verdict == out


@pytest.mark.parametrize(
    "body",
    [
        '{"items":[]}',
        listed(None, SERVICE),
        listed(LOCAL),
        listed(LOCAL, SERVICE),
        listed({"selfLink": "", "resourceVersion": "9"}),
        listed({"resourceVersion": ""}, SERVICE),
        "",
    ],
    ids=[
        "nothing stored",
        "items only",
        "cloudcore stopped and Services watched",
        "the same with items",
        "empty selfLink",
        "empty resourceVersion",
        "no body",
    ],
)
def test_a_list_from_the_database_of_the_node_is_not_healthy(ask: Ask, body: str) -> None:
    with endpoint(200, body) as there:
        code, out, verdict = ask(there.url)
    assert (code, there.asked) == (1, 6)
    assert out.startswith(f"{UNHEALTHY}200 from {there.url} on ")
    assert f"{there.url} answers at once, but from the database of the node [answer-local]\n" in out
    assert verdict == out


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (400, "answer-uses-https"),
        (401, "answer-401"),
        (403, "answer-403"),
        (500, "answer-500"),
        (503, "answer-unknown"),
    ],
)
def test_each_status_is_explained(ask: Ask, status: int, answer: str) -> None:
    with endpoint(status, "{}") as there:
        code, out, verdict = ask(there.url)
    first, why, *causes = out.splitlines()
    assert code == 1
    assert first.startswith(f"{UNHEALTHY}{status} from {there.url} on ")
    assert why == f"{say(answer, url=there.url, status=status).what} [{answer}]"
    assert causes[:1] == (["Possible causes, most likely first:"] if causes_of(answer) else [])
    assert [line[line.rindex("[") + 1 : -1] for line in causes[1:]] == causes_of(answer)
    assert verdict == out


def causes_of(code: str) -> list[str]:
    """Return the possible causes of an answer."""
    return [cause for one in answers() if one.code == code for cause in one.causes]


@pytest.mark.parametrize("one", answers(), ids=lambda one: one.code)
def test_the_result_fits_into_the_status_of_the_pod(one: Answer) -> None:
    first = f"{UNHEALTHY}000 from https://[2001:db8:ffff:ffff:ffff:ffff:ffff:ffff]:10550 on {'h' * 63}\n"
    lines = [
        f"- {find(code).releases}: {find(code).means} ({fix_without_fields(code)}) [{code}]"
        for code in one.causes
    ]
    # The sentence of the answer repeats the message of curl, or comes after it.
    assert len("\n".join([first, 2 * ERROR, str(find(one.code).what), *lines]).encode()) < 4096


def test_the_test_stops_before_the_node_answers_from_its_database(ask: Ask) -> None:
    with endpoint(200, listed({"resourceVersion": "1"}), silent=threading.Event()) as there:
        code, out, _ = ask(there.url)
    assert (code, there.asked) == (1, 6)
    assert "[answer-late]" in out
    assert "--max-time 5 " in pod()["spec"]["containers"][0]["args"][0]


@pytest.mark.parametrize(("scheme", "answer"), [("http", "answer-refused"), ("https", "answer-uses-http")])
def test_the_message_of_curl_is_printed_once(ask: Ask, scheme: str, answer: str) -> None:
    with endpoint(200, "{}") as there:
        url = there.url
        if scheme == "https":
            _, out, verdict = ask(url.replace("http:", "https:"))
    if scheme == "http":
        _, out, verdict = ask(url)
    assert out.count("curl: (") == 1
    assert len(out.splitlines()) == 4 + len(causes_of(answer))
    assert f"[{answer}]\n" in out
    assert verdict == out
