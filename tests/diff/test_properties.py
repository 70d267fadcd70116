"""Properties of every pair of sides: equal sides have no difference, each mutation is reported once."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator import load_site, render_site
from generator.diff.report import DiffReport
from generator.kube.compare import NOTHING, Change
from generator.model.profiles import PROFILES
from tests.diff import mutations as oracle
from tests.diff.sides import changes, compared, places, stream, texts_compared
from tests.diff.strategies import OBJECTS, STREAMS

pytestmark = pytest.mark.usefixtures("quick_key")

Data = dict[str, Any]
SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large)
EXAMPLES = ("quickstart", "factory", "legacy-1.16")
RENDERED = [(profile, example) for profile in PROFILES for example in EXAMPLES]


def rendered(profile: str, example: str) -> list[Data]:
    """Return every object of an example in a profile."""
    site = load_site([f"values/examples/{example}.yaml"], profile=profile)
    return [document.data for document in render_site(site, engine="embedded").documents]


@pytest.fixture(autouse=True)
def _root(pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(pytestconfig.rootpath)


# --- equal sides ---------------------------------------------------------------------------


@given(objects=STREAMS)
@settings(max_examples=30, suppress_health_check=SLOW)
def test_a_side_does_not_differ_from_itself(objects: list[Data]) -> None:
    assert places(compared(objects, copy.deepcopy(objects))) == []
    assert places(texts_compared(stream(objects), stream(objects))) == []


def shuffled(
    value: Any, dice: random.Random, name: str = "", plain: bool = True, templates: bool = False
) -> Any:
    """Copy a value, with its keys and the items of its sets in another order.

    In pod templates only the keys change, unless `templates`: another order of items makes new pods.
    """
    if isinstance(value, dict):
        names = list(value)
        dice.shuffle(names)
        sets = {key: plain and (templates or key != "template") for key in names}
        return {key: shuffled(value[key], dice, key, sets[key], templates) for key in names}
    if isinstance(value, list):
        items = [shuffled(item, dice, "", plain, templates) for item in value]
        if plain and (name in oracle.SETS or (name in oracle.KEYS and name != "initContainers")):
            dice.shuffle(items)
        return items
    return value


def is_plain(one: Data) -> bool:
    group = one["apiVersion"].partition("/")[0]
    return "." not in group or group.endswith(".k8s.io")


def all_shuffled(objects: list[Data], seed: int, *, templates: bool = False) -> list[Data]:
    dice = random.Random(seed)
    mixed = [shuffled(one, dice, plain=is_plain(one), templates=templates) for one in objects]
    dice.shuffle(mixed)
    return mixed


@given(objects=STREAMS, seed=st.integers(0, 1000))
@settings(max_examples=30, suppress_health_check=SLOW)
def test_order_means_nothing(objects: list[Data], seed: int) -> None:
    mixed = all_shuffled(objects, seed)
    assert places(compared(objects, mixed)) == []
    assert places(texts_compared(stream(objects), stream(mixed))) == []


@pytest.mark.parametrize(("profile", "example"), RENDERED)
def test_order_means_nothing_in_what_the_charts_render(profile: str, example: str) -> None:
    objects = rendered(profile, example)
    assert len(objects) > 20
    found = compared(objects, all_shuffled(objects, 1))
    assert places(found) == []
    assert found.unchanged == len(objects)


@pytest.mark.parametrize("seed", range(5))
def test_order_in_a_pod_template_is_no_change_in_behaviour(seed: int) -> None:
    objects = rendered("mtls", "factory")
    found = compared(objects, all_shuffled(objects, seed, templates=True))
    assert {"template" in change.path and not change.behaviour for change in changes(found)} == {True}
    assert {impact.code for impact, _ in found.impacts} == {"restart"}


# --- every mutation is reported once, at its place -----------------------------------------


@given(one=OBJECTS, data=st.data())
@settings(max_examples=250, suppress_health_check=SLOW)
def test_a_mutation_is_told_once_at_its_place(one: Data, data: Any) -> None:
    mutation = drawn(one, data)
    assert_told(one, mutation)


def drawn(one: Data, data: Any) -> oracle.Mutation:
    found = list(oracle.mutations(one))
    number: int = data.draw(st.integers(0, len(found) - 1))
    return found[number]


def assert_told(one: Data, mutation: oracle.Mutation) -> None:
    told = [change.place for change in changes(compared([one], [mutation.after]))]
    assert told == [mutation.place], f"{one['kind']}: {mutation.what}"


@pytest.mark.parametrize(("profile", "example"), [("mtls", "factory"), ("one-way-verified", "legacy-1.16")])
def test_a_mutation_of_what_the_charts_render(profile: str, example: str) -> None:
    dice = random.Random(7)
    tried = 0
    for one in rendered(profile, example):
        found = [m for m in oracle.mutations(one) if not _in_config(m) and not _is_default(one, m)]
        for mutation in dice.sample(found, min(25, len(found))):
            assert_told(one, mutation)
            tried += 1
    assert tried > 400


def _in_config(mutation: oracle.Mutation) -> bool:
    return mutation.place.startswith("data") and ".yaml" in mutation.place


def _is_default(one: Data, mutation: oracle.Mutation) -> bool:
    """Return whether the removed value is a default that the charts write out."""
    removed = mutation.what.endswith(" is removed")
    name = mutation.place.rpartition(".")[2]
    written = {
        "protocol",
        "dnsPolicy",
        "terminationGracePeriodSeconds",
        "replicas",
        "type",
        "operator",
        "rules",
        "apiGroup",
        "singular",
        "listKind",
        "targetPort",
        "imagePullPolicy",
        "path",
        "policyTypes",
    }
    return removed and (name in written or one["kind"] in ("Role", "ClusterRole"))


@given(objects=STREAMS, data=st.data())
@settings(max_examples=30, suppress_health_check=SLOW)
def test_a_mutation_among_others_is_the_only_one(objects: list[Data], data: Any) -> None:
    number = data.draw(st.integers(0, len(objects) - 1))
    mutation = drawn(objects[number], data)
    after = [*objects[:number], mutation.after, *objects[number + 1 :]]
    found = texts_compared(stream(objects), stream(all_shuffled(after, 3)))
    assert [change.place for change in changes(found)] == [mutation.place], mutation.what
    assert found.unchanged == len(objects) - 1


# --- sides exchanged -----------------------------------------------------------------------


def mirrored(found: DiffReport) -> set[str]:
    """Return the content of a report with its sides exchanged."""
    status = {"added": "deleted", "deleted": "added"}
    lines = set()
    for one in found.differences:
        named = one.before if one.status == "renamed" else one.object
        assert named is not None
        lines.add(f"{named.title} {status.get(one.status, one.status)}")
        lines |= {_mirrored(named.title, change) for change in one.changes}
    return lines


def _mirrored(title: str, change: Change) -> str:
    values = [None if value is NOTHING else value for value in (change.after, change.before)]
    return f"{title} {change.place} {values} {change.behaviour}"


def as_it_is(found: DiffReport) -> set[str]:
    lines = set()
    for one in found.differences:
        lines.add(f"{one.object.title} {one.status}")
        for change in one.changes:
            values = [None if value is NOTHING else value for value in (change.before, change.after)]
            lines.add(f"{one.object.title} {change.place} {values} {change.behaviour}")
    return lines


@given(before=STREAMS, after=STREAMS, data=st.data())
@settings(max_examples=30, suppress_health_check=SLOW)
def test_the_other_way_round_is_the_mirror(before: list[Data], after: list[Data], data: Any) -> None:
    mutated = [drawn(one, data).after for one in before]
    for other in (after, mutated):
        assert as_it_is(compared(before, other)) == mirrored(compared(other, before))


@pytest.mark.parametrize(("before", "after"), [("plain", "mtls"), ("one-way", "one-way-verified")])
def test_the_other_way_round_between_profiles(before: str, after: str) -> None:
    one, other = rendered(before, "factory"), rendered(after, "factory")
    assert as_it_is(compared(one, other)) == mirrored(compared(other, one)) != set()


# --- renames -------------------------------------------------------------------------------


@given(objects=STREAMS, data=st.data())
@settings(max_examples=30, suppress_health_check=SLOW)
def test_a_rename_is_found(objects: list[Data], data: Any) -> None:
    number = data.draw(st.integers(0, len(objects) - 1))
    after = copy.deepcopy(objects)
    after[number]["metadata"]["name"] = "zz-renamed"
    found = compared(objects, all_shuffled(after, 5))
    (one,) = found.differences
    assert (one.status, one.changes) == ("renamed", ())
    assert one.before is not None
    assert (one.before.name, one.object.name) == (objects[number]["metadata"]["name"], "zz-renamed")


def test_a_rename_with_a_change_is_found() -> None:
    objects = rendered("mtls", "quickstart")
    number = next(n for n, one in enumerate(objects) if one["kind"] == "DaemonSet")
    after = copy.deepcopy(objects)
    after[number]["metadata"]["name"] = "other"
    after[number]["spec"]["template"]["spec"]["dnsPolicy"] = "None"
    found = compared(objects, after)
    assert [one.status for one in found.differences] == ["renamed"]
    assert [change.place for change in changes(found)] == ["spec.template.spec.dnsPolicy"]


def test_what_has_little_in_common_is_no_rename() -> None:
    before = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "a"},
        "data": {"a": "1", "b": "2"},
    }
    after = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "b"}, "data": {"a": "1", "c": "3"}}
    assert [one.status for one in compared([before], [after]).differences] == ["added", "deleted"]
