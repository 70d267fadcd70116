"""The command, run in this process in an empty folder; a quick key for tests that read no exact digests."""

import hashlib
from collections.abc import Iterator

import pytest

from tests.cli.conftest import run

__all__ = ["quick_key", "run"]


@pytest.fixture(scope="module")
def quick_key() -> Iterator[None]:
    """Derive the key of the digests with 2 rounds, not 16 384. The golden files have the real digests."""
    scrypt = hashlib.scrypt

    def quick(secrets: bytes, *, salt: bytes, n: int, r: int, p: int, dklen: int) -> bytes:
        assert n == 2**14
        return scrypt(secrets, salt=salt, n=2, r=r, p=p, dklen=dklen)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hashlib, "scrypt", quick)
        yield
