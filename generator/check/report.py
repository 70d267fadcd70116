"""The whole check: files in, one report out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from generator.check.commands import Command
from generator.check.documents import document_findings, refuse_nothing
from generator.check.fields import field_findings
from generator.check.findings import Finding, at
from generator.check.jobs import job_findings
from generator.check.keadm import command_findings
from generator.check.objects import key_findings, mount_findings
from generator.check.sources import CONFIGS, Object, Reading, Source, read_sources
from generator.check.together import (
    Change,
    Together,
    agreement_findings,
    changes_for,
    combinations,
    issuer_findings,
    nearest_profile,
    profile_keys,
    profiles_of,
    rule_findings,
)
from generator.check.upgrade import Step, definition_steps, upgrade_steps
from generator.check.values import values_findings
from generator.errors import count
from generator.model.profiles import profile
from generator.model.site import Site
from generator.upstream import EDGEMESH, KUBEEDGE, Release, UnknownRelease, program_of
from generator.upstream.releases import minors


@dataclass
class Verdict:
    """Which profile a set of files amounts to, and what it takes to be the intended one."""

    profiles: list[str]
    release: Release
    intended: str
    changes: list[Change]
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
class Report:
    """Everything that a check found."""

    sources: list[Source]
    others: dict[str, int]
    kubeedge: Release
    edgemesh: Release
    assumed: bool
    objects: list[Object] = field(default_factory=list, repr=False)
    commands: list[Command] = field(default_factory=list)
    known: dict[tuple[str, str], Verdict] = field(default_factory=dict, repr=False)
    findings: list[Finding] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Say whether there is no problem; warnings are none."""
        return all(finding.level == "warning" for finding in self.findings)


def check_files(
    files: Sequence[str],
    *,
    kind: str | None = None,
    kubeedge: str | None = None,
    edgemesh: str | None = None,
    intend: str | None = None,
    target: str | None = None,
    issuer: str | None = None,
) -> Report:
    """Check files by themselves and together; raise InvalidInput for what cannot be read or checked.

    `kind` says what every file is instead of recognising it. `kubeedge` and `edgemesh` are the
    releases that read the files (default: what the files say, else the newest). `intend` names the
    profile they should amount to, `target` the KubeEdge release to go to, `issuer` the cluster's
    service-account issuer. Raises UnknownRelease.
    """
    reading = read_sources(list(files), kind)
    refuse_nothing(reading, list(files))
    report = _begin(reading, kubeedge, edgemesh)
    for source in reading.sources:
        if source.kind in CONFIGS:
            release = report.edgemesh if program_of(source.kind) == EDGEMESH else report.kubeedge
            report.findings += field_findings(source, release)
        else:
            report.findings += values_findings(source)
    report.findings += _release_findings(report)
    for together in combinations(reading.sources, report.kubeedge, report.edgemesh):
        report.findings += [*rule_findings(together), *agreement_findings(together)]
        report.findings += mount_findings(reading.objects, together)
        report.findings += issuer_findings(together, issuer) if issuer else []
        _judge(report, together, intend)
    report.findings += key_findings(reading.objects)
    report.findings += document_findings(reading)
    report.findings += command_findings(reading.commands, reading.sources, report.kubeedge)
    report.findings += job_findings(reading.objects, reading.sources, report.kubeedge)
    report.findings = _in_order(report)
    if target:
        report.steps = _steps(report, Release.parse(KUBEEDGE, target))
    return report


def _begin(reading: Reading, kubeedge: str | None, edgemesh: str | None) -> Report:
    said = kubeedge or _said(reading.sources)
    default = str(Site.model_fields["kubeedgeVersion"].default)
    mesh = edgemesh or str(Site.model_fields["edgemeshVersion"].default)
    return Report(
        reading.sources,
        reading.others,
        Release.parse(KUBEEDGE, said or default),
        Release.parse(EDGEMESH, mesh),
        assumed=said is None,
        objects=reading.objects,
        commands=reading.commands,
    )


def _said(sources: Sequence[Source]) -> str | None:
    """Return the release that a file names: edgecoreVersion, kubeedgeVersion, or v1alpha1's last."""
    for source in sources:
        version = _names(source)
        if version:
            return version
    old = any(
        s.kind == "edgecore" and str(s.value.get("apiVersion", "")).endswith("/v1alpha1") for s in sources
    )
    return "1.11" if old and "1.11" in minors(KUBEEDGE) else None


def _names(source: Source) -> str | None:
    """Return the known release that a file names, None if it names none."""
    for key in ("edgecoreVersion", "kubeedgeVersion"):
        version = source.value.get(key)
        with suppress(UnknownRelease):
            if isinstance(version, str):
                return Release.parse(KUBEEDGE, version).tag
    return None


def _release_findings(report: Report) -> Iterator[Finding]:
    """Yield where a file names another release than the one that all are read as."""
    for source in report.sources:
        named = _names(source)
        if named and Release.parse(KUBEEDGE, named).minor != report.kubeedge.minor:
            what = f"is {source.value.get('edgecoreVersion', named)}, the file is read as {report.kubeedge}"
            fix = "check files of different releases one by one, or give --kubeedge-version"
            key = next(name for name in ("edgecoreVersion", "kubeedgeVersion") if name in source.value)
            yield at(source, (key,), "release", what, fix, level="warning")


def _judge(report: Report, together: Together, intend: str | None) -> None:
    """Add what a set amounts to; sets that are alike share a verdict."""
    if "edgecore" not in together.sources and "edgemesh-agent" not in together.sources:
        return
    edge = together.sources.get("edgecore")
    name = edge.file if edge else ""
    known = (name, repr([together.effective(key) for key in profile_keys(together)]))
    verdict = report.known.get(known)
    if verdict is None:
        found = profiles_of(together)
        intended = intend or (found[0] if found else nearest_profile(together))
        changes = changes_for(together, intended) if intended not in found else []
        verdict = report.known[known] = Verdict(found, together.kubeedge, intended, changes)
        report.verdicts.append(verdict)
    if edge:
        verdict.edges.append(f"{edge.file}:{edge.line(())}")


def _in_order(report: Report) -> list[Finding]:
    """Drop what several sets say alike, and what a rule says of a value that the table refused already."""
    refused = {
        (f.file, f.line, f.key) for f in report.findings if not f.rule.startswith(("rule/", "together/"))
    }
    kept = [
        finding
        for finding in dict.fromkeys(report.findings)
        if not finding.rule.startswith("rule/") or (finding.file, finding.line, finding.key) not in refused
    ]
    order = {source.file: number for number, source in reversed(list(enumerate(report.sources)))}
    return sorted(kept, key=lambda f: (order.get(f.file, 0), f.line))


def _steps(report: Report, new: Release) -> list[Step]:
    steps = [
        step
        for source in report.sources
        if source.kind in ("cloudcore", "edgecore")
        for step in upgrade_steps(source, report.kubeedge, new)
    ]
    return [*steps, *definition_steps(report.kubeedge, new)]


def as_dict(report: Report) -> dict[str, Any]:
    """Return a report as the plain data that `--format json` prints."""
    files = [{"file": s.file, "kind": s.kind, "inside": s.inside, "line": s.line(())} for s in report.sources]
    return {
        "version": 1,
        "kubeedge": report.kubeedge.tag,
        "edgemesh": report.edgemesh.tag,
        "releaseAssumed": report.assumed,
        "files": files,
        "others": report.others,
        "findings": [finding.as_dict() for finding in report.findings],
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
