"""Runs helm against a cluster through pyhelm3's command layer; the only module that knows pyhelm3.

The higher functions of pyhelm3 are not used. `template` and `install_or_upgrade` join lists and drop nulls,
but Helm replaces lists and deletes keys. They also fetch the chart first and do not know the flags of Helm 4.
"""

from __future__ import annotations

import asyncio
import importlib.util
import logging
import sys
import time
from collections.abc import Callable, Coroutine
from importlib import import_module
from pathlib import Path
from typing import Any


def _command_layer() -> tuple[Any, Any]:
    """Return the module pyhelm3.errors and the class Command, without importing the package around them.

    It imports its models, which are a third of all imports of `generator install`. A later `import pyhelm3`
    imports the whole package.
    """
    found = importlib.util.find_spec("pyhelm3")
    apart = found is not None and "pyhelm3" not in sys.modules
    if found is not None and apart:
        # The package, not executed.
        sys.modules["pyhelm3"] = importlib.util.module_from_spec(found)
    try:
        return import_module("pyhelm3.errors"), import_module("pyhelm3.command").Command
    finally:
        if apart:
            del sys.modules["pyhelm3"]


errors, Command = _command_layer()
# The interval between calls of `beat` while a command runs.
BEAT_SECONDS = 15.0
Beat = Callable[[float], None]

# Silence the log of pyhelm3: the exception has the same error.
logging.getLogger("pyhelm3").addHandler(logging.NullHandler())


class HelmFailed(Exception):
    """helm ended with an error; `no_release` says that the release does not exist."""

    def __init__(self, error: Exception) -> None:
        self.stderr = getattr(error, "stderr", b"").decode(errors="replace").strip()
        self.no_release = isinstance(error, errors.ReleaseNotFoundError)
        super().__init__(self.stderr or str(error))


def run_helm(
    command: list[str],
    values: bytes | None = None,
    *,
    beat: Beat | None = None,
    kubeconfig: str | None = None,
    context: str | None = None,
) -> bytes:
    """Run `command`, which starts with helm, with `values` on standard input; raise HelmFailed.

    `beat` is called regularly with the seconds since the start.
    """
    # pyhelm3 starts a shell. With exec, helm replaces the shell, so stopping the process stops helm.
    config = Path(kubeconfig) if kubeconfig else None
    helm = Command(executable="exec", kubeconfig=config, kubecontext=context)
    try:
        return asyncio.run(_watched(helm.run(command, values), beat))
    except errors.Error as error:
        raise HelmFailed(error) from None


async def _watched(running: Coroutine[Any, Any, bytes], beat: Beat | None) -> bytes:
    """Wait for a command; stop a cancelled one and wait for its end."""
    task = asyncio.ensure_future(running)
    started = time.monotonic()
    try:
        while not (await asyncio.wait({task}, timeout=BEAT_SECONDS))[0]:
            if beat is not None:
                beat(time.monotonic() - started)
    except asyncio.CancelledError:
        task.cancel()
        await asyncio.wait({task})
        raise
    return task.result()
