"""Everything in charts/ that is generated: values.yaml, schemas, README tables, rules, copied data.

Chart.yaml, ci/ and the other templates are written by hand. The sources of the generated files are the model,
values/ and the field table. `generated` returns the content of each file.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from typing import Any

from generator import locations, paths, tables
from generator.catalogue import area, page
from generator.chart_files import causes, crds, key_texts, library, profiles, roles, upgrade_page
from generator.chart_files import rules as compiled
from generator.chart_files.schema import chart_schema
from generator.components import CHARTS, KUBEEDGE, VERSION_KEYS, of_chart, project_of
from generator.errors import UnwritableOutput
from generator.io.write import File, Written, write_files
from generator.language import CHINESE, ENGLISH, using
from generator.model import as_table, chart_keys, chart_values, quick, rules
from generator.model.site import CHART_KEYS, SHARED_KEYS, Site
from generator.model.tree import defaults
from generator.upstream import Field, Release, config_fields, default_config
from generator.upstream.releases import minors, table, tags

COMMAND = "generator charts"
TABLES = "generator/tables/generated"
# edgecore.yaml contains all fields except these. The program fills in the first one itself. From 1.17 on, it
# ignores the others (kubeedge v1.17 edge/pkg/metamanager/metaserver/server.go).
_NOT_WRITTEN = {
    "edgecoreVersion": "1.21",
    "modules.metaManager.metaServer.tlsCaFile": "1.17",
    "modules.metaManager.metaServer.tlsCertFile": "1.17",
    "modules.metaManager.metaServer.tlsPrivateKeyFile": "1.17",
}


def generated() -> dict[str, str]:
    """Return every generated file as path -> text: those of the charts, and in a checkout those of others.

    They are in English, whatever language is in use.
    """
    with using(ENGLISH):
        return _generated()


def _generated() -> dict[str, str]:
    files: dict[str, str] = {}
    for chart in CHARTS:
        for name, text in _chart_files(chart):
            files[f"charts/{chart}/{name}"] = text
    if (locations.ROOT / "pyproject.toml").is_file():
        conditions = {code: rules.conditions_of(code) for code in area("rules")}
        files["docs/codes.md"] = page.markdown(COMMAND, conditions)
        files["docs/upgrade.md"] = upgrade_page.markdown(COMMAND)
        with using(CHINESE):
            files["docs/zh/keys.md"] = key_texts.keys_page(COMMAND)
        files |= {f"{TABLES}/{name}.json": text for name, text in _tables()}
        doctor = (locations.ROOT / "docs" / "doctor.md").read_text("utf-8")
        files["docs/doctor.md"] = causes.with_lists(doctor, COMMAND)
    return files


def _tables() -> Iterator[tuple[str, str]]:
    """Yield the tables that are kept as JSON too, because they take long to read or to build."""
    yield quick.NAME, tables.as_generated(as_table.table(), as_table.SOURCES)
    yield chart_values.NAME, tables.as_generated(chart_keys.table(), chart_keys.SOURCES)
    for name in ("rules.yaml", "impact.yaml", "causes.yaml"):
        yield name, tables.as_generated(tables.parsed(name), [f"tables/{name}"])


def _chart_files(chart: str) -> Iterator[tuple[str, str]]:
    yield "values.yaml", key_texts.values_yaml(chart, COMMAND)
    yield "values.schema.json", json.dumps(chart_schema(chart), indent=1) + "\n"
    yield "README.md", key_texts.readme(chart, COMMAND)
    yield "templates/_rules.tpl", compiled.template(chart, COMMAND)
    yield from causes.files(chart, COMMAND)
    yield from library.files(chart, COMMAND)
    for name, table_of_profile in profiles.files(chart):
        yield name, _json(table_of_profile)
    yield "files/shapes.json", _json(_shapes(chart))
    for project in VERSION_KEYS:
        for minor, release in _releases(chart, project).items():
            yield f"files/releases/{project.lower()}-{minor}.json", _json(release)
    yield "files/site.json", _json(_foreign_defaults(chart))
    for component in of_chart(chart):
        yield from _field_files(component.name)
    yield from crds.files(chart)


def _json(value: Any) -> str:
    """Write a table that only templates read; Helm reads JSON many times faster than YAML."""
    return json.dumps(value, indent=1) + "\n"


def _releases(chart: str, project: str) -> dict[str, dict[str, Any]]:
    """Return what a chart needs to know of each release, by minor: its image tag and config heads.

    For cloudcore also the files of the release's CRDs, and its roles.
    """
    programs = [row.name for row in of_chart(chart) if row.project == project]
    rows = {name: {row["minor"]: row for row in table(name)["versions"]} for name in programs}
    releases: dict[str, dict[str, Any]] = {
        minor: {"tag": tag, "kinds": {name: _head(rows[name][minor]) for name in programs}}
        for minor, tag in tags(project).items()
    }
    if (chart, project) == ("cloudcore", KUBEEDGE):
        for minor, release in releases.items():
            release["crds"] = crds.names(minor)
            release["roles"] = roles.of_chart(Release.parse(KUBEEDGE, minor))
    return releases


def _head(row: dict[str, Any]) -> dict[str, str]:
    return {name: row[name] for name in ("apiVersion", "kind")}


def _field_files(component: str) -> Iterator[tuple[str, str]]:
    program = project_of(component)
    for minor in minors(program):
        release = Release.parse(program, minor)
        tree = _compact(_without_head(config_fields(component, release)))
        yield f"files/fields/{component}-{minor}.json", json.dumps(tree, separators=(",", ":")) + "\n"
        if component == "edgecore":
            yield f"files/defaults/{minor}.json", _json(_written_defaults(release))


def _without_head(field: Field) -> Field:
    """Return the field tree without apiVersion and kind, which the chart writes itself."""
    kept = {name: child for name, child in field.fields.items() if name not in ("apiVersion", "kind")}
    return dataclasses.replace(field, fields=kept)


def _compact(field: Field) -> dict[str, Any]:
    """Return a field tree in the short form that the charts use for their recursive check."""
    compact: dict[str, Any] = {"type": field.type}
    if field.also:
        compact["also"] = list(field.also)
    if field.unused:
        compact["unused"] = field.unused
    if field.enum:
        compact["enum"] = list(field.enum)
    if field.bounds:
        compact["bounds"] = list(field.bounds)
    if field.fields:
        compact["fields"] = {name: _compact(child) for name, child in field.fields.items()}
    if field.values:
        compact["values"] = _compact(field.values)
    if field.items:
        compact["items"] = _compact(field.items)
    return compact


def _written_defaults(release: Release) -> dict[str, Any]:
    config = default_config("edgecore", release)
    for path, since in _NOT_WRITTEN.items():
        *parents, last = path.split(".")
        section = paths.first(config, ".".join(parents)) if parents else config
        if release.within({"from": since}) and section:
            section.pop(last, None)
    return {name: value for name, value in config.items() if name not in ("apiVersion", "kind")}


def _shapes(chart: str) -> dict[str, list[list[str]]]:
    """Return the odd forms (generator/tables/shapes.yaml) of the keys of a chart, as lists of names."""
    own = {*SHARED_KEYS, *CHART_KEYS[chart]}
    found = {
        shape: [path.split(".") for path in listed if path.split(".")[0] in own]
        for shape, listed in tables.load("shapes.yaml").items()
    }
    return {shape: listed for shape, listed in found.items() if listed}


def _foreign_defaults(chart: str) -> dict[str, Any]:
    """Return the defaults of the keys of other charts that a chart reads."""
    everything = defaults(Site)
    found: dict[str, Any] = {}
    for path in sorted(chart_keys.foreign_keys(chart)):
        value = paths.first(everything, path)
        if value is not None and not isinstance(value, dict):
            paths.put(found, path, value)
    return found


def update_charts(*, dry_run: bool = False) -> list[Written]:
    """Update the generated files of charts/; return for each file what was (or would be) done.

    A file in a folder of generated files that is no longer generated is removed. Raises UnwritableOutput
    outside a checkout, because the charts of an installed wheel must not change.
    """
    if not dry_run and not (locations.ROOT / "pyproject.toml").is_file():
        raise UnwritableOutput(
            str(locations.CHARTS), "only a checkout of the project can be brought up to date"
        )
    files = generated()
    folders = [f"charts/{chart}/{folder}" for chart in CHARTS for folder in ("files", "charts")]
    stale = [
        path.relative_to(locations.ROOT).as_posix()
        for folder in (*folders, TABLES)
        for path in sorted((locations.ROOT / folder).rglob("*"))
        if path.is_file() and path.relative_to(locations.ROOT).as_posix() not in files
    ]
    wanted = {name: File(text) for name, text in files.items()}
    return write_files(locations.ROOT, wanted, remove=stale, dry_run=dry_run, command=COMMAND)
