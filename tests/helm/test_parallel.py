"""Renderings at the same time: how many, the order of results, and the first error."""

from __future__ import annotations

import os
import runpy
from functools import cache, partial
from threading import Barrier

import pytest

from generator.helm import parallel
from generator.helm.parallel import at_once


def test_results_keep_their_order_and_as_many_run_as_there_are_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "_THREADS", 3)
    # New threads for this test.
    monkeypatch.setattr(parallel, "_waiting", cache(parallel._waiting.__wrapped__))
    # Each function waits for two others.
    barrier = Barrier(3, timeout=20)
    running = list[int]()
    most = 0

    def wait(number: int) -> int:
        nonlocal most
        running.append(number)
        barrier.wait()
        most = max(most, len(running))
        barrier.wait()
        running.remove(number)
        return number

    numbers = list(range(9))
    assert at_once([partial(wait, number) for number in numbers]) == numbers
    assert most == 3


def test_a_process_that_may_use_one_core_has_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {5}, raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    assert runpy.run_path(parallel.__file__)["_THREADS"] == 1


def test_the_error_of_the_first_function_is_raised() -> None:
    def fail(text: str) -> int:
        raise ValueError(text)

    with pytest.raises(ValueError, match="first"):
        at_once([lambda: 1, lambda: fail("first"), lambda: fail("second")])


def test_a_single_function_needs_no_thread() -> None:
    assert at_once([lambda: 7]) == [7]
    assert at_once([]) == []
