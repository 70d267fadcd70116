"""The whole check: reads files and returns one report."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from typing import Any

from generator import paths
from generator.catalogue import area
from generator.catalogue.message import say
from generator.check.agreement import agreement_findings, issuer_findings
from generator.check.alone import text_findings
from generator.check.config_rules import Known, rule_findings
from generator.check.config_sets import Together, combinations
from generator.check.documents import document_findings, reject_nothing
from generator.check.fields import field_findings
from generator.check.findings import Finding, at
from generator.check.jobs import job_findings
from generator.check.keadm import command_findings
from generator.check.node_ports import all_in_use, node_ports
from generator.check.objects import key_findings, mount_findings
from generator.check.profile_match import changes_for, nearest_profile, profile_keys, profiles_of
from generator.check.releases import known_by, named_by, release_named
from generator.check.results import CheckReport, ProfileVerdict
from generator.check.sources import Reading, Source, read_sources
from generator.check.upgrade_files import steps_of_files
from generator.check.values import values_findings
from generator.components import COMPONENTS, EDGEMESH, KUBEEDGE, VERSION_KEYS
from generator.errors import UnknownOldRelease
from generator.progress import Progress, no_progress
from generator.upstream import Release, release_of
from generator.upstream.releases import default_release


def check_files(
    files: Sequence[str],
    *,
    kind: str | None = None,
    kubeedge: str | None = None,
    edgemesh: str | None = None,
    intend: str | None = None,
    target: str | None = None,
    issuer: str | None = None,
    progress: Progress = no_progress,
) -> CheckReport:
    """Check files separately and together; raise InvalidInput if there is nothing to check.

    `kind` is the kind of every file (default: recognised). `kubeedge` and `edgemesh` are the releases
    to check against (default: those that the files name, else the newest). `intend` is the profile that
    the files should match, `target` the KubeEdge release to upgrade to, `issuer` the service-account
    issuer of the cluster. Raises UnknownRelease.
    """

    def again(texts: Mapping[str, str], progress: Progress = no_progress) -> CheckReport:
        reading = read_sources(list(files), kind, texts, progress)
        reject_nothing(reading, list(files))
        return _checked(reading, kubeedge, edgemesh, intend, issuer, progress)

    report = again({}, progress)
    if any(finding.edit for finding in report.findings):
        progress("trying the fixes")
        # Imported here because it imports ruamel.yaml.
        import_module("generator.check.safe").keep_safe_edits(report, again)
    if target:
        if report.assumed:
            raise UnknownOldRelease
        new = Release.parse(KUBEEDGE, target)
        report.steps = steps_of_files(report.sources, report.kubeedge, new, report.edgemesh)
    return report


def _checked(
    reading: Reading,
    kubeedge: str | None,
    edgemesh: str | None,
    intend: str | None,
    issuer: str | None,
    progress: Progress,
) -> CheckReport:
    given = {KUBEEDGE: kubeedge, EDGEMESH: edgemesh}
    report = _begin(reading, kubeedge, edgemesh)
    ports = node_ports(reading.sources, reading.objects)
    settled = ("node-port-in-front",) if all_in_use(ports, reading.sources) else ()
    fine: dict[str, dict[str, Any]] = {}
    for number, source in enumerate(reading.sources, 1):
        progress("checking files", number, len(reading.sources))
        if source.kind in COMPONENTS:
            release = release_of(source.kind, report.kubeedge, report.edgemesh)
            found = list(field_findings(source, release, fine.get(source.kind, {})))
            report.findings += found
            if not found:
                fine.setdefault(source.kind, source.value)
        else:
            report.findings += values_findings(source, versions_for(source, report, given), settled)
    report.findings += text_findings(reading.sources)
    report.findings += _release_findings(report)
    known: Known = {}
    total = sum(source.kind == "edgecore" for source in reading.sources) or 1
    sets = combinations(reading.sources, report.kubeedge, report.edgemesh, ports)
    for number, together in enumerate(sets, 1):
        progress("checking files together", number, total)
        report.findings += [*rule_findings(together, known), *agreement_findings(together)]
        report.findings += mount_findings(reading.objects, together)
        report.findings += issuer_findings(together, issuer) if issuer else []
        _match(report, together, intend)
    report.findings += key_findings(reading.objects)
    report.findings += document_findings(reading)
    report.findings += command_findings(reading.commands, reading.sources, report.kubeedge)
    report.findings += job_findings(reading.objects, reading.sources, report.kubeedge)
    report.findings = _in_order(report)
    return report


def _begin(reading: Reading, kubeedge: str | None, edgemesh: str | None) -> CheckReport:
    known = {
        program: Release.parse(program, given) if given else _named(program, reading)
        for program, given in ((KUBEEDGE, kubeedge), (EDGEMESH, edgemesh))
    }
    return CheckReport(
        reading.sources,
        reading.others,
        known[KUBEEDGE] or default_release(KUBEEDGE),
        known[EDGEMESH] or default_release(EDGEMESH),
        assumed=known[KUBEEDGE] is None,
        objects=reading.objects,
        commands=reading.commands,
    )


def _named(program: str, reading: Reading) -> Release | None:
    """Return the release that the files name; a site without one is rendered for the default."""
    site = any(source.kind == "site" for source in reading.sources)
    found = release_named(program, reading.sources, reading.objects)
    return found or (default_release(program) if site else None)


def versions_for(source: Source, report: CheckReport, given: Mapping[str, str | None]) -> dict[str, str]:
    """Return the versions to check a values file against: given, its own, or those of the other files.

    Unknown versions are reported by the checks of the values.
    """
    read_as = {KUBEEDGE: report.kubeedge, EDGEMESH: report.edgemesh}
    versions = {}
    for program, release in read_as.items():
        own = known_by(source, program)
        named = source.kind == "site" or VERSION_KEYS[program] in source.value
        found = given[program] or (own.tag if own else None if named else release.tag)
        if found:
            versions[program] = found
    return versions


def _release_findings(report: CheckReport) -> Iterator[Finding]:
    """Yield the files that name another release than the one that they are checked against."""
    for source in report.sources:
        if source.kind not in COMPONENTS and source.kind != "site":
            continue
        named = next(named_by(source, KUBEEDGE), None)
        own = known_by(source, KUBEEDGE)
        if named and own and own.minor != report.kubeedge.minor:
            message = say("file-of-other-release", version=named.version, release=str(report.kubeedge))
            yield at(source, named.key, message)


def _match(report: CheckReport, together: Together, intend: str | None) -> None:
    """Add the profile that a set matches; equal sets share a verdict."""
    if "edgecore" not in together.sources and "edgemesh-agent" not in together.sources:
        return
    edge = together.sources.get("edgecore")
    name = edge.file if edge else ""
    effective = [together.effective(key) for key in profile_keys(together)]
    known = (name, sys.intern(repr(effective)))
    verdict = report.known.get(known)
    if verdict is None:
        verdict = report.known[known] = _verdict(report, together, effective, intend)
        report.verdicts.append(verdict)
    if edge:
        verdict.edges.append(f"{edge.file}:{edge.line(())}")


def _verdict(
    report: CheckReport, together: Together, effective: list[Any], intend: str | None
) -> ProfileVerdict:
    """Return the profile that a set matches; the sets of a report differ in edgecore.yaml only."""
    given = repr((effective, [paths.first(together.values, key) for key in profile_keys(together)]))
    first = report.alike.get(given)
    if first is None:
        found = profiles_of(together)
        intended = intend or (found[0] if found else nearest_profile(together))
        changes = changes_for(together, intended) if intended not in found else []
        first = report.alike[given] = ProfileVerdict(found, together.kubeedge, intended, changes)
    placed = ((change, together.source_of(change.key)) for change in first.changes)
    changes = [replace(change, file=found[0].file) for change, found in placed if found]
    return replace(first, changes=changes, edges=[])


def _in_order(report: CheckReport) -> list[Finding]:
    """Drop findings that several sets share, and rules about a value that the field table rejected."""
    ruled = area("rules").keys() | area("agreement").keys()
    rejected = {
        (f.file, f.line, f.key) for f in report.findings if f.level == "error" and f.code not in ruled
    }
    kept = [
        finding
        for finding in dict.fromkeys(report.findings)
        if finding.code not in area("rules") or (finding.file, finding.line, finding.key) not in rejected
    ]
    order = {source.file: number for number, source in reversed(list(enumerate(report.sources)))}
    return sorted(kept, key=lambda f: (order.get(f.file, 0), f.line))
