"""`generator import`: existing files turned into one site file that renders to the same.

Only what differs from our defaults, for the releases and the profile that the files amount to,
comes into the site. Secrets become references, never values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from generator import paths
from generator.check.kinds import is_job
from generator.check.releases import named
from generator.check.sources import KINDS, ObjectInFile, Reading, Source, read_sources, recognise
from generator.components import CHARTS, COMPONENTS, EDGEMESH, KUBEEDGE, VERSION_KEYS, project_of
from generator.errors import InvalidInput, plain
from generator.importer.as_read import ignored
from generator.importer.from_configs import take_configs
from generator.importer.from_values import take_values
from generator.importer.imported_workload import workloads
from generator.importer.proof import ImportDifference, differences
from generator.importer.site_file import Imported
from generator.merge import merge
from generator.model.profiles import PROFILES, UNSET, preset
from generator.model.rules import same
from generator.model.site import Site
from generator.model.tree import defaults
from generator.upstream import Release, UnknownRelease
from generator.upstream.releases import minors

__all__ = ["ImportDifference", "Imported", "differences", "import_files"]

_OPTIONS = {KUBEEDGE: "--kubeedge-version", EDGEMESH: "--edgemesh-version"}


def import_files(
    files: Sequence[str], *, kubeedge: str | None = None, edgemesh: str | None = None, kind: str | None = None
) -> Imported:
    """Turn config and values files, or a manifest stream, into one site.

    The releases are those given, else those that the files name, else the newest that reads every
    field of the configs; `kind` says what the files are. Raises InvalidInput for what cannot be
    read or holds nothing to import.
    """
    reading = read_sources(list(files), kind)
    if reading.unreadable:
        raise InvalidInput(reading.unreadable)
    sources = reading.sources
    _refuse_strangers(reading)
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
        imported.assumed.append(f"{' and '.join(missing)} as the charts have it, for no file is about it")
    return imported


def _refuse_strangers(reading: Reading) -> None:
    """Refuse files in which nothing is known; a release without values is known to have none."""
    known = {source.file for source in reading.sources} | {
        workload.object.file for workload in workloads(reading.objects)
    }
    what = "holds no config, no values and no workload of KubeEdge or EdgeMesh"
    fix = f"--as says what it is: {', '.join(KINDS)}"
    strangers = {name: plain(name, "", what, fix, code="unknown-document") for name in _files(reading)}
    what = "sets fields through keadm"
    fix = "import the edgecore.yaml that comes of it"
    setting = [item.file for item in reading.objects if is_job(item.value)]
    for name in (*setting, *(command.file for command in reading.commands)):
        strangers[name] = plain(name, "", what, fix, code="keadm-command")
    strangers |= {problem.where.rpartition(":")[0]: problem for problem in reading.ended}
    refused = [problem for name, problem in strangers.items() if name not in known]
    if refused:
        raise InvalidInput(refused)


def _files(reading: Reading) -> Iterator[str]:
    """Name the files in which something was not recognised."""
    yield from reading.others
    yield from (item.file for item in reading.objects)
    yield from (problem.where.rpartition(":")[0] for problem in (*reading.unknown, *reading.ended))


def _note_unread(reading: Reading, imported: Imported) -> None:
    """Note what lies in the files beside configs and values."""
    for problem in (*reading.unknown, *reading.unread, *reading.foreign, *reading.ended):
        imported.left_out(str(problem))
    for command in reading.commands:
        imported.left_out(f"{command.file}:{command.line}: keadm {command.verb} --set: sets fields; not read")
    for item in reading.objects:
        if is_job(item.value):
            imported.left_out(f"{item.file}:{item.line(())}: ConfigUpdateJob: sets fields; not read")


def _cluster_objects(reading: Reading, imported: Imported) -> list[ObjectInFile]:
    """Return the objects that are no configs, values or jobs; note that of a holder only values are read."""
    for item in reading.holders:
        name = f"{item.value.get('kind')} {paths.first(item.value, 'metadata.name')}"
        imported.left_out(f"{item.file}:{item.line(())}: {name}: only the values in it are imported")
    return [
        item
        for item in reading.objects
        if item not in reading.holders and not is_job(item.value) and recognise(item.value) is None
    ]


def _prune(imported: Imported, releases: dict[str, Release]) -> None:
    """Drop the keys that say what the profile, or for the gateway the agent, says anyway."""
    profile = imported.values.get("profile")
    values = merge(defaults(Site), imported.values)
    said = (
        preset(profile or UNSET, releases[KUBEEDGE], releases[EDGEMESH], values)
        if profile in (*PROFILES, None)
        else {}
    )
    for name in ("metaServerSecret", "pskSecret"):
        agents = paths.first(merge(said, values), f"agent.{name}")
        paths.put(said, f"gateway.{name}", agents)
    for key in [key for key, taken in imported.keys.items() if same(paths.first(said, key), taken.value)]:
        del imported.keys[key]


# --- the releases --------------------------------------------------------------------------


def _release(program: str, given: str | None, reading: Reading, imported: Imported) -> Release:
    key = VERSION_KEYS[program]
    default = str(Site.model_fields[key].default)
    first = next(named(program, reading.sources, reading.objects), None)
    version, origin = (given, "given") if given else (first.version, first.where) if first else (None, "")
    try:
        release = Release.parse(program, version or _fitting(program, reading.sources) or default)
    except UnknownRelease as error:
        raise InvalidInput([plain(origin, key, str(error), f"{_OPTIONS[program]} says another")]) from None
    if version is None:
        fits = "reads every field" if _fitting(program, reading.sources) else "is the default"
        origin = f"no file names the release, this one {fits}"
        imported.assumed.append(f"{key} {release.tag}: {origin} ({_OPTIONS[program]} says another)")
    if release.tag != default:
        imported.take(key, release.tag, origin)
    return release


def _fitting(program: str, sources: Iterable[Source]) -> str | None:
    """Name the newest release that reads the most fields of the configs of a program."""
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
