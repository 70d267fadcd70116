"""Packs a chart into an archive that is the same, byte for byte, on every machine.

`helm package` stores the times of the files, and compresses; the output of a compressor differs between zlib
releases and its replacements, such as zlib-ng. So this archive is gzip without compression.
"""

from __future__ import annotations

import io
import struct
import tarfile
import zlib
from collections.abc import Iterator, Mapping

# 2020-02-02, the date that hatchling gives to the files of the wheel.
FIXED_TIME = 1580601600
_MODE = 0o644
# RFC 1952: deflate, no flags, no time, no extra flags, unknown operating system.
_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
# RFC 1951: the length of a stored block has 16 bits.
_LARGEST_BLOCK = 0xFFFF


def archive(chart: str, files: Mapping[str, bytes]) -> bytes:
    """Return a .tgz with the files below a folder named after the chart, sorted by path."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT, encoding="utf-8") as tar:
        for name in sorted(files):
            entry = tarfile.TarInfo(f"{chart}/{name}")
            entry.size, entry.mode, entry.mtime = len(files[name]), _MODE, FIXED_TIME
            tar.addfile(entry, io.BytesIO(files[name]))
    data = buffer.getvalue()
    return b"".join([_GZIP_HEADER, *_stored(data), struct.pack("<II", zlib.crc32(data), len(data))])


def _stored(data: bytes) -> Iterator[bytes]:
    """Yield data as stored blocks: the mark of the last block, the length, its complement, the content."""
    starts = range(0, len(data), _LARGEST_BLOCK)
    for start in starts:
        block = data[start : start + _LARGEST_BLOCK]
        yield struct.pack("<BHH", start == starts[-1], len(block), len(block) ^ 0xFFFF)
        yield block
