"""The REST API of a forge on loopback: returns the answers of a test, and records the requests."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.ci.repository import CI, ENVIRONMENT

TOKEN = "not-to-be-seen-4711"
MARKER = "<!-- generator diff -->"
COMMENT = f"{MARKER}\n### git:main → working tree\n\nno difference; 3 objects the same.\n"


@dataclass(frozen=True)
class Answer:
    """A status with a body: JSON, or unchanged bytes; `to` redirects."""

    body: Any = None
    status: int = 200
    to: str = ""


@dataclass(frozen=True)
class Asked:
    """One request, with its token."""

    method: str
    path: str
    token: str
    body: Any


@dataclass
class Forge:
    """The answers by `METHOD path?query`, and the requests in order."""

    url: str
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def written(self) -> list[tuple[str, str, Any]]:
        """Return the requests that change something."""
        return [(one.method, one.path, one.body) for one in self.asked if one.method != "GET"]


@contextmanager
def serve() -> Iterator[Forge]:
    """Run a forge on a free port of loopback while the block runs."""
    server = _Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.forge
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.forge = Forge(f"http://127.0.0.1:{self.server_port}")


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def _answer(self) -> None:
        forge = self.server.forge
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        token = self.headers.get("Authorization") or self.headers.get("PRIVATE-TOKEN") or ""
        forge.asked.append(Asked(self.command, self.path, token, json.loads(sent) if sent else None))
        default = Answer({"message": "Not Found"}, 404) if self.command == "GET" else Answer({"id": 1}, 201)
        answer = forge.answers.get(f"{self.command} {self.path}", default)
        body = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
        self.send_response(answer.status)
        if answer.to:
            self.send_header("Location", answer.to)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PATCH = do_PUT = _answer

    def log_message(self, *_: object) -> None:
        """Log nothing."""


def post(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the real ci/post-comment.py; its output must never contain the token."""
    done = subprocess.run(
        [sys.executable, "-W", "error", str(CI / "post-comment.py"), *arguments],
        env={"PATH": ENVIRONMENT["PATH"]} | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert TOKEN not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done


def artifact(files: dict[str, str | bytes], modes: dict[str, int] | None = None) -> bytes:
    """Pack files like the forge; `modes` sets the mode of an entry, for example of a link."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = (modes or {}).get(name, 0o100644) << 16
            archive.writestr(entry, text, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
