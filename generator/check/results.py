"""The report of a check: its findings, and the profile that the files match."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from generator.catalogue.message import Message
from generator.check.commands import Command
from generator.check.findings import Finding
from generator.check.groups import merged
from generator.check.profile_match import ProfileChange
from generator.check.sources import ObjectInFile, Source
from generator.check.upgrade import UpgradeStep
from generator.upstream import Release


@dataclass
class ProfileVerdict:
    """The profiles that a set of files matches, and the changes needed for the intended one.

    Without edgemesh-agent.yaml several profiles may match.
    """

    profiles: list[str]
    release: Release
    intended: str
    changes: list[ProfileChange]
    # The edgecore.yaml of each set with this verdict.
    edges: list[str] = field(default_factory=list)


@dataclass
class CheckReport:
    """Everything that a check found."""

    sources: list[Source]
    others: dict[str, int]
    kubeedge: Release
    edgemesh: Release
    assumed: bool
    objects: list[ObjectInFile] = field(default_factory=list, repr=False)
    commands: list[Command] = field(default_factory=list)
    # The verdict of each edgecore.yaml and values, and the first verdict of all files for the same values.
    known: dict[tuple[str, str], ProfileVerdict] = field(default_factory=dict, repr=False)
    alike: dict[str, ProfileVerdict] = field(default_factory=dict, repr=False)
    findings: list[Finding] = field(default_factory=list)
    verdicts: list[ProfileVerdict] = field(default_factory=list)
    steps: list[UpgradeStep] = field(default_factory=list)
    # The text of each file after the safe edits, with their number; why a file cannot be rewritten.
    fixed: dict[str, tuple[str, int]] = field(default_factory=dict, repr=False)
    unfixable: dict[str, Message] = field(default_factory=dict)

    @property
    def clean(self) -> bool:
        """Return whether there is no problem; warnings do not count."""
        return all(finding.level == "warning" for finding in self.findings)


def as_dict(report: CheckReport) -> dict[str, Any]:
    """Return a report as the plain data that `--format json` prints."""
    files = [{"file": s.file, "kind": s.kind, "inside": s.inside, "line": s.line(())} for s in report.sources]
    return {
        "version": 1,
        "kubeedge": report.kubeedge.tag,
        "edgemesh": report.edgemesh.tag,
        "releaseAssumed": report.assumed,
        "files": files,
        "others": report.others,
        "findings": [finding.as_dict() for finding in merged(report.findings)],
        "profiles": [
            {
                "profiles": verdict.profiles,
                "edges": verdict.edges,
                "intended": verdict.intended,
                "changes": [
                    {
                        "file": c.file,
                        "key": c.key.split(".", 1)[1],
                        "now": c.now,
                        "wanted": c.wanted,
                        "why": c.why,
                    }
                    for c in verdict.changes
                ],
            }
            for verdict in report.verdicts
        ],
        "upgrade": [step.as_dict() for step in report.steps],
    }
