"""Reading files that a user names: size limits, and no devices."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from generator.errors import UnreadableFile
from generator.io import files


@pytest.mark.parametrize("name", ["/dev/full", "/dev/zero"])
def test_a_device_is_rejected(name: str) -> None:
    with pytest.raises(UnreadableFile, match=f"{name}: is a device, not a file"):
        files.read_text(name)


def test_the_null_device_is_read_as_an_empty_file() -> None:
    assert files.read_text(os.devnull) == ""


def test_a_file_over_the_size_limit_is_not_read_completely(tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(b"x" * (1024 * 1024 + 1))
    with pytest.raises(UnreadableFile, match="large: is larger than 1 MiB"):
        files.read_bytes(tmp_path / "large", largest=1024 * 1024)


def test_shell_pipes_are_read_and_named_pipes_only_if_allowed(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.write(writer, b"x")
    os.close(writer)
    assert files.read_bytes(f"/dev/fd/{reader}", pipes=False) == b"x"
    os.close(reader)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UnreadableFile, match="pipe: is a named pipe, not a file"):
        files.read_bytes(tmp_path / "pipe", pipes=False)


def test_an_endless_standard_input_is_rejected() -> None:
    code = "from generator.io import files; files.LARGEST = 4096; files.read_text('-')"
    with Path("/dev/zero").open("rb") as endless:
        ran = subprocess.run([sys.executable, "-c", code], stdin=endless, capture_output=True, check=False)
    assert b"is larger than" in ran.stderr
