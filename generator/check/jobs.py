"""ConfigUpdateJobs: their own fields, and the fields of edgecore.yaml that they set through keadm."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator import paths
from generator.check.findings import Finding, Level, plain_finding
from generator.check.keadm import CommandPlace, release_findings, setting_findings
from generator.check.kinds import is_job
from generator.check.sources import ObjectInFile, Source
from generator.upstream import Release
from generator.upstream.check import kind, nearest

_KIND = "ConfigUpdateJob"
# The fields of spec (kubeedge v1.23.1 API/operations/v1alpha2/types_configupdate.go) and their types.
_FIELDS = {
    "updateFields": (dict, "a map"),
    "nodeNames": (list, "a list"),
    "labelSelector": (dict, "a map"),
    "concurrency": (int, "an integer"),
    "failureTolerate": (str, "a string"),
    "timeoutSeconds": (int, "an integer"),
}


def job_findings(
    objects: Sequence[ObjectInFile], sources: Sequence[Source], kubeedge: Release
) -> Iterator[Finding]:
    """Yield what is wrong with ConfigUpdateJobs, and what keadm cannot set of their fields."""
    for found in (found for found in objects if is_job(found.value)):
        spec = found.value.get("spec")
        if not isinstance(spec, dict):
            yield _found(found, ("spec",), "job-no-fields", "is missing", "give spec.updateFields")
            continue
        yield from release_findings(CommandPlace(found.file, found.line(()), _KIND, _KIND, kubeedge))
        yield from _own_findings(found, spec)
        fields = spec.get("updateFields")
        for name, value in fields.items() if isinstance(fields, dict) else ():
            path: paths.Path = ("spec", "updateFields", name)
            if not isinstance(value, str):
                what = f"must be a string, got {kind(value)}; the API server denies the job"
                yield _found(found, path, "job-type", what, "put it in quotes")
                continue
            place = CommandPlace(found.file, found.line(path), _named(path), _KIND, kubeedge)
            yield from setting_findings(f"{name}={value}", place, sources)


def _own_findings(found: ObjectInFile, spec: dict[str, object]) -> Iterator[Finding]:
    for name, value in spec.items():
        wanted, words = _FIELDS.get(name, (object, ""))
        if not words:
            what = "is no field of a ConfigUpdateJob; the API server drops it"
            yield _found(found, ("spec", name), "job-unknown-field", what, nearest(name, _FIELDS))
        elif value is not None and (not isinstance(value, wanted) or isinstance(value, bool)):
            what = f"must be {words}, got {kind(value)}; the API server denies the job"
            yield _found(found, ("spec", name), "job-type", what)
    if not spec.get("updateFields"):
        yield _found(found, ("spec", "updateFields"), "job-no-fields", "sets nothing", "name a field")
    if bool(spec.get("nodeNames")) == bool(spec.get("labelSelector")):
        both = "both are given" if spec.get("nodeNames") else "neither is given"
        what = f"nodeNames or labelSelector names the nodes, and {both}; the job ends as Failure"
        yield _found(found, ("spec", "nodeNames"), "job-nodes", what, "give exactly one of the two")
    if not spec.get("timeoutSeconds"):
        what = "without it a node whose edgecore does not come up again keeps the job InProgress for ever"
        yield _found(found, ("spec", "timeoutSeconds"), "job-no-timeout", what, "set it, e.g. 300", "warning")


def _named(path: paths.Path) -> str:
    """Write a path whose last part has dots of its own."""
    return f"{paths.text(path[:-1])}[{path[-1]}]" if "." in str(path[-1]) else paths.text(path)


def _found(
    found: ObjectInFile, path: paths.Path, code: str, what: str, fix: str = "", level: Level = "error"
) -> Finding:
    return plain_finding(code, level, found.file, found.line(path), _named(path), what, fix)
