"""Every field that an import reads from objects is rendered by the site, or noted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator import paths
from generator.importer import Imported, import_files
from tests.importer import files
from tests.importer.test_round_trip import imported_from, proved

Fields = dict[str, Any]
POD = ("spec", "template", "spec")


def with_fields(
    top: Fields | None = None, template: Fields | None = None, pod: Fields | None = None, **container: Any
) -> str:
    """Return upstream's cloudcore with more fields in its Deployment."""
    objects = files.upstream_cloud()
    core = next(item for item in objects if item["kind"] == "Deployment")
    core["metadata"] |= top or {}
    core["spec"]["template"]["metadata"] |= template or {}
    inner = core["spec"]["template"]["spec"]
    inner |= pod or {}
    inner["containers"][0] |= container
    return files.stream(*objects)


def core_of(text: str, folder: Path) -> tuple[Fields, str]:
    """Import a stream; return the section cloudCore and the notes."""
    imported = imported_from(folder, {"all.yaml": text})
    assert proved(folder, imported) == []
    return imported.values["cloudCore"], "\n".join(map(str, imported.notes))


TAKEN: list[tuple[Fields, Fields]] = [
    ({"top": {"labels": {"team": "edge", "empty": ""}}}, {"labels": {"team": "edge", "empty": ""}}),
    ({"top": {"annotations": {"example.com/owner": "me"}}}, {"annotations": {"example.com/owner": "me"}}),
    ({"template": {"labels": {"tier": ""}}}, {"podLabels": {"tier": ""}}),
    ({"template": {"annotations": {"scrape": "true"}}}, {"podAnnotations": {"scrape": "true"}}),
    ({"pod": {"terminationGracePeriodSeconds": 7}}, {"terminationGracePeriodSeconds": 7}),
    ({"pod": {"securityContext": {"fsGroup": 3}}}, {"podSecurityContext": {"fsGroup": 3}}),
    ({"securityContext": {"runAsUser": 5}}, {"securityContext": {"runAsUser": 5}}),
    ({"env": [{"name": "TZ", "value": "UTC"}]}, {"extraEnv": [{"name": "TZ", "value": "UTC"}]}),
    ({"args": ["--v=4"]}, {"extraArgs": ["--v=4"]}),
    ({"livenessProbe": {"tcpSocket": {"port": 1}}}, {"livenessProbe": {"tcpSocket": {"port": 1}}}),
]


@pytest.mark.parametrize(("fields", "values"), TAKEN, ids=[next(iter(row[1])) for row in TAKEN])
def test_a_field_with_a_key_of_the_site_is_imported(fields: Fields, values: Fields, tmp_path: Path) -> None:
    core, notes = core_of(with_fields(**fields), tmp_path)
    assert {name: core.get(name) for name in values} == values
    assert "Deployment cloudcore" not in notes


def test_extra_volumes_are_imported_with_their_mounts(tmp_path: Path) -> None:
    objects = files.upstream_cloud()
    pod = paths.at(next(item for item in objects if item["kind"] == "Deployment"), POD)
    pod["volumes"] += [{"name": "config", "emptyDir": {}}, {"name": "idle", "emptyDir": {}}]
    pod["containers"][0]["volumeMounts"].append({"name": "config", "mountPath": "/scratch"})
    core, notes = core_of(files.stream(*objects), tmp_path)
    # The chart has a volume of this name.
    assert core["extraVolumes"] == [{"name": "own-config", "emptyDir": {}}]
    assert core["extraVolumeMounts"] == [{"name": "own-config", "mountPath": "/scratch"}]
    assert "no key of the site adds the volume idle, which the container does not mount" in notes


NOTED: list[tuple[Fields, str]] = [
    ({"pod": {"hostAliases": [{"ip": "192.0.2.1", "hostnames": ["x"]}]}}, "spec.template.spec.hostAliases"),
    ({"pod": {"serviceAccountName": "own"}}, "serviceAccountName: the site renders another value"),
    ({"pod": {"runtimeClassName": "kata"}}, "spec.template.spec.runtimeClassName"),
    ({"pod": {"initContainers": [{"name": "i", "image": "x"}]}}, "initContainers[0]"),
    ({"envFrom": [{"secretRef": {"name": "s"}}]}, "containers[cloudcore].envFrom"),
    ({"lifecycle": {"preStop": {"exec": {"command": ["x"]}}}}, "containers[cloudcore].lifecycle"),
    ({"ports": [{"name": "web", "containerPort": 9443}]}, "ports[web]"),
    ({"command": ["own"]}, "containers[cloudcore].command"),
    ({"top": {"name": "other"}}, "metadata.name: the site names it cloudcore"),
]


@pytest.mark.parametrize(("fields", "note"), NOTED, ids=[row[1].partition(":")[0] for row in NOTED])
def test_a_field_without_a_key_is_noted(fields: Fields, note: str, tmp_path: Path) -> None:
    assert note in core_of(with_fields(**fields), tmp_path)[1]


def test_the_image_of_another_release_is_noted(tmp_path: Path) -> None:
    other = files.workload("DaemonSet", "cloud-iptables-manager", "kubeedge/iptables-manager:v1.18.0")
    text = files.stream(*files.upstream_cloud(), other)
    assert (
        ".image: an image of another release; images have the release of the site [image-of-other-release]"
        in core_of(text, tmp_path)[1]
    )


def rbac(kind: str, name: str, **fields: Any) -> Fields:
    """Return an object of RBAC."""
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": kind,
        "metadata": {"name": name},
        **fields,
    }


