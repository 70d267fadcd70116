"""An OCI registry and a web server on loopback, and helm without the settings of this machine."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.helm.binaries import BINARIES
from tests.levels import program

# The first releases of Helm 3 use http for loopback without a flag, and do not know the flag.
_NO_FLAG = (3, 10)


@dataclass(frozen=True)
class Registry:
    """The address of a running registry."""

    address: str

    def flags(self, binary: str) -> list[str]:
        """Return the flags with which a helm speaks http to the registry."""
        return [] if BINARIES[binary] == _NO_FLAG else ["--plain-http"]


@contextmanager
def run() -> Iterator[Registry]:
    """Run the registry of tools/registry, which is empty, on a free port."""
    with subprocess.Popen(
        [program("registry")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        yield Registry(process.stdout.readline().strip())
        process.stdin.close()  # it ends with its standard input


@contextmanager
def web_server(folder: Path) -> Iterator[str]:
    """Serve the files of a folder on a free port; return the address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Log nothing."""


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return an environment with an empty home, so that helm finds no repository and no login."""
    return {"PATH": os.environ["PATH"], "HOME": str(home), **more}


def helm(binary: str, home: Path, *arguments: str, folder: Path | None = None) -> str:
    """Run a helm with an empty home; it must succeed. Return its output, warnings left out."""
    done = subprocess.run(
        [program(binary), *arguments],
        cwd=folder or home,
        env=environment(home),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"helm {' '.join(arguments)}: {done.stderr}"
    return done.stdout
