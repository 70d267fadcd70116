"""The KubeEdge releases whose programs `make test-edge` runs, by the names in tools/kubeedge/."""

from __future__ import annotations

from pathlib import Path

PINNED = Path(__file__).resolve().parents[2] / "tools" / "kubeedge"


def version(release: str) -> str:
    """Return the full version of a release, such as v1.23.1 of 1.23."""
    line = "require github.com/kubeedge/kubeedge "
    for found in (PINNED / release / "go.mod").read_text("utf-8").splitlines():
        if found.startswith(line):
            return found.removeprefix(line)
    raise LookupError(f"{release}: not in {PINNED}")


def releases() -> list[str]:
    """Return all releases, the oldest first."""
    found = (one.name for one in PINNED.iterdir() if one.is_dir())
    return sorted(found, key=lambda name: tuple(map(int, name.split("."))))
