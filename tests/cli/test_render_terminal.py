"""`generator render` on a terminal ends with what to do before you apply; in a pipe it does not."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pexpect
import pytest

from generator.locations import ROOT

RENDER = f"{sys.executable} -m generator render --profile one-way-verified --chart edgemesh"


@pytest.mark.parametrize(
    ("streams", "shown"), [(">/dev/null", True), (">/dev/null 2>stderr", False), ("2>stderr", False)]
)
def test_the_list_is_shown_where_standard_error_is_a_terminal(
    streams: str, shown: bool, tmp_path: Path
) -> None:
    env = {**os.environ, "NO_COLOR": "1", "PYTHONPATH": str(ROOT)}
    text, code = pexpect.run(
        f"/bin/sh -c '{RENDER} {streams}'", withexitstatus=True, cwd=str(tmp_path), env=env, timeout=120
    )
    assert code == 0
    assert (b"Before you apply in namespace kubeedge:" in text) is shown
    assert not [path for path in tmp_path.glob("stderr") if "Before you apply" in path.read_text("utf-8")]
