"""Runs renderings at the same time: Helm works outside of Python's lock, in C or in its own process."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from threading import Semaphore, Thread
from typing import Generic, TypeVar

T = TypeVar("T")

# With more renderings than cores, each waits for the others, and for Go's collector: a quarter slower.
_CORES = Semaphore(os.cpu_count() or 1)


class Task(Thread, Generic[T]):
    """A thread that keeps the result or the error of a function; it waits for a free core."""

    def __init__(self, function: Callable[[], T]) -> None:
        # A daemon does not keep the process alive after an interruption.
        super().__init__(daemon=True)
        self._function = function
        self._results: list[T] = []
        self._error: BaseException | None = None

    def run(self) -> None:
        try:
            with _CORES:
                self._results.append(self._function())
        except BaseException as error:  # noqa: BLE001 (result() raises it)
            self._error = error

    def result(self) -> T:
        """Wait for the end; return the result, or raise the error."""
        self.join()
        if self._error is not None:
            raise self._error
        return self._results[0]


def at_once(functions: Sequence[Callable[[], T]]) -> list[T]:
    """Call functions at the same time; return their results, or raise the error of the first that failed."""
    if len(functions) < 2:
        return [function() for function in functions]
    tasks = [Task(function) for function in functions]
    for task in tasks:
        task.start()
    return [task.result() for task in tasks]
