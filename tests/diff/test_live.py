"""A live release as a side."""

from __future__ import annotations

from typing import cast

from generator.diff.live import read_live
from generator.helm.releases import HelmReleases, LiveRelease


class FailedRelease:
    """Stands for Helm with one release whose last revision failed."""

    def read(self, name: str) -> LiveRelease:
        return LiveRelease(name, "kubeedge", "edgemesh", 3, "failed", "")


def test_a_revision_that_is_not_deployed_is_noted() -> None:
    side = read_live("edgemesh", cast(HelmReleases, FailedRelease()))
    assert side.label == "release edgemesh (revision 3)"
    assert [str(note) for note in side.notes] == [
        (
            "release edgemesh: revision 3 is failed, not deployed; the cluster may run something else"
            " (check it with helm history) [revision-not-deployed]"
        )
    ]
