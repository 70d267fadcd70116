"""docs/upgrade.md: each border lists what `generator check` and `generator diff` report for an upgrade."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from generator import go_yaml, paths
from generator.catalogue import area
from generator.chart_files import upgrade_page
from generator.chart_files.borders import OLDEST, PROGRAMS, Line, borders, releases
from generator.chart_files.generate import COMMAND
from generator.check import check_files
from generator.check.upgrade import UpgradeStep
from generator.components import COMPONENTS
from generator.diff.impact import CLASSES
from generator.diff.recipes import Recipe
from generator.diff.renderings import rendered
from generator.diff.report import Difference, compare_sides
from generator.diff.sources import SideSource
from generator.load.layers import Layers
from generator.upstream import Field, Release, config_fields, custom_resources
from tests.bad_input import ROWS
from tests.charts.conftest import ROOT
from tests.test_bad_input import WARNINGS

pytestmark = pytest.mark.long

RELEASES = releases()
NEWEST = RELEASES[-1]
NEIGHBOURS = list(pairwise(RELEASES))
WAYS = [(old, NEWEST) for old in RELEASES[:-1]]
UPGRADES = list(dict.fromkeys([*NEIGHBOURS, *WAYS]))
IDS = [f"{old.minor} to {new.minor}" for old, new in UPGRADES]
MOVES, DROPS, DEFAULTS = "upgrade-moves-key", "upgrade-drops-key", "upgrade-changes-default"


def passed(old: Release, new: Release) -> list[Line]:
    """Return the lines of the page that an upgrade passes, in order."""
    first, last = RELEASES.index(old), RELEASES.index(new)
    return [line for one in borders() if first <= RELEASES.index(one.old) < last for line in one.lines]


def with_code(lines: list[Line], code: str, where: str = "") -> set[str]:
    """Return the keys of the lines with a code."""
    return {key for line in lines if code in line.codes and where in ("", line.where) for key in line.keys}


def test_page_is_generated() -> None:
    page = (ROOT / "docs/upgrade.md").read_text("utf-8")
    assert page == upgrade_page.markdown(COMMAND)
    assert len(page.splitlines()) < 280


# --- generator check ---------------------------------------------------------------------------

VALUES: dict[str, Any] = {"boolean": True, "integer": 1, "number": 1.5, "duration": "10s", "array": []}


def everything(field: Field) -> Any:
    """Return a value for a field with all fields below it."""
    if field.fields:
        return {name: everything(child) for name, child in field.fields.items()}
    return VALUES.get(field.type, {} if field.type == "object" else "x")


def head(component: str, release: Release) -> dict[str, str]:
    fields = config_fields(component, release).fields
    return {name: str(fields[name].default) for name in ("apiVersion", "kind")}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for files that several tests check."""
    return tmp_path_factory.mktemp("upgrades")


@pytest.fixture(scope="module")
def steps(folder: Path) -> Any:
    """Return a function that gives the steps for files that set every key, and for empty files."""

    @cache
    def of(old: Release, new: Release) -> dict[str, list[UpgradeStep]]:
        files = []
        for program in PROGRAMS:
            start = head(program.name, old)
            full = {**everything(config_fields(program.name, old)), **start}
            files += [(f"full/{program.file}", full), (f"empty/{program.file}", start)]
        for program in (row for row in COMPONENTS.values() if row not in PROGRAMS):
            tls: dict[str, Any] = {}
            paths.put(tls, program.tls, True)
            kinds = {"kind": program.kind, "apiVersion": f"{program.api_group}/v1alpha1"}
            files.append((f"full/{program.file}", {**kinds, **tls}))
        for name, value in files:
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(go_yaml.dump(value), "utf-8")
        names = [str(folder / name) for name, _ in files]
        found = check_files(names, kubeedge=old.tag, target=new.tag).steps
        by_file = {str(folder / name): name for name, _ in files}
        return {
            name: [step for step in found if by_file.get(step.file, "") == name]
            for name in ("", *by_file.values())
        }

    return of


def keys(steps: list[UpgradeStep], code: str) -> set[str]:
    return {step.key for step in steps if step.code == code}


