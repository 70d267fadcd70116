"""Whatever import reads is in the site, or in the list of what it did not take."""

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
    """Return an edgecore.yaml with a section edged."""
    config = {
        "apiVersion": f"edgecore.config.kubeedge.io/{layout}",
        "kind": "EdgeCore",
        "modules": {"edged": edged},
    }
    return go_yaml.dump(config)


def test_a_node_label_without_a_value_is_taken_from_a_config(tmp_path: Path) -> None:
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
def test_an_empty_value_is_taken_from_values(values: dict[str, Any], tmp_path: Path) -> None:
    assert imported_from(tmp_path, {"site.yaml": go_yaml.dump({"edgeCore": {}, **values})}).values == values


def test_another_value_for_the_same_key_is_said(tmp_path: Path) -> None:
    texts = {"a.yaml": "cloudCore: {replicaCount: 2}\n", "b.yaml": "cloudCore: {replicaCount: 3}\n"}
    imported = imported_from(tmp_path, texts)
    assert paths.first(imported.values, "cloudCore.replicaCount") == 2
    assert [note for note in imported.notes if "cloudCore.replicaCount: another value stays" in note]


def test_an_image_of_another_release_is_said(tmp_path: Path) -> None:
    text = "cloudCore: {image: {tag: v1.20.0}}\nadmission: {enable: true, image: {tag: v1.12.0}}\n"
    imported = imported_from(tmp_path, {"values.yaml": text})
    assert [note for note in imported.notes if "admission.image.tag: images follow the release" in note]


def test_null_in_a_text_list_or_number_field_is_no_note(tmp_path: Path) -> None:
    text = edgecore({"nodeLabels": None, "tailoredKubeletConfig": {"clusterDNS": None, "maxPods": None}})
    assert imported_from(tmp_path, {"edgecore.yaml": text}).notes == []


def test_a_null_section_is_a_note(tmp_path: Path) -> None:
    notes = imported_from(tmp_path, {"edgecore.yaml": "modules: {edged: , edgeHub: {enable: true}}\n"}).notes
    assert [note for note in notes if "modules.edged: an empty section crashes the program" in note]


@pytest.mark.parametrize("release", ["v1.12.7", "v1.13.5", "v1.16.6", "v1.23.1"])
def test_fields_of_the_old_layout_move_to_the_new(release: str, tmp_path: Path) -> None:
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
    assert "nodeLabels" not in " ".join(imported.notes)
    line = text.splitlines().index("      site: berlin") + 1
    assert f"site: berlin  # {tmp_path / 'edgecore.yaml'}:{line}\n" in imported.text()
    assert differences(imported) == []
    assert imported.notes == []


CORPUS = Path(__file__).parents[1] / "check" / "corpus"


@pytest.mark.parametrize("release", ["v1.8.2", "v1.12.7", "v1.23.1"])
@pytest.mark.parametrize("name", ["edgecore-1.8/edgecore.yaml", "cloudcore-1.10/cloudcore.yaml"])
def test_files_of_old_installations_are_imported_whole(name: str, release: str, tmp_path: Path) -> None:
    text = (CORPUS / name).read_text("utf-8")
    imported = imported_from(tmp_path, {Path(name).name: text}, kubeedge=release)
    assert differences(imported) == []
    ended = r"edgecoreVersion|own (name|address)|PluginEnabled|dockerAddress|runtimeType|iptablesManager"
    assert [note for note in imported.notes if not re.search(ended, note)] == []


def test_a_field_given_at_both_places_keeps_the_new_one(tmp_path: Path) -> None:
    text = edgecore({"labels": {"a": "old"}, "nodeLabels": {"a": "new"}}, "v1alpha1")
    imported = imported_from(tmp_path, {"edgecore.yaml": text}, kubeedge="v1.20.0")
    assert paths.first(imported.values, "edgeCore.modules.edged.nodeLabels.a") == "new"
    assert [note for note in imported.notes if "modules.edged.labels: not read by KubeEdge 1.20" in note]


# --- the property ------------------------------------------------------------------------------


def strings() -> st.SearchStrategy[str]:
    """Return texts as operators write them, the empty one among them."""
    return st.sampled_from(["", "a", "edge-1", "true", "10", "192.0.2.7:10004", "x.example.com/y"])


@st.composite
def values_of(draw: st.DrawFn, field: Any) -> Any:
    """Draw a value of a field of the table, null and empty ones among them."""
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
def test_every_leaf_is_in_the_site_or_a_note(data: st.DataObject, tmp_path_factory: Any) -> None:
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
    """Return the leaves that are neither in the site, nor the default anyway, nor in a note."""
    notes = "\n".join(imported.notes)
    lost = []
    for path, value in leaves_of(config):
        rendered = paths.at(imported.values, ("edgeCore", *path))
        default = paths.at(program, path)
        same = value in (rendered, default) or (
            value in ("", [], {}, None) and default is None and not free(path)
        )
        derived = re.search(r"metaServer\.server|clusterDNS|clusterDomain", ".".join(map(str, path)))
        if not (same or derived or f" {paths.text(path)}: " in notes or ".".join(map(str, path)) in notes):
            lost.append(paths.text(path))
    return lost


def free(path: paths.Path) -> bool:
    """Say whether a path leads into a map with user-defined keys."""
    from generator.importer.compare import is_entry

    return is_entry(config_fields("edgecore", Release.parse("KubeEdge", "v1.20.0")), path)


def leaves_of(value: Any, at: paths.Path = ()) -> list[tuple[paths.Path, Any]]:
    """Return the leaves of nested maps, lists whole."""
    if isinstance(value, dict):
        return [leaf for name, child in value.items() for leaf in leaves_of(child, (*at, name))]
    return [(at, value)]
