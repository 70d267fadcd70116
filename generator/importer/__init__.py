"""`generator import`: convert existing files to one site file that renders the same configs.

The site file has only the values that differ from our defaults for the releases and the profile of the files.
It refers to secrets and does not contain them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from generator import paths
from generator.catalogue.message import say
from generator.check.kinds import is_job
from generator.check.releases import named
from generator.check.sources import KINDS, ObjectInFile, Reading, Source, read_sources, recognise
from generator.components import CHARTS, COMPONENTS, EDGEMESH, KUBEEDGE, VERSION_KEYS, project_of
from generator.errors import InvalidInput, Problem
from generator.importer.as_read import ignored
from generator.importer.from_configs import take_configs
from generator.importer.from_values import take_values
from generator.importer.imported_workload import workloads
from generator.importer.proof import ImportDifference, differences
from generator.importer.site_file import Imported
from generator.merge import merge
from generator.model import quick
from generator.model.conditions import same
from generator.model.profiles import PROFILES, UNSET, preset
from generator.upstream import Release, UnknownRelease
from generator.upstream.releases import minors

__all__ = ["ImportDifference", "Imported", "differences", "import_files"]

# Values that act like unset keys, because no imported site has streams.enable.
_UNSET: dict[str, Any] = {"iptablesManager.enable": True, "iptablesManager.tolerations": []}
_OPTIONS = {KUBEEDGE: "--kubeedge-version", EDGEMESH: "--edgemesh-version"}


def import_files(
    files: Sequence[str],
    *,
    kubeedge: str | None = None,
    edgemesh: str | None = None,
    kind: str | None = None,
    texts: Mapping[str, str] | None = None,
) -> Imported:
    """Convert config files, values files and manifests to one site.

    The releases are those given, else those that the files name, else the newest that reads every field of
    the configs. `kind` sets the kind of the files (default: recognised). `texts` has texts to use instead
    of the content of files. Raises InvalidInput for a file that cannot be read or has nothing to import.
    """
    reading = read_sources(list(files), kind, texts)
    if reading.unreadable:
        raise InvalidInput(reading.unreadable)
    sources = reading.sources
    _check_all_known(reading)
    imported = Imported(configs=[source for source in sources if source.kind in COMPONENTS])
    _note_unread(reading, imported)
    given = {KUBEEDGE: kubeedge, EDGEMESH: edgemesh}
    releases = {program: _release(program, given[program], reading, imported) for program in given}
    for source in sources:
        if source.kind not in COMPONENTS:
            take_values(source, releases, imported)
    take_configs(releases, _cluster_objects(reading, imported), imported)
    _prune(imported, releases)
    missing = [chart for chart in CHARTS if chart not in imported.charts]
    if missing:
        imported.assumed.append(Problem("", "", say("chart-not-in-files", charts=missing)))
    return imported


def _check_all_known(reading: Reading) -> None:
    """Raise InvalidInput for files in which nothing is recognised."""
    known = {source.file for source in reading.sources} | {
        workload.object.file for workload in workloads(reading.objects)
    }
    message = say("nothing-to-import", kinds=list(KINDS))
    unknown = {name: Problem(name, "", message) for name in _files(reading)}
    setting = [item.file for item in reading.objects if is_job(item.value)]
    for name in (*setting, *(command.file for command in reading.commands)):
        unknown[name] = Problem(name, "", say("nothing-to-import", "keadm"))
    unknown |= {problem.where.rpartition(":")[0]: problem for problem in reading.ended}
    problems = [problem for name, problem in unknown.items() if name not in known]
    if problems:
        raise InvalidInput(problems)


def _files(reading: Reading) -> Iterator[str]:
    """Yield the files in which something was not recognised."""
    yield from reading.others
    yield from (item.file for item in reading.objects)
    yield from (problem.where.rpartition(":")[0] for problem in (*reading.unknown, *reading.ended))


def _note_unread(reading: Reading, imported: Imported) -> None:
    """Note the parts of the files that are neither configs nor values."""
    for problem in (*reading.unknown, *reading.unread, *reading.foreign, *reading.ended):
        imported.left_out(problem)
    for command in reading.commands:
        where = f"{command.file}:{command.line}"
        imported.left_out(Problem(where, "", say("keadm-not-imported", verb=command.verb)))
    for item in reading.objects:
        if is_job(item.value):
            where = f"{item.file}:{item.line(())}"
            imported.left_out(Problem(where, "", say("keadm-not-imported", "job")))


def _cluster_objects(reading: Reading, imported: Imported) -> list[ObjectInFile]:
    """Return the objects without configs, values and jobs; note that only values of a holder are imported."""
    for item in reading.holders:
        name = f"{item.value.get('kind')} {paths.first(item.value, 'metadata.name')}"
        where = f"{item.file}:{item.line(())}"
        imported.left_out(Problem(where, name, say("only-values-imported")))
    return [
        item
        for item in reading.objects
        if item not in reading.holders and not is_job(item.value) and recognise(item.value) is None
    ]


def _prune(imported: Imported, releases: dict[str, Release]) -> None:
    """Drop keys that change nothing: those of the profile, like unset ones, and Secrets of the agent."""
    profile = imported.values.get("profile")
    values = merge(quick.defaults(), imported.values)
    given = (
        preset(profile or UNSET, releases[KUBEEDGE], releases[EDGEMESH], values)
        if profile in (*PROFILES, None)
        else {}
    )
    for name in ("metaServerSecret", "pskSecret"):
        agents = paths.first(merge(given, values), f"agent.{name}")
        paths.put(given, f"gateway.{name}", agents)
    for key, unset in _UNSET.items():
        paths.put(given, key, unset)
    for key in [key for key, taken in imported.keys.items() if same(paths.first(given, key), taken.value)]:
        del imported.keys[key]


# --- the releases --------------------------------------------------------------------------


def _release(program: str, given: str | None, reading: Reading, imported: Imported) -> Release:
    key = VERSION_KEYS[program]
    default = str(quick.defaults()[key])
    first = next(named(program, reading.sources, reading.objects), None)
    version, origin = (given, "given") if given else (first.version, first.where) if first else (None, "")
    try:
        release = Release.parse(program, version or _fitting(program, reading.sources) or default)
    except UnknownRelease as error:
        raise InvalidInput([Problem(origin, key, error.message)]) from None
    if version is None:
        variant = "reads" if _fitting(program, reading.sources) else ""
        assumed = say("release-not-named", variant, tag=release.tag, option=_OPTIONS[program])
        imported.assumed.append(Problem("", key, assumed))
        origin = "assumed"
    if release.tag != default:
        imported.take(key, release.tag, origin)
    return release


def _fitting(program: str, sources: Iterable[Source]) -> str | None:
    """Return the newest of the releases that ignore the fewest fields of a program's configs."""
    configs = [
        source for source in sources if source.kind in COMPONENTS and project_of(source.kind) == program
    ]
    old = any(_is_old(source) for source in configs)
    new = any(source.kind == "edgecore" and _api(source) == "v1alpha2" for source in configs)
    if not configs:
        return None

    def unread(minor: str) -> int:
        release = Release.parse(program, minor)
        return sum(1 for source in configs for _ in ignored(source, release))

    fitting = [
        minor
        for minor in reversed(minors(program))
        if not (old and _number(minor) > 11) and not (new and _number(minor) < 12)
    ]
    return min(fitting, key=unread, default=None)


def _is_old(source: Source) -> bool:
    return source.kind == "edgecore" and _api(source) == "v1alpha1"


def _api(source: Source) -> str:
    return str(source.value.get("apiVersion", "")).rpartition("/")[2]


def _number(minor: str) -> int:
    return int(minor.split(".")[1])