@pytest.mark.parametrize(("old", "new"), UPGRADES, ids=IDS)
def test_check_reports_the_keys_of_the_page(steps: Any, old: Release, new: Release) -> None:
    lines = passed(old, new)
    for program in PROGRAMS:
        found = steps(old, new)[f"full/{program.file}"]
        before, after = config_fields(program.name, old), config_fields(program.name, new)
        moved = {key for key in with_code(lines, MOVES, program.file) if before.below(key)}
        # A taint at its old place is moved, but the old release does not use it there either.
        assert {key for key in keys(found, MOVES) if not unused(before, key)} - moved == set()
        assert moved <= keys(found, MOVES)
        listed = with_code(lines, DROPS, program.file)
        full = everything(before)
        leaves = {".".join(map(str, path)) for path, _ in paths.leaves(full, empty=True)}
        below = {leaf for leaf in leaves if any(leaf == key or leaf.startswith(f"{key}.") for key in listed)}
        # Some fields that a release removed are back in a later one.
        assert keys(found, DROPS) == {leaf for leaf in below if after.below(leaf) is None}
        assert keys(found, "upgrade-changes-type") == keys(found, "upgrade-changes-api-version") == set()


def unused(fields: Field, key: str) -> bool:
    field = fields.below(key)
    return field is not None and bool(field.unused)


@pytest.mark.parametrize(("old", "new"), UPGRADES, ids=IDS)
def test_check_reports_the_defaults_of_the_page(steps: Any, old: Release, new: Release) -> None:
    lines = passed(old, new)
    for program in PROGRAMS:
        found = keys(steps(old, new)[f"empty/{program.file}"], DEFAULTS)
        before, after = config_fields(program.name, old), config_fields(program.name, new)
        listed = {
            key
            for key in with_code(lines, DEFAULTS, program.file)
            if before.below(key) and after.below(key) is not None
        }
        assert listed <= found
        # Fields that a release removed can be back in a later one, with another default.
        back = {key for line in lines if line.change.startswith("new: ") for key in line.keys}
        assert found - listed <= back


@pytest.mark.parametrize(("old", "new"), NEIGHBOURS, ids=str)
def test_page_has_the_texts_of_check(steps: Any, old: Release, new: Release) -> None:
    lines = passed(old, new)
    before = config_fields("edgecore", old)
    for step in (step for found in steps(old, new).values() for step in found):
        if step.code in (MOVES, DEFAULTS) and not unused(before, step.key):
            line = next(line for line in lines if step.code in line.codes and step.key in line.keys)
            texts = [str(text) for name, text in step.message.fields if name in ("old", "new", "to")]
            assert [text for text in texts if text not in line.change] == []


@pytest.mark.parametrize(("old", "new"), UPGRADES, ids=IDS)
def test_check_reports_the_behaviour_and_the_crds_of_the_page(steps: Any, old: Release, new: Release) -> None:
    lines = passed(old, new)
    listed = {code for line in lines for code in line.codes if code in area("upgrade")}
    listed -= {MOVES, DROPS, DEFAULTS, "upgrade-changes-crd"}
    found = {step.code for one in steps(old, new).values() for step in one if step.action == "know"}
    assert found & area("upgrade").keys() == listed
    assert keys(steps(old, new)[""], "upgrade-changes-crd") == with_code(lines, "upgrade-changes-crd")


@pytest.mark.parametrize("old", RELEASES[:-1], ids=str)
def test_totals_are_those_of_check(steps: Any, old: Release) -> None:
    total, found = upgrade_page.totals(old, NEWEST), steps(old, NEWEST)
    full = [(program, found[f"full/{program.file}"]) for program in PROGRAMS]
    assert total.moved == sum(len(keys(one, MOVES)) for _, one in full)
    lost = {
        (program.name, section_of(config_fields(program.name, NEWEST), key))
        for program, one in full
        for key in keys(one, DROPS)
    }
    assert total.dropped == len(lost)
    empty = [found[f"empty/{program.file}"] for program in PROGRAMS]
    assert total.defaults == sum(len(keys(one, DEFAULTS)) for one in empty)
    assert total.crds == len(found[""])


def section_of(fields: Field, key: str) -> str:
    """Return the longest section around a key that a release does not have."""
    names = key.split(".")
    sections = (".".join(names[:length]) for length in range(1, len(names) + 1))
    return next(section for section in sections if fields.below(section) is None)


# --- rules ---------------------------------------------------------------------------------------

RULES = [
    (border.old, border.new, code)
    for border in borders()
    for line in border.lines
    for code in line.codes
    if code in area("rules")
]


def values_for(rule: str) -> dict[str, Any]:
    """Return values that break a rule."""
    if rule not in WARNINGS:
        return next(row.values() for row in ROWS if row.rule == rule)
    merged = Layers()
    for text in WARNINGS[rule][0]:
        merged.add_flag("set", text)
    return merged.values


