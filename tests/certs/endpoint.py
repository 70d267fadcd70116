"""Stand-ins for edgecore's endpoint and for edgemesh-agent, with real sockets on loopback.

They load files and verify each other like the real programs. Up to 1.16 only the first PEM block of each
file counts. A client certificate, if presented, must be valid; it is not used for identity. The token
identifies the caller.
"""

from __future__ import annotations

import socket
import ssl
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from generator.certs import pem, program_logs

TOKEN = "a-good-token"
_TIMEOUT = 5.0

# Go's messages, by the names that OpenSSL has for the same faults.
_WORDS = {
    "local issuer certificate": program_logs.UNKNOWN,
    "get issuer certificate": program_logs.UNKNOWN,
    "self-signed certificate": program_logs.UNKNOWN,
    "self signed certificate": program_logs.UNKNOWN,
    "invalid CA certificate": program_logs.UNKNOWN,
    "signature failure": program_logs.UNKNOWN,
    "has expired": program_logs.EXPIRED,
    "not yet valid": program_logs.EXPIRED,
    "certificate purpose": program_logs.USAGE,
    "unsuitable certificate": program_logs.USAGE,
    "path length constraint": program_logs.LONG_CHAIN,
    "mismatch, certificate is not valid": "names",
}


def in_words_of_go(error: ssl.SSLCertVerificationError) -> str:
    """Return Go's message for a fault that OpenSSL found; "names" for one of several."""
    return next(words for part, words in _WORDS.items() if part in error.verify_message)


@dataclass
class Answer:
    """The result of one call: the HTTP status, or which side rejected the other and why."""

    status: int = 0
    client_rejects: str = ""
    server_rejects: str = ""


@dataclass
class Endpoint:
    """A running endpoint."""

    port: int
    rejections: list[str] = field(default_factory=list)
    handled: int = 0


def _first_block(path: Path, folder: Path) -> Path:
    """Copy the first PEM block of a file; edgecore up to 1.16 reads nothing else."""
    copy = folder / path.name
    copy.write_bytes(pem.blocks(path.read_bytes())[0].text + b"\n")
    return copy


def server_context(cert: Path, key: Path, ca: Path, *, first_only: bool) -> ssl.SSLContext:
    """Load the files that edgecore loads; a client certificate, if presented, is verified."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    with tempfile.TemporaryDirectory() as name:
        if first_only:
            cert, key, ca = (_first_block(path, Path(name)) for path in (cert, key, ca))
        # Do not ask for a password on the terminal; edgecore has no password either.
        context.load_cert_chain(cert, key, password=lambda: b"")
        context.load_verify_locations(ca)
    context.verify_mode = ssl.CERT_OPTIONAL
    # In Go every trusted certificate can end a chain, also an intermediate CA.
    context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN
    return context


def client_context(ca: Path | None, cert: Path | None = None, key: Path | None = None) -> ssl.SSLContext:
    """Load the files of the agent; without `ca` it verifies nothing, as with insecureSkipTLSVerify."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if ca is None:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    else:
        context.load_verify_locations(ca)
        context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN
    if cert is not None:
        context.load_cert_chain(cert, key, password=lambda: b"")
    return context


def status_for(token: str | None, minor: int, gate: bool) -> int:
    """Return the HTTP status that edgecore of this release returns for a token."""
    if not gate or token == TOKEN:
        return 200
    if minor <= 13:
        return 500
    return 403 if token is None and minor >= 23 else 401


@contextmanager
def serving(context: ssl.SSLContext | None, minor: int) -> Iterator[Endpoint]:
    """Serve the endpoint on a free port of loopback until the block ends; None serves plain http."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(_TIMEOUT)
    endpoint = Endpoint(listener.getsockname()[1])
    ended = threading.Event()

    def work() -> None:
        while not ended.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connection.settimeout(_TIMEOUT)
            with connection:
                _answer(connection, context, minor, endpoint)
                endpoint.handled += 1

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield endpoint
    finally:
        ended.set()
        # Closing the listener is not enough: a thread would still wait in accept.
        with socket.socket() as waker:
            waker.settimeout(1)
            waker.connect_ex(("127.0.0.1", endpoint.port))
        thread.join(_TIMEOUT)
        listener.close()
        assert not thread.is_alive()


def _answer(
    connection: socket.socket, context: ssl.SSLContext | None, minor: int, endpoint: Endpoint
) -> None:
    with ExitStack() as ends:
        try:
            stream = context.wrap_socket(connection, server_side=True) if context else connection
            ends.callback(stream.close)
            _reply(stream, minor, gate=context is not None)
        except ssl.SSLCertVerificationError as error:
            endpoint.rejections.append(in_words_of_go(error))
        except OSError:
            return


def _reply(stream: socket.socket, minor: int, *, gate: bool) -> None:
    text = b""
    while b"\r\n\r\n" not in text:
        piece = stream.recv(4096)
        if not piece or not piece.isascii():
            return
        text += piece
    found = [line for line in text.decode().split("\r\n") if line.startswith("Authorization: Bearer ")]
    token = found[0].removeprefix("Authorization: Bearer ") if found else None
    status = status_for(token, minor, gate)
    stream.sendall(f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())


def call(
    endpoint: Endpoint, context: ssl.SSLContext | None, token: str | None, host: str = "127.0.0.1"
) -> Answer:
    """Call the endpoint once, like an agent that has `host` in its URL."""
    answer = Answer()
    before, handled = len(endpoint.rejections), endpoint.handled
    with ExitStack() as ends:
        connection = ends.enter_context(socket.create_connection(("127.0.0.1", endpoint.port), _TIMEOUT))
        try:
            stream = context.wrap_socket(connection, server_hostname=host) if context else connection
            ends.callback(stream.close)
            lines = ["GET /api/v1/services HTTP/1.1", f"Host: {host}", "Connection: close"]
            lines += [f"Authorization: Bearer {token}"] if token is not None else []
            stream.sendall("\r\n".join([*lines, "", ""]).encode())
            reply = stream.recv(4096)
            answer.status = int(reply.split()[1]) if reply else 0
        except ssl.SSLCertVerificationError as error:
            answer.client_rejects = in_words_of_go(error)
        except OSError:
            # The server ended the handshake; its own message is the reason.
            pass
    for _ in range(1000):
        if endpoint.handled > handled:
            break
        threading.Event().wait(0.005)
    answer.server_rejects = endpoint.rejections[-1] if len(endpoint.rejections) > before else ""
    return answer
