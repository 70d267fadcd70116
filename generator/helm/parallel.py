"""Runs renderings at the same time: Helm works outside of Python's lock, in C or in its own process."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import cache
from queue import SimpleQueue
from threading import Event, Thread
from typing import Any, Generic, TypeVar

T = TypeVar("T")

# With more renderings than cores, each waits for the others, and for Go's collector: a quarter slower, and on
# one core a third. Only Linux tells how many cores the process may use.
_THREADS = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Task(Generic[T]):
    """A call of a function in another thread, with its result or its error; it waits for a free core.

    The function must not wait for another task: with one core, none would run.
    """

    def __init__(self, function: Callable[[], T]) -> None:
        self._function = function
        self._results: list[T] = []
        self._error: BaseException | None = None
        self._done = Event()

    def start(self) -> None:
        """Begin when a thread is free."""
        _waiting().put(self)

    def run(self) -> None:
        """Call the function."""
        try:
            self._results.append(self._function())
        except BaseException as error:  # noqa: BLE001 (result() raises it)
            self._error = error
        self._done.set()

    def result(self) -> T:
        """Wait for the end; return the result, or raise the error."""
        self._done.wait()
        if self._error is not None:
            raise self._error
        return self._results[0]


@cache
def _waiting() -> SimpleQueue[Task[Any]]:
    """Return the queue from which the threads take tasks.

    They stay, because Go prepares every new thread that calls it: a seventh of the time of a rendering.
    """
    queue: SimpleQueue[Task[Any]] = SimpleQueue()
    for _ in range(_THREADS):
        # A daemon does not keep the process alive after an interruption.
        Thread(target=_work, args=(queue,), daemon=True).start()
    return queue


def _work(queue: SimpleQueue[Task[Any]]) -> None:
    while True:
        queue.get().run()


def at_once(functions: Sequence[Callable[[], T]]) -> list[T]:
    """Call functions at the same time; return their results, or raise the error of the first that failed."""
    if len(functions) < 2:
        return [function() for function in functions]
    tasks = [Task(function) for function in functions]
    for task in tasks:
        task.start()
    return [task.result() for task in tasks]
