"""One request to the endpoint, as a process on the edge node sends it."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.edge.machine import DUMMY_ADDRESS, ON_EDGE

SERVICES = "/api/v1/services"
LISTENERS = ("127.0.0.1", DUMMY_ADDRESS)
PORT = 10550
# Exit codes of curl.
REFUSED, HANDSHAKE, UNTRUSTED, RECEIVE = 7, 35, 60, 56


@dataclass(frozen=True)
class Reply:
    """What came back: the exit code of curl, the HTTP status (0 without one), the body, and curl's words."""

    exit: int
    status: int
    body: str
    error: str

    @property
    def from_cloud(self) -> bool:
        """Return whether this is a list that cloudcore answered (facts: METASERVER_TLS.md d)."""
        metadata = json.loads(self.body).get("metadata", {}) if self.status == 200 else {}
        return bool(metadata.get("resourceVersion")) and "selfLink" not in metadata


@dataclass(frozen=True)
class Pair:
    """The files of a client certificate and its key."""

    certificate: Path
    key: Path


@dataclass(frozen=True)
class Way:
    """How a caller connects; without `ca` it trusts the CAs of the machine."""

    scheme: str = "https"
    listener: str = LISTENERS[0]
    token: str | None = None
    ca: Path | None = None
    verify: bool = True
    pair: Pair | None = None

    def command(self, path: str, seconds: float, headers: Path) -> list[str]:
        """Return the command that sends one request; `headers` is where it finds the token."""
        headers.write_text("" if self.token is None else f"Authorization: Bearer {self.token}\n", "utf-8")
        command = [*ON_EDGE, "curl", "--silent", "--show-error", "--max-time", str(seconds), "--no-buffer"]
        command += ["--http1.1", "--noproxy", "*", "--header", f"@{headers}"]
        if self.ca:
            command += ["--cacert", str(self.ca)]
        if not self.verify:
            command.append("--insecure")
        if self.pair:
            command += ["--cert", str(self.pair.certificate), "--key", str(self.pair.key)]
        return [*command, f"{self.scheme}://{self.listener}:{PORT}{path}"]


def ask(way: Way, path: str = SERVICES, seconds: float = 15) -> Reply:
    """Send a request from the network of the edge node."""
    with tempfile.TemporaryDirectory() as folder:
        command = way.command(path, seconds, Path(folder) / "headers")
        done = subprocess.run(
            [*command, "--write-out", "\n%{http_code}"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds + 30,
            check=False,
        )
    body, _, status = done.stdout.rpartition("\n")
    return Reply(done.returncode, int(status or 0), body, done.stderr.strip())


@contextmanager
def watching(way: Way, path: str, seconds: float = 300) -> Iterator[Path]:
    """Watch a type inside the `with` block; give the file with what came."""
    with tempfile.TemporaryDirectory() as folder:
        got = Path(folder) / "events"
        with got.open("wb") as output:
            command = way.command(f"{path}?watch=true", seconds, Path(folder) / "headers")
            started = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        try:
            yield got
        finally:
            started.kill()
            started.wait()
