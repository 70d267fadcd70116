"""Everything that an import reads is in the site file or in a note."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator import go_yaml, paths
from generator.importer import Imported, differences, import_files
from generator.upstream import Release, config_fields, default_config
from tests.importer.test_round_trip import imported_from


def edgecore(edged: dict[str, Any], layout: str = "v1alpha2") -> str:
    """Return an edgecore.yaml with this section edged."""
    config = {
        "apiVersion": f"edgecore.config.kubeedge.io/{layout}",
        "kind": "EdgeCore",
        "modules": {"edged": edged},
    }
    return go_yaml.dump(config)


def test_a_node_label_with_an_empty_value_is_imported(tmp_path: Path) -> None:
    labels = {"example.com/edge": "", "site": "berlin"}
    imported = imported_from(tmp_path, {"edgecore.yaml": edgecore({"nodeLabels": labels})})
    assert paths.first(imported.values, "edgeCore.modules.edged.nodeLabels") == labels
    assert differences(imported) == []


@pytest.mark.parametrize(
    "values",
    [
        {"cloudCore": {"nodeSelector": {"node-role.kubernetes.io/worker": ""}}},
        {"edgeCore": {"modules": {"edged": {"nodeLabels": {"a.example.com/b": ""}}}}},
        {"edgeCore": {"nodeGroups": {"line": {"modules": {"edged": {"nodeLabels": {"a": ""}}}}}}},
        {"edgeCore": {"modules": {"edged": {"tailoredKubeletConfig": {"enforceNodeAllocatable": []}}}}},
    ],
)
def test_an_empty_value_is_imported(values: dict[str, Any], tmp_path: Path) -> None:
    assert imported_from(tmp_path, {"site.yaml": go_yaml.dump({"edgeCore": {}, **values})}).values == values


def test_a_second_value_of_a_key_is_noted(tmp_path: Path) -> None:
    texts = {"a.yaml": "cloudCore: {replicaCount: 2}\n", "b.yaml": "cloudCore: {replicaCount: 3}\n"}
    imported = imported_from(tmp_path, texts)
    assert paths.first(imported.values, "cloudCore.replicaCount") == 2
    assert [(note.key, note.code) for note in imported.notes] == [
        ("cloudCore.replicaCount", "second-value-left-out")
    ]


def test_an_image_of_another_release_is_noted(tmp_path: Path) -> None:
    text = "cloudCore: {image: {tag: v1.20.0}}\nadmission: {enable: true, image: {tag: v1.12.0}}\n"
    imported = imported_from(tmp_path, {"values.yaml": text})
    assert ("admission.image.tag", "image-of-other-release") in [
        (one.key, one.code) for one in imported.notes
    ]


def test_null_in_a_text_list_or_number_field_is_not_noted(tmp_path: Path) -> None:
    text = edgecore({"nodeLabels": None, "tailoredKubeletConfig": {"clusterDNS": None, "maxPods": None}})
    assert imported_from(tmp_path, {"edgecore.yaml": text}).notes == []


def test_a_null_section_is_noted(tmp_path: Path) -> None:
    notes = imported_from(tmp_path, {"edgecore.yaml": "modules: {edged: , edgeHub: {enable: true}}\n"}).notes
    assert ("modules.edged", "null-section") in [(note.key, note.code) for note in notes]


@pytest.mark.parametrize("release", ["v1.12.7", "v1.13.5", "v1.16.6", "v1.23.1"])
def test_fields_of_the_old_layout_are_moved(release: str, tmp_path: Path) -> None:
    old = {
        "labels": {"site": "berlin", "empty": ""},
        "taints": [{"key": "dedicated", "value": "edge", "effect": "NoSchedule"}],
        "clusterDNS": "169.254.96.17",
        "imageGCHighThreshold": 88,
    }
    text = edgecore(old, "v1alpha1")
    imported = imported_from(tmp_path, {"edgecore.yaml": text}, kubeedge=release)
    edged = imported.values["edgeCore"]["modules"]["edged"]
    kubelet = edged["tailoredKubeletConfig"]
    assert edged["nodeLabels"] == old["labels"]
    taints = (edged if release == "v1.12.7" else kubelet)["registerWithTaints"]
    assert [{n.lower(): v for n, v in t.items()} for t in taints] == old["taints"]
    assert (kubelet["clusterDNS"], kubelet["imageGCHighThresholdPercent"]) == (["169.254.96.17"], 88)
    line = text.splitlines().index("      site: berlin") + 1
    assert f"site: berlin  # {tmp_path / 'edgecore.yaml'}:{line}\n" in imported.text()
    assert differences(imported) == []
    assert imported.notes == []


CORPUS = Path(__file__).parents[1] / "check" / "corpus"


@pytest.mark.parametrize("release", ["v1.8.2", "v1.12.7", "v1.23.1"])
@pytest.mark.parametrize("name", ["edgecore-1.8/edgecore.yaml", "cloudcore-1.10/cloudcore.yaml"])
def test_files_of_old_installations_are_imported_completely(name: str, release: str, tmp_path: Path) -> None:
    text = (CORPUS / name).read_text("utf-8")
    imported = imported_from(tmp_path, {Path(name).name: text}, kubeedge=release)
    assert differences(imported) == []
    ended = r"edgecoreVersion|hostnameOverride|nodeIP|PluginEnabled|dockerAddress|runtimeType|iptablesManager"
    assert [note for note in imported.notes if not re.search(ended, note.key)] == []


def test_a_field_at_its_old_and_new_place_keeps_the_new_value(tmp_path: Path) -> None:
    text = edgecore({"labels": {"a": "old"}, "nodeLabels": {"a": "new"}}, "v1alpha1")
    imported = imported_from(tmp_path, {"edgecore.yaml": text}, kubeedge="v1.20.0")
    assert paths.first(imported.values, "edgeCore.modules.edged.nodeLabels.a") == "new"
    assert ("modules.edged.labels", "key-not-moved") in [(note.key, note.code) for note in imported.notes]


def test_false_is_kept_where_an_unset_key_has_no_default(tmp_path: Path) -> None:
    text = edgecore({"tailoredKubeletConfig": {"enableSystemLogQuery": False, "maxParallelImagePulls": 0}})
    imported = imported_from(tmp_path, {"edgecore.yaml": text}, kubeedge="v1.20.0")
    assert paths.first(imported.values, "edgeCore.modules.edged.tailoredKubeletConfig") == {
        "enableSystemLogQuery": False,
        "maxParallelImagePulls": 0,
    }


# --- the property ------------------------------------------------------------------------------


def strings() -> st.SearchStrategy[str]:
    """Return texts that operators write, also the empty one."""
    return st.sampled_from(["", "a", "edge-1", "true", "10", "192.0.2.7:10004", "x.example.com/y"])


@st.composite
def values_of(draw: st.DrawFn, field: Any) -> Any:
    """Draw a value of a field of the table, also null and empty values."""
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "string": strings(),
        "integer": st.integers(0, 5000),
        "boolean": st.booleans(),
        "number": st.sampled_from([0.5, 2]),
        "duration": st.sampled_from(["0s", "10s"]),
        "array": st.just([])
        if field.items is None or field.items.fields
        else st.lists(strings(), max_size=2),
        "object": st.dictionaries(strings().filter(bool), strings(), max_size=2),
    }
    return draw(kinds[field.type])


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_every_value_is_in_the_site_or_in_a_note(data: st.DataObject, tmp_path_factory: Any) -> None:
    release = Release.parse("KubeEdge", "v1.20.0")
    tree = config_fields("edgecore", release)
    known = [
        (path, field)
        for path, field in tree.walk()
        if not (field.fields or "[]" in path or ".*" in path or field.enum or field.also)
        and path.startswith("modules.")
        and (field.type != "object" or field.values)
    ]
    config: dict[str, Any] = {}
    for path, field in data.draw(st.lists(st.sampled_from(known), min_size=1, max_size=6)):
        if paths.first(config, path) is None:
            paths.put(config, path, data.draw(values_of(field)))
    folder = tmp_path_factory.mktemp("lost")
    (folder / "edgecore.yaml").write_text(go_yaml.dump(config), "utf-8")
    imported = import_files([str(folder / "edgecore.yaml")], kubeedge="v1.20.0", kind="edgecore")
    assert unaccounted(config, imported, default_config("edgecore", release)) == []


def unaccounted(config: dict[str, Any], imported: Imported, program: dict[str, Any]) -> list[str]:
    """Return the values that are not in the site, not the default, and not in a note."""
    noted = {note.key for note in imported.notes}
    lost = []
    for path, value in leaves_of(config):
        rendered = paths.at(imported.values, ("edgeCore", *path))
        default = paths.at(program, path)
        same = value in (rendered, default) or (
            value in ("", [], {}, None) and default is None and not free(path)
        )
        derived = re.search(r"metaServer\.server|clusterDNS|clusterDomain", ".".join(map(str, path)))
        if not (same or derived or {paths.text(path), ".".join(map(str, path))} & noted):
            lost.append(paths.text(path))
    return lost


def free(path: paths.Path) -> bool:
    """Return whether a path leads into a map with user-defined keys."""
    from generator.importer.compare import is_entry

    return is_entry(config_fields("edgecore", Release.parse("KubeEdge", "v1.20.0")), path)


def leaves_of(value: Any, at: paths.Path = ()) -> list[tuple[paths.Path, Any]]:
    """Return the leaves of nested maps; a list is one leaf."""
    if isinstance(value, dict):
        return [leaf for name, child in value.items() for leaf in leaves_of(child, (*at, name))]
    return [(at, value)]
