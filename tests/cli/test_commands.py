"""The other commands: profiles, schema, charts, completion, help, version."""

from __future__ import annotations

import json
import re
import shutil
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import click
import jsonschema_rs
import pytest

from generator import locations
from generator.chart_files.schema import site_schema
from generator.cli.main import cli
from generator.components import EDGEMESH, KUBEEDGE
from generator.io import yaml_reader
from generator.model.profiles import PROFILES
from generator.model.site import Site
from generator.upstream import Release
from generator.upstream.releases import minors
from tests.bad_input import ROWS, Bad
from tests.cli.conftest import Run

EXAMPLES = sorted((locations.VALUES / "examples").glob("*.yaml"))
EVERYTHING = sorted(locations.CHARTS.glob("*/ci/*.yaml"))

# --- help and version ----------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_help_has_examples(run: Run, name: str) -> None:
    ran = run(name, "--help")
    assert (ran.exit_code, ran.stderr) == (0, "")
    # The mark \b keeps the lines of a paragraph; click prints the mark if it is misplaced.
    assert "\\b" not in ran.stdout
    summary, examples = ran.stdout.split("\n\n")[1:3]
    assert summary.count("\n") == 0
    assert examples.startswith(f"  Examples:\n    generator {name}")
    for option in cli.commands[name].params:
        if isinstance(option, click.Option):
            assert option.help, option.name
    assert run(name, "-h").stdout == ran.stdout


def test_help_of_charts_lists_the_subcommand(run: Run) -> None:
    text = run("charts", "--help").stdout
    assert "  --check  Write nothing; exit with 1 if a file differs.\n" in text
    assert text.endswith("  export  Write the charts as folders, or as archives for a Helm repository.\n")
    assert "Examples:\n    generator charts export build/charts\n" in run("charts", "export", "-h").stdout


def test_help_groups_options_and_shows_defaults(run: Run) -> None:
    heads = re.findall("(?m)^([A-Z].*):$", run("diff", "--help").stdout)
    assert heads == ["Options", "Values", "Releases of the programs", "Helm and cluster", "Output"]
    for command in ("schema", "profiles"):
        text = run(command, "--help").stdout
        assert f"(default: {Site().kubeedgeVersion})" in text
        assert f"(default: {Site().edgemeshVersion})" in text


def test_help_of_the_group(run: Run) -> None:
    ran = run("--help")
    assert ran.exit_code == 0
    assert all(name in ran.stdout for name in cli.commands)
    assert "Exit codes: 0 done; 1 invalid input" in ran.stdout


def test_version(run: Run) -> None:
    ran = run("--version")
    assert (ran.exit_code, ran.stdout) == (0, f"generator {metadata.version('kubeedge-generator')}\n")


def test_no_command_prints_help_and_exits_with_usage_error(run: Run) -> None:
    ran = run()
    assert ran.exit_code == 2
    assert "Usage: generator" in ran.stderr


def test_an_unknown_command_is_rejected(run: Run) -> None:
    ran = run("rendr")
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert "No such command 'rendr'" in ran.stderr


# --- profiles ------------------------------------------------------------------------------


def test_profiles_are_compared_in_a_table(run: Run) -> None:
    ran = run("profiles")
    assert (ran.exit_code, ran.stderr) == (0, "")
    lines = ran.stdout.splitlines()
    assert lines[:3] == [
        "on KubeEdge 1.23 and EdgeMesh 1.17:",
        "",
        "  plain               one-way             one-way-verified    mtls",
    ]
    assert lines[-1] == "All profiles set 11 more keys alike; --explain lists them."


def test_profiles_are_explained(run: Run) -> None:
    ran = run("profiles", "--explain")
    assert (ran.exit_code, ran.stderr) == (0, "")
    heads = [line.split(":")[0] for line in ran.stdout.splitlines() if line and not line.startswith(" ")]
    assert heads == list(PROFILES)
    assert "        edgecore serves the endpoint\n" in ran.stdout


def test_one_profile_is_listed_for_a_release(run: Run) -> None:
    asked = ("profiles", "mtls", "--kubeedge-version", "v1.16.6", "--edgemesh-version", "1.15")
    text = run(*asked).stdout
    assert "  on KubeEdge 1.16 and EdgeMesh 1.15 it sets:" in text
    assert "    edgeCore.modules.metaManager.metaServer.tlsCaFile=/etc/kubeedge/metaserver/rootCA.crt" in text
    assert "dummyServer" not in text
    assert "edgecore serves the endpoint" not in text
    explained = run(*asked, "--explain").stdout
    assert "        edgecore serves the endpoint\n" in explained
    assert [line for line in explained.splitlines() if not line.startswith(" " * 8)] == text.splitlines()


def test_a_profile_that_the_release_does_not_support_is_rejected(run: Run) -> None:
    ran = run("profiles", "mtls", "--kubeedge-version", "1.11")
    assert ran.exit_code == 0
    assert ran.stdout.endswith("  not possible on KubeEdge 1.11\n")


def test_profile_unset_is_explained(run: Run) -> None:
    first = "unset: no security settings; every key works as in the upstream charts"
    assert run("profiles", "unset").stdout.startswith(first)


