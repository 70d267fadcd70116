"""Runs a helm binary through pyhelm3's command layer; the only module that knows pyhelm3.

Nothing above that layer is used: its `template` and `install_or_upgrade` join lists and drop nulls, where
Helm replaces and deletes, fetch the chart first, and know nothing of Helm 4's flags.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from pyhelm3 import errors
from pyhelm3.command import Command

# How often `beat` is called while a command runs.
BEAT_SECONDS = 15.0
Beat = Callable[[float], None]

# pyhelm3 logs every command that fails; what went wrong is in the exception.
logging.getLogger("pyhelm3").addHandler(logging.NullHandler())


class HelmFailed(Exception):
    """helm ended with an error; `no_release` says that the release does not exist."""

    def __init__(self, error: errors.Error) -> None:
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
    """Run helm, the first of `command`, with `values` on its input; raise HelmFailed.

    `beat` is called now and then with the seconds gone by.
    """
    # pyhelm3 starts a shell: with exec it becomes helm, and what stops it stops helm.
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
