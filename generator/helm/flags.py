"""The flags of `helm upgrade` and `helm uninstall` that differ between Helm 3.10 and 4."""

from __future__ import annotations

from dataclasses import dataclass

from generator.errors import HelmError

Version = tuple[int, ...]


@dataclass(frozen=True)
class UpgradeOptions:
    """How to install the releases; `seconds` is the longest wait for each release."""

    seconds: int = 300
    wait: bool = True
    roll_back: bool = False
    take_ownership: bool = False


def upgrade_flags(helm: Version, wish: UpgradeOptions) -> list[str]:
    """Return the flags of `helm upgrade --install` for options; raise HelmError if this Helm lacks one."""
    flags = wait_flags(wish.seconds, wait=wish.wait)
    if wish.roll_back:
        flags.append("--atomic" if helm < (4,) else "--rollback-on-failure")
    if wish.take_ownership:
        if helm < (3, 17):
            fix = "install Helm 3.17 or newer, or annotate the objects as docs/install.md describes"
            raise HelmError(f"helm {'.'.join(map(str, helm))} has no --take-ownership", fix)
        flags.append("--take-ownership")
    if helm >= (4,):
        # Without these, Helm 4 fails on fields that others wrote last, as cloudcore does in its ConfigMap.
        # Manual changes are reverted, as Helm 3 does.
        flags += ["--server-side=true", "--force-conflicts"]
    return flags


def wait_flags(seconds: int, *, wait: bool) -> list[str]:
    """Return the flags for whether and how long helm waits."""
    return [*(["--wait"] if wait else []), "--timeout", f"{seconds}s"]
