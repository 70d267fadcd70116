"""Real HTTP servers on loopback that answer like the endpoint of a node and like cloudcore."""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import MSG_PEEK
from typing import Any

from tests.certs.pki import Made

FROM_CLOUD = {"resourceVersion": "1654"}
TLS_HANDSHAKE = b"\x16"
LOCAL = {"selfLink": "/core/v1/services/null/null"}


@dataclass
class Answers:
    """What a server answers to a list of Services. Without `tls` it uses http."""

    status: int = 200
    metadata: dict[str, str] = field(default_factory=lambda: dict(FROM_CLOUD))
    message: str = ""
    delay: float = 0
    # Seconds that the clock of the server differs from ours.
    clock: float = 0
    tls: tuple[Made, Made] | None = None
    asked: list[tuple[str, str]] = field(default_factory=list)

    def body(self) -> str:
        """Return the body of the answer."""
        if self.status != 200:
            return json.dumps({"kind": "Status", "message": self.message, "code": self.status})
        return json.dumps({"kind": "ServiceList", "metadata": self.metadata, "items": []})


@contextmanager
def serve(answers: Answers, folder: Path) -> Iterator[int]:
    """Serve inside the `with` block; give the port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answers.asked.append((self.path, self.headers.get("Authorization", "")))
            services = self.path.startswith("/api/v1/services")
            if services:
                time.sleep(answers.delay)
            self.send_response(answers.status if services else 200)
            body = (answers.body() if services else "{}").encode()
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def date_time_string(self, timestamp: float | None = None) -> str:
            return formatdate((timestamp or time.time()) + answers.clock, usegmt=True)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            pass

        def finish_request(self, request: Any, client_address: Any) -> None:
            if context is None:
                super().finish_request(request, client_address)
            elif request.recv(1, MSG_PEEK) == TLS_HANDSHAKE:
                with context.wrap_socket(request, server_side=True) as wrapped:
                    super().finish_request(wrapped, client_address)
            else:
                # As Go does.
                request.recv(4096)
                request.sendall(
                    b"HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n"
                )

    context = _context(answers.tls, folder) if answers.tls else None
    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _context(tls: tuple[Made, Made], folder: Path) -> ssl.SSLContext:
    """Verify a client certificate if the client sends one, as edgecore does."""
    own, ca = tls
    files = [folder / name for name in ("server.crt", "server.key", "clients.crt")]
    for path, text in zip(files, (own.cert_text, own.key_text, ca.cert_text), strict=True):
        path.write_text(text)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files[0], files[1])
    context.load_verify_locations(files[2])
    context.verify_mode = ssl.CERT_OPTIONAL
    return context
