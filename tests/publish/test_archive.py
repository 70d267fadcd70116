"""The archive of a chart: the same bytes on every machine."""

from __future__ import annotations

import gzip
import io
import tarfile
from hashlib import sha256

import pytest

from generator.publish.archive import archive

FILES = {"values.yaml": b"a: 1\n", "Chart.yaml": b"name: c\n", "templates/é.yaml": b"", "big": b"x" * 200_000}


def test_the_bytes_are_always_these() -> None:
    # A change of this digest gives every published version another digest.
    assert sha256(archive("c", FILES)).hexdigest() == (
        "337985f5c77dd46c30ffc1e2e7f272189d41baffba6eb9c5f5f49d71b4e37c0a"
    )


def test_the_order_of_the_files_does_not_matter() -> None:
    assert archive("c", FILES) == archive("c", dict(reversed(FILES.items())))


def test_the_archive_has_the_content_and_fixed_metadata() -> None:
    with tarfile.open(fileobj=io.BytesIO(archive("c", FILES))) as tar:
        members = tar.getmembers()
        assert [member.name for member in members] == [f"c/{name}" for name in sorted(FILES)]
        for member in members:
            file = tar.extractfile(member)
            assert file is not None
            assert file.read() == FILES[member.name.removeprefix("c/")]
            assert (member.uid, member.gid, member.uname, member.gname) == (0, 0, "", "")
            assert (member.mode, member.mtime, member.isreg()) == (0o644, 1580601600, True)


@pytest.mark.parametrize("size", [0, 1, 54_272, 65_535, 65_536, 131_070])
def test_gzip_reads_every_size(size: int) -> None:
    packed = archive("c", {"a": b"x" * size})
    assert gzip.decompress(packed).count(b"x") >= size
    assert packed[:10] == b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