def test_profiles_as_json(run: Run) -> None:
    found = json.loads(run("profiles", "--json").stdout)
    assert [row["profile"] for row in found] == list(PROFILES)
    assert set(found[0]) == {"profile", "summary", "use", "releases", "possible", "sets"}
    assert {"key", "value", "why"} == set(found[0]["sets"][0])


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ["profiles", "mtl"],
            (
                "PROFILE: mtl: unknown profile (use one of plain, one-way, one-way-verified, mtls, unset)"
                " [unknown-profile]"
            ),
        ),
        (
            ["profiles", "--edgemesh-version", "x"],
            "--edgemesh-version: unknown release EdgeMesh x (use one of 1.12 to 1.17) [unknown-release]",
        ),
    ],
)
def test_unknown_names_are_rejected(run: Run, arguments: list[str], says: str) -> None:
    ran = run(*arguments)
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert ran.stderr == f"{says}\n1 problem found.\n"


# --- schema --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def schema() -> Any:
    return site_schema(Release.parse(KUBEEDGE, "1.23"), Release.parse(EDGEMESH, "1.17"))


def test_schema_is_printed(run: Run, schema: Any) -> None:
    ran = run("schema")
    assert (ran.exit_code, ran.stderr) == (0, "")
    assert json.loads(ran.stdout) == schema
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"


@pytest.mark.parametrize("minor", minors(KUBEEDGE))
def test_schema_of_every_release_is_draft_07(run: Run, minor: str) -> None:
    found = json.loads(run("schema", "--kubeedge-version", minor).stdout)
    jsonschema_rs.meta.validate(found)
    validator = jsonschema_rs.Draft7Validator(found)
    assert validator.is_valid({})
    assert f"KubeEdge {minor}" in found["title"]


def schema_for(values: dict[str, Any]) -> Any:
    """Return the schema for the releases that the values set."""
    kubeedge, edgemesh = values.get("kubeedgeVersion"), values.get("edgemeshVersion", "1.17")
    return _validator(kubeedge if isinstance(kubeedge, str) else "1.23", edgemesh)


@cache
def _validator(kubeedge: str, edgemesh: str) -> Any:
    found = site_schema(Release.parse(KUBEEDGE, kubeedge), Release.parse(EDGEMESH, edgemesh))
    return jsonschema_rs.Draft7Validator(found)


@pytest.mark.parametrize("path", [*EXAMPLES, *EVERYTHING], ids=lambda path: path.stem)
def test_schema_accepts_what_the_generator_accepts(path: Path) -> None:
    values = yaml_reader.read(path.read_text("utf-8"), path.name).value
    assert [str(error) for error in schema_for(values).iter_errors(values)] == []


def test_examples_exist() -> None:
    assert EXAMPLES


# A schema checks keys, types and bounds; only the generator checks nulls and rules between keys.
NOT_BY_SCHEMA = re.compile("null|one node name|node group (whose nodes|inside)|a node should keep")
BY_SCHEMA = [
    row
    for row in ROWS
    if not row.rule and "[unknown-release]" not in row.says and not NOT_BY_SCHEMA.search(row.id)
]


@pytest.mark.parametrize("bad", BY_SCHEMA, ids=lambda bad: bad.id)
def test_schema_rejects_what_the_generator_rejects(bad: Bad) -> None:
    values = bad.values()
    assert not schema_for(values).is_valid(values)


def test_schema_describes_keys_for_editors(schema: Any) -> None:
    enable = schema["properties"]["cloudCore"]["properties"]["modules"]["properties"]["dynamicController"]
    assert enable["properties"]["enable"]["description"]
    profile = schema["properties"]["profile"]
    assert profile["enum"] == list(PROFILES)


# --- charts --------------------------------------------------------------------------------


def test_charts_are_up_to_date(run: Run) -> None:
    ran = run("charts", "--check")
    assert (ran.exit_code, ran.stderr) == (0, "")
    assert ran.stdout.endswith("generated files, 0 changed\n")


@pytest.mark.long
def test_drift_is_reported_and_nothing_is_written(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(locations.CHARTS, tmp_path / "charts")
    shutil.copytree(locations.ROOT / "docs", tmp_path / "docs")
    shutil.copytree(locations.ROOT / "generator/tables", tmp_path / "generator/tables")
    (tmp_path / "pyproject.toml").touch()
    monkeypatch.setattr(locations, "ROOT", tmp_path)
    monkeypatch.setattr(locations, "CHARTS", tmp_path / "charts")
    values = tmp_path / "charts/edgemesh/values.yaml"
    values.write_text(values.read_text() + "# by hand\n")
    (tmp_path / "charts/cloudcore/README.md").unlink()
    before = values.read_text()
    ran = run("charts", "--check")
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert ran.stderr.splitlines() == [
        f"{tmp_path}/charts/cloudcore/README.md: differs from what would be written",
        f"{values}: differs from what would be written",
        "run `generator charts` and commit the result.",
    ]
    assert values.read_text() == before
    again = run("charts")
    assert again.exit_code == 0
    assert again.stdout.endswith("generated files, 2 changed\n")
    assert run("charts", "--check").exit_code == 0


def test_charts_of_an_installation_are_not_rewritten(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locations, "ROOT", tmp_path)
    ran = run("charts")
    assert (ran.exit_code, ran.stdout) == (3, "")
    assert ran.stderr == (
        f"{locations.CHARTS}: cannot be written: only a checkout of the project can be brought up to date\n"
    )


# --- completion ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shell", "mark"), [("bash", "complete -o"), ("zsh", "#compdef"), ("fish", "complete --no")]
)
def test_completion(run: Run, shell: str, mark: str) -> None:
    ran = run("completion", shell)
    assert (ran.exit_code, ran.stderr) == (0, "")
    assert mark in ran.stdout
    assert "_GENERATOR_COMPLETE" in ran.stdout


def test_completion_for_an_unknown_shell_is_rejected(run: Run) -> None:
    ran = run("completion", "tcsh")
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert "'tcsh' is not one of" in ran.stderr
