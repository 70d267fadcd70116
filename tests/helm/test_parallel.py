"""Renderings at the same time: the order of results, and the first error."""

from __future__ import annotations

from threading import Barrier

import pytest

from generator.helm.parallel import at_once


def test_results_keep_their_order_and_run_at_the_same_time() -> None:
    # Each function waits for the others.
    barrier = Barrier(3, timeout=20)

    def wait(number: int) -> int:
        barrier.wait()
        return number

    assert at_once([lambda: wait(1), lambda: wait(2), lambda: wait(3)]) == [1, 2, 3]


def test_the_error_of_the_first_function_is_raised() -> None:
    def fail(text: str) -> int:
        raise ValueError(text)

    with pytest.raises(ValueError, match="first"):
        at_once([lambda: 1, lambda: fail("first"), lambda: fail("second")])


def test_a_single_function_needs_no_thread() -> None:
    assert at_once([lambda: 7]) == [7]
    assert at_once([]) == []
