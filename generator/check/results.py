"""What a check found: the report with its findings, and the profile that the files match."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from generator.check.commands import Command
from generator.check.findings import Finding
from generator.check.groups import merged
from generator.check.profile_match import ProfileChange
from generator.check.sources import ObjectInFile, Source
from generator.check.upgrade import UpgradeStep
from generator.errors import count
from generator.model.profiles import profile
from generator.upstream import Release


@dataclass
class ProfileVerdict:
    """Which profile a set of files amounts to, and what it takes to be the intended one."""

    profiles: list[str]
    release: Release
    intended: str
    changes: list[ProfileChange]
    # The edgecore.yaml of each set that comes to this.
    edges: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        if len(self.profiles) == 1:
            sentence = f"this is {self.profiles[0]} on {self.release}: {profile(self.profiles[0]).summary}"
        elif self.profiles:
            some = f"{', '.join(self.profiles[:-1])} or {self.profiles[-1]}"
            sentence = f"this is {some} on {self.release}; edgemesh-agent.yaml would tell which"
        else:
            sentence = f"this is none of the profiles on {self.release}; {self.intended} is the nearest"
        if self.changes:
            number = count(len(self.changes), "change")
            lines = [f"  {change}" for change in self.changes]
            return "\n".join([sentence, f"to make it {self.intended}, {number}:", *lines])
        return sentence


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
    known: dict[tuple[str, str], ProfileVerdict] = field(default_factory=dict, repr=False)
    findings: list[Finding] = field(default_factory=list)
    verdicts: list[ProfileVerdict] = field(default_factory=list)
    steps: list[UpgradeStep] = field(default_factory=list)
    # What the safe edits make of a file, and their number; why a file cannot be rewritten.
    fixed: dict[str, tuple[str, int]] = field(default_factory=dict, repr=False)
    unfixable: dict[str, str] = field(default_factory=dict)

    @property
    def clean(self) -> bool:
        """Say whether there is no problem; warnings are none."""
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
