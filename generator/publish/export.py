"""Plans and writes an export; reports every problem of the options and of the folder before it writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from generator import go_yaml, locations
from generator.catalogue.message import say
from generator.chart_files.key_texts import values_yaml
from generator.components import CHARTS
from generator.errors import InvalidInput, Problem, UnreadableFile, UnwritableOutput
from generator.io.files import is_folder, is_there, names_in, read_text
from generator.io.write import OVERWRITE, File, Written, need_finished, write_files
from generator.language import ENGLISH, chosen
from generator.patterns import pattern
from generator.publish.archive import FIXED_TIME, archive
from generator.publish.chart_folder import IGNORE, ignore_rules, metadata, names_below, read_chart
from generator.publish.index import INDEX, index

FORMATS = ("folder", "tgz")
SOURCE_DATE = "SOURCE_DATE_EPOCH"
_COMMAND = "generator charts export"
# The command in the head of values.yaml, in charts/ as in an export.
_CHARTS = "generator charts"
_SECONDS = pattern(r"[0-9]{1,12}")
# The last second of the year 9999.
_LAST_SECOND = 253402300799


@dataclass(frozen=True)
class Export:
    """What was written, and warnings."""

    written: tuple[Written, ...]
    warnings: tuple[Problem, ...] = ()


@dataclass
class _Wanted:
    """The wanted files below the output folder, the files to remove, and all problems found on the way."""

    files: dict[str, File] = field(default_factory=dict)
    remove: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def export_charts(
    folder: Path,
    form: str,
    *,
    url: str | None = None,
    source_date: str | None = None,
    force: bool = False,
    dry_run: bool = False,
) -> Export:
    """Write the three charts into a folder, completely or not at all; `form` is one of FORMATS.

    `folder` writes each chart as a folder. `tgz` writes archives, which have the same bytes on every
    machine, and index.yaml with `url` before their names and `source_date` as the time. Files with other
    content change with `force` only. Raises InvalidInput with all problems, UnwritableOutput, and
    UnfinishedWrite if an interrupted run was writing there: call `recover` first.
    """
    if is_there(folder) and not is_folder(folder):
        raise UnwritableOutput(str(folder), "it is not a folder")
    wanted = _Wanted(problems=[*_problems_of_options(url, source_date)])
    if _is_source(folder):
        raise InvalidInput([*wanted.problems, Problem(str(folder), "", say("output-is-input", "charts"))])
    need_finished(folder)
    charts = {chart: _read(chart) for chart in CHARTS}
    if form == "folder":
        _add_folders(wanted, folder, charts, force)
    else:
        seconds = FIXED_TIME if wanted.problems or source_date is None else int(source_date)
        _add_archives(wanted, charts, url or "", seconds)
    if not force:
        wanted.problems += _overwritten(folder, wanted.files)
    if wanted.problems:
        raise InvalidInput(sorted(wanted.problems, key=lambda problem: problem.where))
    warnings = () if form == "folder" else tuple(_not_listed(folder, wanted.files))
    written = write_files(
        folder,
        wanted.files,
        remove=wanted.remove,
        # Somebody else may have created a file since the check.
        keep=() if force else tuple(wanted.files),
        dry_run=dry_run,
        command=_COMMAND,
    )
    return Export(tuple(written), warnings)


def _read(chart: str) -> dict[str, bytes]:
    """Return the files of a chart, with the comments of values.yaml in the language in use."""
    files = read_chart(locations.CHARTS / chart)
    if chosen() != ENGLISH:
        files["values.yaml"] = values_yaml(chart, _CHARTS).encode()
    return files


def _problems_of_options(url: str | None, source_date: str | None) -> Iterator[Problem]:
    if url is not None and not _is_address(url):
        yield Problem("--url", "", say("bad-repository-url", got=url))
    if source_date is not None and not (_SECONDS.fullmatch(source_date) and int(source_date) <= _LAST_SECOND):
        yield Problem(SOURCE_DATE, "", say("bad-source-date", got=source_date))


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    plain = url.isprintable() and " " not in url
    return plain and parts.scheme in ("http", "https") and bool(parts.netloc) and not {"?", "#"} & {*url}


def _add_archives(wanted: _Wanted, charts: Mapping[str, Mapping[str, bytes]], url: str, seconds: int) -> None:
    """Add the archive of each chart, and the index."""
    packed = {}
    for chart, files in charts.items():
        about = metadata(files)
        packed[f"{chart}-{about['version']}.tgz"] = (about, archive(chart, files))
    wanted.files |= {name: File(data=data) for name, (_, data) in packed.items()}
    wanted.files[INDEX] = File(index(packed, url, seconds))


def _add_folders(
    wanted: _Wanted, folder: Path, charts: Mapping[str, Mapping[str, bytes]], force: bool
) -> None:
    """Add the files of each chart, and find files in its folder that do not belong to it."""
    for chart, files in charts.items():
        target = folder / chart
        if not _is_free(target) and not _is_chart(target, chart):
            wanted.problems.append(Problem(str(target), "", say("not-the-chart", chart=chart)))
            continue
        wanted.files |= {f"{chart}/{name}": File(data=data) for name, data in files.items()}
        for name in names_below(target, ignore_rules(files[IGNORE].decode())):
            if name not in files and force:
                wanted.remove.append(f"{chart}/{name}")
            elif name not in files:
                wanted.problems.append(Problem(str(target / name), "", say("not-in-chart")))


def _is_source(folder: Path) -> bool:
    """Return whether a folder is that of the charts that are exported, or in it."""
    source = locations.CHARTS.resolve()
    return source in (folder.resolve(), *folder.resolve().parents)


def _is_free(target: Path) -> bool:
    return not is_there(target) or (is_folder(target) and not names_in(target))


def _is_chart(target: Path, chart: str) -> bool:
    """Return whether a folder has a Chart.yaml with this name."""
    try:
        found = go_yaml.load(read_text(str(target / "Chart.yaml")))
    except (UnreadableFile, ValueError):
        return False
    return isinstance(found, dict) and found.get("name") == chart


def _overwritten(folder: Path, files: Mapping[str, File]) -> Iterator[Problem]:
    """Yield a problem for each file that exists with other content."""
    for step in write_files(folder, files, dry_run=True):
        if step.action == OVERWRITE:
            yield Problem(str(step.path), "", say("output-exists", "folder"))


def _not_listed(folder: Path, files: Mapping[str, File]) -> Iterator[Problem]:
    """Yield a warning if the folder has archives of these charts that the new index does not list."""
    ours = tuple(f"{chart}-" for chart in CHARTS)
    others = [
        name
        for name in names_in(folder)
        if name.startswith(ours) and name.endswith(".tgz") and name not in files
    ]
    if others:
        yield Problem(str(folder / INDEX), "", say("archive-not-in-index", archives=others))
