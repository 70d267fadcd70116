"""Stop a command at each of its file operations, and run it again.

    for stop in stops(folder, work, ["certs", "issue", "-o", "certs"]):
        ...  # stop.folder: a copy of `folder`, in which the command was stopped and then run again

The command runs in forks of one process that has the package loaded. An audit hook counts what it does
to files below its folder: each file opened for writing (before it exists, and while it is empty),
and each rename, link, removal, change of mode and new folder.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
KILL, INTERRUPT, FAIL = "kill", "interrupt", "fail"
# More operations than any tested command has; this ends the loop.
_MOST = 400
_SECONDS = 120
_COUNTED = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.chmod")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC

Tree = dict[str, tuple[bytes, int]]


@dataclass(frozen=True)
class Stop:
    """One stop: the operation, the files left, and the result of the second run."""

    operation: str
    folder: Path
    left: Tree
    first: int
    again: int
    output: str


def tree(folder: Path) -> Tree:
    """Map every file below a folder, hidden ones too, to its content and mode."""
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mode & 0o777)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def stops(
    folder: Path, work: Path, command: Sequence[str], how: str = KILL, setup: str = "", warm: bool = True
) -> Iterator[Stop]:
    """Yield a stop for every operation of a command that runs in copies of `folder` below `work`.

    `setup` names a function, `module:function`, that is called with the copy before the command runs.
    Without `warm` the command is not run once before the forks: a Go library does not survive a fork.
    """
    asked: dict[str, Any] = {"folder": str(folder), "work": str(work), "command": list(command), "how": how}
    asked |= {"setup": setup, "warm": warm}
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.stops", json.dumps(asked)], stdout=subprocess.PIPE, env=environment
    ) as worker:
        assert worker.stdout
        lines = 0
        for line in worker.stdout:
            lines += 1
            yield _read(json.loads(line))
        assert worker.wait() == 0
    assert lines > 1


def _read(data: dict[str, Any]) -> Stop:
    left = Path(data["folder"] + ".left")
    found = Stop(
        data["operation"], Path(data["folder"]), tree(left), data["first"], data["again"], data["output"]
    )
    shutil.rmtree(left)
    return found


# --- in the other process -------------------------------------------------------------------


def _work(asked: dict[str, Any]) -> None:
    """Stop at operation 0, 1, 2 and so on, until the command completes."""
    if asked["warm"]:
        _warm(asked)
    for number in range(_MOST):
        folder = Path(asked["work"]) / str(number)
        shutil.copytree(asked["folder"], folder, symlinks=True)
        operation = folder.with_suffix(".operation")
        first, _ = _fork(folder, asked, number, operation)
        if not operation.exists():
            return
        shutil.copytree(folder, folder.with_suffix(".left"), symlinks=True)
        again, output = _fork(folder, asked, None, operation)
        found = {"operation": operation.read_text(), "folder": str(folder), "first": first}
        sys.stdout.write(json.dumps({**found, "again": again, "output": output}) + "\n")
        sys.stdout.flush()
    raise AssertionError("the command never gets through")


def _warm(asked: dict[str, Any]) -> None:
    """Run the command once, so that the forks have all modules loaded."""
    folder = Path(asked["work"]) / "warm"
    shutil.copytree(asked["folder"], folder, symlinks=True)
    here = Path.cwd()
    os.chdir(folder)
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        _command(folder, asked, None, folder)
    os.chdir(here)


def _fork(folder: Path, asked: dict[str, Any], number: int | None, operation: Path) -> tuple[int, str]:
    """Run the command in a fork; return its exit code, negative for a signal, and what it printed."""
    printed = folder.with_suffix(".out")
    child = os.fork()
    if child == 0:
        output = os.open(printed, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.chdir(folder)
        signal.alarm(_SECONDS)
        os._exit(_command(folder, asked, number, operation))
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), printed.read_text("utf-8")


def _command(folder: Path, asked: dict[str, Any], number: int | None, operation: Path) -> int:
    from importlib import import_module

    from generator.cli.main import main

    if asked["setup"]:
        module, _, name = asked["setup"].partition(":")
        getattr(import_module(module), name)(folder)
    if number is not None:
        sys.addaudithook(_Stopper(folder, asked["how"], number, operation))
    code: Any = 0
    try:
        main(asked["command"])
    except SystemExit as end:
        code = end.code
    sys.stdout.flush()
    sys.stderr.flush()
    return int(code or 0)


class _Stopper:
    """An audit hook that stops the process at the operation with this number."""

    def __init__(self, folder: Path, how: str, number: int, operation: Path) -> None:
        self.folder, self.how, self.left, self.operation = folder, how, number, operation
        self.busy = False

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.busy or self.left < 0:
            return
        self.busy = True
        try:
            self._count(event, arguments)
        finally:
            self.busy = False

    def _count(self, event: str, arguments: tuple[Any, ...]) -> None:
        opened = event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING
        if not (opened or event in _COUNTED) or isinstance(arguments[0], int):
            return
        path = Path.cwd() / os.fsdecode(arguments[0])
        if not path.is_relative_to(self.folder):
            return
        self._step(f"{event} {path}")
        if opened and self.how == KILL and not os.path.lexists(path):
            # A process can also be killed after it created a file and before it wrote to it.
            if self.left == 0:
                path.touch(0o600)
            self._step(f"{event} {path}, empty")

    def _step(self, what: str) -> None:
        self.left -= 1
        if self.left >= 0:
            return
        self.operation.write_text(what)
        if self.how == KILL:
            os.kill(os.getpid(), signal.SIGKILL)
        if self.how == INTERRUPT:
            raise KeyboardInterrupt
        raise OSError(28, "No space left on device", what)


if __name__ == "__main__":
    _work(json.loads(sys.argv[1]))
