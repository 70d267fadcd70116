"""Loads a site: merges its layers over the defaults and the profile, and validates the result."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from generator import paths, tables
from generator.components import CHARTS, VERSION_KEYS
from generator.errors import InvalidInput, Problem
from generator.load.layers import Layers
from generator.load.problems import (
    field_problems,
    group_problems,
    model_problems,
    node_key_problems,
    null_problems,
    problem,
)
from generator.merge import merge
from generator.model import quick, rules_again
from generator.model.odd_texts import odd_texts_of_site
from generator.model.profiles import PROFILES, UNSET, preset, profile, sources
from generator.model.rules import RuleMatch
from generator.upstream import Release, UnknownRelease

# Without leading zeros, which Helm releases read differently.
_DIGITS = re.compile("0|[1-9][0-9]{0,14}")


@dataclass(frozen=True)
class LoadedSite:
    """A site that passed every check.

    `user` are the values for Helm: the merged layers, with nulls, without defaults. `values` are the complete
    values: the defaults, overridden by the profile, overridden by the user. `warnings` are about values that
    are valid but dangerous.
    """

    user: dict[str, Any]
    values: dict[str, Any]
    charts: tuple[str, ...]
    kubeedge: Release
    edgemesh: Release
    warnings: tuple[Problem, ...]

    @property
    def profile(self) -> str | None:
        """Return the name of the profile, None if unset."""
        name = self.values.get("profile")
        return str(name) if name else None


def load_site(
    files: Sequence[str] = (),
    *,
    profile: str | None = None,
    set: Sequence[str] = (),  # noqa: A002 (the name of Helm's flag)
    set_string: Sequence[str] = (),
    set_file: Sequence[str] = (),
    set_json: Sequence[str] = (),
    charts: Sequence[str] = CHARTS,
) -> LoadedSite:
    """Load and validate a site from values files and Helm's --set flags, in Helm's order.

    `profile` overrides all layers. `charts` are the charts to render: a rule across charts applies only if
    all its charts are rendered. Raises InvalidInput with every problem.
    """
    layers = merge_layers(files, set=set, set_string=set_string, set_file=set_file, set_json=set_json)
    if profile is not None:
        layers.put("profile", profile, "--profile")
    return validate(layers, tuple(charts))


def merge_layers(
    files: Sequence[str] = (),
    *,
    set: Sequence[str] = (),  # noqa: A002 (the name of Helm's flag)
    set_string: Sequence[str] = (),
    set_file: Sequence[str] = (),
    set_json: Sequence[str] = (),
) -> Layers:
    """Merge values files and Helm's --set flags, in Helm's order; raise InvalidInput with every problem."""
    layers = Layers()
    problems: list[Problem] = []
    steps = [("file", name) for name in files]
    # Apply the flags in Helm's fixed order, not in the order of the command line.
    for kind, flags in (
        ("set-json", set_json),
        ("set", set),
        ("set-string", set_string),
        ("set-file", set_file),
    ):
        steps += [(kind, flag) for flag in flags]
    for kind, text in steps:
        try:
            layers.add_file(text) if kind == "file" else layers.add_flag(kind, text)
        except InvalidInput as error:
            problems += error.problems
    if problems:
        raise InvalidInput(problems)
    return layers


def validate(layers: Layers, charts: tuple[str, ...]) -> LoadedSite:
    """Validate merged layers by the model, the field table and the rules; raise InvalidInput."""
    base = quick.defaults()
    user = normalised(layers.values)
    problems = [*null_problems(layers, base)]
    nulls = {found.key for found in problems}
    plain = without_nulls(user)
    problems += (found for found in model_problems(layers, plain) if found.key not in nulls)
    merged = without_nulls(merge(base, user, null_deletes=True))
    problems += group_problems(layers, plain)
    releases, unknown = _releases(layers, merged)
    problems += unknown
    if len(releases) < 2:
        raise InvalidInput(_sorted(layers, problems))
    kubeedge, edgemesh = releases
    fields = field_problems(layers, plain, kubeedge, edgemesh)
    problems += (found for found in fields if found.key not in nulls)
    problems += node_key_problems(layers, plain, kubeedge)
    name = merged.get("profile", UNSET)
    warnings: list[Problem] = []
    values = merged
    if name in (*PROFILES, UNSET):
        values = merge(preset(name, kubeedge, edgemesh, merged), merged)
        findings = _fresh(_findings(layers, values, kubeedge, edgemesh, charts), values, problems)
        problems += (found for finding, found in findings if not finding.warning)
        warnings += (found for finding, found in findings if finding.warning)
        problems = _without_followers(problems, layers, name)
        warnings = _without_followers(warnings, layers, name)
        warnings += _odd_texts(layers, user)
    if problems:
        raise InvalidInput(_sorted(layers, problems), warnings)
    return LoadedSite(layers.values, values, charts, kubeedge, edgemesh, tuple(dict.fromkeys(warnings)))


def _fresh(
    findings: Iterable[tuple[RuleMatch, Problem]], values: dict[str, Any], problems: Iterable[Problem]
) -> list[tuple[RuleMatch, Problem]]:
    """Return the matches of rules, without those caused by another problem of the same keys."""
    rejected = {found.key for found in problems}
    return [
        (finding, found)
        for finding, found in findings
        if not _is_follower(found.key, paths.at(values, finding.path), rejected)
    ]


def _releases(layers: Layers, values: dict[str, Any]) -> tuple[list[Release], list[Problem]]:
    """Read both versions; skip non-strings, because the model rejects them."""
    found: list[Release] = []
    problems: list[Problem] = []
    for program, key in VERSION_KEYS.items():
        version = values.get(key, "null")
        try:
            if isinstance(version, str):
                found.append(Release.parse(program, version))
        except UnknownRelease as error:
            problems.append(problem(layers, (key,), error.message))
    return found, problems


def _findings(
    layers: Layers, values: dict[str, Any], kubeedge: Release, edgemesh: Release, charts: tuple[str, ...]
) -> Iterator[tuple[RuleMatch, Problem]]:
    name = values.get("profile")
    for finding in rules_again.evaluate(values, kubeedge, edgemesh, charts):
        path = _set_by_user(finding, layers)
        origin = layers.own_origin(path)
        preset_key = any(e["key"] == paths.text(path) for e in profile(name).entries) if name else False
        where = origin.where if origin else f"profile {name}" if preset_key else "defaults"
        yield finding, Problem(where, paths.text(path), finding.message)


def _set_by_user(finding: RuleMatch, layers: Layers) -> paths.Path:
    """Return the key of a finding that the user set, in a config that differs first."""
    keys = [path for path in (finding.path, finding.also) if path]
    tried = [found for path in keys for found in (finding.own(path), path)]
    return next((path for path in tried if layers.own_origin(path)), finding.path)


def _is_follower(key: str, value: Any, rejected: set[str]) -> bool:
    """Return whether a rule fails only because a value has the wrong type or a key below it is misspelt."""
    shape = isinstance(value, (dict, list)) and key in rejected
    return shape or any(other.startswith(f"{key}.") for other in rejected)


def _odd_texts(layers: Layers, user: dict[str, Any]) -> Iterator[Problem]:
    for odd in odd_texts_of_site(user):
        yield problem(layers, *odd)


def _without_followers(problems: list[Problem], layers: Layers, name: str) -> list[Problem]:
    """Drop problems of keys that the profile sets from another key with a problem."""
    # A profile writes the number of a list item after a dot.
    keys = {re.sub(r"\[(\d+)\]", r".\1", found.key) for found in problems}
    own = {paths.text(path) for path in layers.origins}
    return [
        found for found in problems if found.key in own or not sources(name, found.key, layers.values) & keys
    ]


def _sorted(layers: Layers, problems: list[Problem]) -> list[Problem]:
    """Sort problems by file, line and flag."""
    places = {origin.where: origin for origin in layers.origins.values()}

    def order(found: Problem) -> tuple[int, int]:
        origin = places.get(found.where)
        return (origin.layer, origin.line) if origin else (layers.count + 1, 0)

    return sorted(problems, key=order)


def without_nulls(value: Any) -> Any:
    """Copy a value without the keys that are null."""
    if isinstance(value, dict):
        return {name: without_nulls(child) for name, child in value.items() if child is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


# --- unusual types of the upstream charts -----------------------------------------------------


def normalised(values: dict[str, Any]) -> dict[str, Any]:
    """Copy values with unusual types of the upstream charts converted (generator/tables/shapes.yaml)."""
    copied = copy.deepcopy(values)
    for shape, keys in tables.load("shapes.yaml").items():
        for key in keys:
            for path, value in list(paths.find(copied, key)):
                paths.put(copied, ".".join(map(str, path)), _reshape(shape, value))
    return copied


def _reshape(shape: str, value: Any) -> Any:
    if shape == "boolean" and value in ("true", "false"):
        return value == "true"
    if shape == "integer" and isinstance(value, str) and _DIGITS.fullmatch(value):
        return int(value)
    if shape == "compact" and isinstance(value, list):
        return [item for item in value if item != ""]
    if shape == "list" and value == {}:
        return []
    if shape == "unquote" and value == '""':
        return ""
    return value