@pytest.mark.parametrize(("old", "new", "rule"), RULES, ids=str)
def test_check_reports_the_rules_of_the_page(tmp_path: Path, old: Release, new: Release, rule: str) -> None:
    site = tmp_path / "site.yaml"
    site.write_text(go_yaml.dump({**values_for(rule), "kubeedgeVersion": old.tag}), "utf-8")
    found = check_files([str(site)], target=new.tag).steps
    assert rule in {step.code for step in found}


def site_of(release: Release, profile: str) -> str:
    hub = {"advertiseAddress": ["192.0.2.10"]}
    values = {"kubeedgeVersion": release.tag, "profile": profile, "cloudCore": {"modules": {"cloudHub": hub}}}
    return go_yaml.dump(values)


@pytest.mark.parametrize("profile", ["plain", "mtls"])
@pytest.mark.parametrize("old", RELEASES[:-1], ids=str)
def test_check_of_a_site_reports_only_codes_of_the_page(tmp_path: Path, old: Release, profile: str) -> None:
    site = tmp_path / "site.yaml"
    site.write_text(site_of(old, profile), "utf-8")
    found = {step.code for step in check_files([str(site)], target=NEWEST.tag).steps}
    listed = {code for line in passed(old, NEWEST) for code in line.codes}
    assert found <= listed
    know = {code for code in listed & area("upgrade").keys() if not code.startswith("upgrade-")}
    assert found & know == (know if profile == "mtls" else set())


# --- generator diff ------------------------------------------------------------------------------

# The impacts of every upgrade: the images and edgecore.yaml change.
EVERY = {"restart", "edgecore-restart"}


@pytest.fixture(scope="module")
def compared(folder: Path) -> Any:
    """Return a function that compares a site in two releases; each side is rendered once."""

    @cache
    def side(release: Release, profile: str) -> SideSource:
        file = folder / f"{release.minor}-{profile}.yaml"
        file.write_text(site_of(release, profile), "utf-8")
        return rendered(Recipe(release.minor, (str(file),), engine="embedded"))

    @cache
    def differences(old: Release, new: Release, profile: str) -> tuple[Difference, ...]:
        return compare_sides(side(old, profile), side(new, profile)).differences

    return differences


def objects(line: Line) -> Iterator[str]:
    """Yield the objects in whose impacts `generator diff` reports a line."""
    for key in line.keys:
        if line.where.startswith("ClusterRole"):
            yield f"ClusterRole {key}"
        elif line.where == "CRD":
            yield f"CustomResourceDefinition {key}"
        else:
            yield key if line.where == key else "ConfigMap edgecore"


def is_on(line: Line, profile: str) -> bool:
    """Return whether the setting of a line is on in a site that only has a profile."""
    setting = line.where.partition(", with ")[2]
    return not setting or (setting == "TLS" and profile == "mtls")


def named(one: Difference) -> str:
    return f"{one.object.kind} {one.object.metadata['name']}"


@pytest.mark.parametrize("profile", ["plain", "mtls"])
@pytest.mark.parametrize(("old", "new"), UPGRADES, ids=IDS)
def test_diff_reports_the_impacts_of_the_page(
    compared: Any, old: Release, new: Release, profile: str
) -> None:
    lines = [line for line in passed(old, new) if is_on(line, profile)]
    listed = {
        (code, name) for line in lines for code in line.codes if code in CLASSES for name in objects(line)
    }
    # The versions of a CRD that is new on the way have no objects yet.
    there = {name for name, spans in custom_resources().items() if any(old.within(span) for span in spans)}
    listed = {one for one in listed if one[0] != "crd-storage" or one[1].split()[1] in there}
    # A binding has the name of its role.
    impacts = {
        (one.code, named(difference).replace("ClusterRoleBinding", "ClusterRole"))
        for difference in compared(old, new, profile)
        for one in difference.impacts
        if one.code not in EVERY
    }
    assert impacts == listed


@pytest.mark.parametrize("profile", ["plain", "mtls"])
@pytest.mark.parametrize(("old", "new"), NEIGHBOURS, ids=str)
def test_page_has_the_permissions_of_diff(compared: Any, old: Release, new: Release, profile: str) -> None:
    text = "\n".join(line.change for line in passed(old, new) if is_on(line, profile))
    for one in compared(old, new, profile):
        if one.object.kind == "ClusterRole":
            rules = [change for change in one.changes if change.path == ("rules",)]
            granted = [line for change in rules for line in (*change.before, *change.after)]
            assert [line for line in granted if line not in text] == []


def test_page_begins_with_the_oldest_release_of_tls() -> None:
    assert RELEASES[0].minor == OLDEST
    assert config_fields("edgecore", RELEASES[0]).below("featureGates.requireAuthorization")
