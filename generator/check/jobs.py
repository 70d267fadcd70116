"""ConfigUpdateJobs: their own fields, and the fields of edgecore.yaml that they set through keadm."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator import paths
from generator.catalogue.message import Message, say
from generator.check.findings import Finding, finding
from generator.check.keadm import CommandPlace, release_findings, setting_findings
from generator.check.kinds import is_job
from generator.check.sources import ObjectInFile, Source
from generator.upstream import Release
from generator.upstream.check import kind, nearest_name

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
    """Yield what is wrong with ConfigUpdateJobs, and the fields that keadm cannot set for them."""
    for found in (found for found in objects if is_job(found.value)):
        spec = found.value.get("spec")
        if not isinstance(spec, dict):
            yield _found(found, ("spec",), say("job-no-fields", "spec"))
            continue
        yield from release_findings(CommandPlace(found.file, found.line(()), _KIND, _KIND, kubeedge))
        yield from _own_findings(found, spec)
        fields = spec.get("updateFields")
        for name, value in fields.items() if isinstance(fields, dict) else ():
            path: paths.Path = ("spec", "updateFields", name)
            if not isinstance(value, str):
                yield _found(found, path, say("job-type", "quotes", wanted="a string", got=kind(value)))
                continue
            place = CommandPlace(found.file, found.line(path), _named(path), _KIND, kubeedge)
            yield from setting_findings(f"{name}={value}", place, sources)


def _own_findings(found: ObjectInFile, spec: dict[str, object]) -> Iterator[Finding]:
    """Yield what is wrong with the fields of the job itself."""
    for name, value in spec.items():
        wanted, words = _FIELDS.get(name, (object, ""))
        if not words:
            yield _found(found, ("spec", name), say("job-unknown-field", near=nearest_name(name, _FIELDS)))
        elif value is not None and (not isinstance(value, wanted) or isinstance(value, bool)):
            yield _found(found, ("spec", name), say("job-type", wanted=words, got=kind(value)))
    if not spec.get("updateFields"):
        yield _found(found, ("spec", "updateFields"), say("job-no-fields"))
    if bool(spec.get("nodeNames")) == bool(spec.get("labelSelector")):
        variant = "both" if spec.get("nodeNames") else "neither"
        yield _found(found, ("spec", "nodeNames"), say("job-nodes", variant))
    if not spec.get("timeoutSeconds"):
        yield _found(found, ("spec", "timeoutSeconds"), say("job-no-timeout"))


def _named(path: paths.Path) -> str:
    """Return a path as text if its last part may contain dots."""
    return f"{paths.text(path[:-1])}[{path[-1]}]" if "." in str(path[-1]) else paths.text(path)


def _found(found: ObjectInFile, path: paths.Path, message: Message) -> Finding:
    return finding(message, found.file, found.line(path), _named(path))
