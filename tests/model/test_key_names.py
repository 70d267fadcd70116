"""Completion of keys: every key of the model and every field of the release can be reached."""

from __future__ import annotations

from typing import Any

import pytest

from generator.components import EDGEMESH, KUBEEDGE, SECTIONS
from generator.model.key_names import Known, keys, values
from generator.model.site import Site
from generator.model.tree import walk
from generator.upstream import Release, config_fields, release_of
from generator.upstream.releases import minors

KUBEEDGES = [Release.parse(KUBEEDGE, minor) for minor in minors(KUBEEDGE)]
NEWEST = Release.parse(EDGEMESH, minors(EDGEMESH)[-1])
KNOWN = Known((), KUBEEDGES[-1], NEWEST)


def test_every_key_of_the_model_is_offered() -> None:
    for key in walk(Site):
        below = "." if key.section else ".=["
        offered = keys(key.path, KNOWN)
        assert any(one.removeprefix(key.path)[:1] in below for one in offered), key.path


@pytest.mark.parametrize("release", KUBEEDGES, ids=lambda release: release.minor)
@pytest.mark.parametrize("section", SECTIONS)
def test_every_field_of_a_module_is_offered(section: str, release: Release) -> None:
    component = SECTIONS[section].name
    known = Known((), release, NEWEST)
    fields = config_fields(component, release_of(component, release, NEWEST))
    for path, field in fields.walk():
        if path.startswith("modules.") and not {"[]", "*"} & {*path.replace("[]", ".[]").split(".")}:
            offered = keys(f"{section}.{path}", known)
            assert any(one.removeprefix(f"{section}.{path}")[0] in ".=[" for one in offered), path
            if field.type == "boolean":
                assert values(f"{section}.{path}", known) == ["true", "false"], path


def test_fields_of_other_releases_are_not_offered() -> None:
    old = Known((), Release.parse(KUBEEDGE, "1.11"), NEWEST)
    key = "edgeCore.modules.edged.tailoredKubeletConfig.clusterDNS"
    assert keys(key, KNOWN) == [f"{key}[0]="]
    assert keys("edgeCore.modules.edged.clusterDNS", old) == ["edgeCore.modules.edged.clusterDNS="]
    assert keys("edgeCore.modules.edged.clusterDNS", KNOWN) == []


def test_names_in_files_are_offered_once() -> None:
    groups: tuple[Any, ...] = ({"a": {}, "b": None}, {"a": 1}, None)
    known = Known(tuple({"edgeCore": {"nodeGroups": one}} for one in groups), KUBEEDGES[-1], NEWEST)
    assert keys("edgeCore.nodeGroups.", known) == ["edgeCore.nodeGroups.a.", "edgeCore.nodeGroups.b."]
    assert keys("cluster.", Known(({"cluster": {"mistake": 1}},), KUBEEDGES[-1], NEWEST)) == [
        "cluster.domain=",
        "cluster.serviceAccountIssuer=",
    ]