def test_permissions_beyond_those_of_the_site_are_noted(tmp_path: Path) -> None:
    rules = [
        {"apiGroups": [""], "resources": ["nodes"], "verbs": ["get"]},
        {"apiGroups": ["batch"], "resources": ["jobs"], "verbs": ["delete"]},
    ]
    binding = rbac("ClusterRoleBinding", "b", roleRef={"name": "cluster-admin"}, subjects=[{"kind": "User"}])
    text = files.stream(*files.upstream_cloud(), rbac("ClusterRole", "own", rules=rules), binding)
    notes = core_of(text, tmp_path)[1]
    message = "the site does not grant these permissions: batch/jobs: delete [permissions-not-granted]\n"
    assert f"ClusterRole own: rules: {message}" in notes
    assert "ClusterRoleBinding b: roleRef: the role cluster-admin is in none of the files" in notes
    message = "the site grants permissions to the service accounts of its workloads only [subject-not-bound]"
    assert f"ClusterRoleBinding b: subjects[0]: {message}" in notes


def test_objects_that_no_site_renders_are_noted(tmp_path: Path) -> None:
    scaler = {"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "h"}}
    objects = [*files.upstream_cloud(), scaler, files.config_map("other", "a", "b")]
    service = next(item for item in objects if item["kind"] == "Service")
    service["spec"] |= {"sessionAffinity": "ClientIP"}
    notes = core_of(files.stream(*objects), tmp_path)[1]
    assert "HorizontalPodAutoscaler h: the site does not render this object" in notes
    assert "ConfigMap other: data.a: no key of the site sets this field" in notes
    assert "Service cloudcore: spec.sessionAffinity" in notes
    assert "Secret cloudcore: the content of a Secret is not imported" in notes


def test_no_note_holds_a_value(tmp_path: Path) -> None:
    text = with_fields(env=[{"name": "PW", "value": "s3cret"}], lifecycle={"x": "s3cret"})
    assert "s3cret" not in core_of(text, tmp_path)[1]


# --- the property ------------------------------------------------------------------------------

_TEXTS = st.sampled_from(["", "a", "true", "10", "x.example.com/y"])
_MAPS = st.dictionaries(st.sampled_from(["a", "example.com/b", "kubeedge.io/c"]), _TEXTS, max_size=2)
_POD = {
    "nodeSelector": _MAPS,
    "priorityClassName": _TEXTS,
    "terminationGracePeriodSeconds": st.integers(0, 60),
    "hostAliases": st.just([{"ip": "192.0.2.1", "hostnames": ["x"]}]),
    "hostPID": st.booleans(),
    "securityContext": st.sampled_from([{}, {"fsGroup": 1}]),
    "shareProcessNamespace": st.booleans(),
}
_CONTAINER = {
    "env": st.lists(st.fixed_dictionaries({"name": _TEXTS.filter(bool), "value": _TEXTS}), max_size=1),
    "args": st.lists(st.sampled_from(["--v=4", "--x"]), max_size=2, unique=True),
    "workingDir": _TEXTS,
    "stdin": st.booleans(),
    "lifecycle": st.just({"preStop": {"exec": {"command": ["x"]}}}),
}
_META = st.fixed_dictionaries({}, optional={"labels": _MAPS, "annotations": _MAPS})


@settings(max_examples=8, deadline=None)
@given(
    top=_META,
    template=_META,
    pod=st.fixed_dictionaries({}, optional=_POD),
    container=st.fixed_dictionaries({}, optional=_CONTAINER),
)
def test_every_field_is_in_the_site_or_noted(
    top: Fields, template: Fields, pod: Fields, container: Fields, tmp_path_factory: Any
) -> None:
    folder = tmp_path_factory.mktemp("lost")
    (folder / "all.yaml").write_text(with_fields(top, template, pod, **container), "utf-8")
    imported = import_files([str(folder / "all.yaml")])
    fields = {**container, **{f"top.{name}": value for name, value in top.items()}}
    fields |= {**{f"template.{name}": value for name, value in template.items()}, **pod}
    assert [name for name, value in fields.items() if not accounted(name, value, imported)] == []


_KEYS = {
    "top.labels": "labels",
    "top.annotations": "annotations",
    "template.labels": "podLabels",
    "template.annotations": "podAnnotations",
    "securityContext": "podSecurityContext",
    "env": "extraEnv",
    "args": "extraArgs",
}


def accounted(name: str, value: Any, imported: Imported) -> bool:
    """Return whether a field has no meaning, is in the site, or is noted."""
    if value in ("", [], {}, False) or (name, value) == ("terminationGracePeriodSeconds", 30):
        return True
    core = imported.values.get("cloudCore", {})
    found = core.get(_KEYS.get(name, name))
    if isinstance(value, dict) and isinstance(found, dict | None):
        found = {**core.get("labels", {}), **(found or {})} if name == "template.labels" else found
        if found is not None and value.items() <= found.items():
            return True
    return found == value or any(name.rpartition(".")[2] in note.key for note in imported.notes)


def test_fields_of_the_api_server_and_of_helm_are_not_noted(tmp_path: Path) -> None:
    written = {
        "labels": {"app.kubernetes.io/managed-by": "Helm", "k8s-app": "kubeedge"},
        "annotations": {"meta.helm.sh/release-name": "x", "deployment.kubernetes.io/revision": "3"},
        "uid": "1",
        "generation": 3,
        "creationTimestamp": "2025-01-01T00:00:00Z",
    }
    pod = {"restartPolicy": "Always", "schedulerName": "default-scheduler"}
    core, notes = core_of(
        with_fields(written, pod=pod, terminationMessagePath="/dev/termination-log"), tmp_path
    )
    assert "Deployment" not in notes
    assert not {"labels", "annotations"} & set(core)
