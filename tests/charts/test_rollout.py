"""The DaemonSets of the rollout: their nodes, what restarts their pods, and what the pods get."""

from __future__ import annotations

import hashlib
import itertools
import re
from pathlib import Path
from typing import Any

import pytest

from generator import go_yaml, load_site
from generator.components import KUBEEDGE
from generator.kube.objects import Object as Parsed
from generator.kube.rollout import claimed, daemonsets
from generator.kube.selectors import node_terms
from generator.render.node_script import defaults, update_script
from generator.upstream.releases import minors
from tests.charts.conftest import ROOT, Render
from tests.charts.objects import Object, find

HUB = {"cloudHub": {"advertiseAddress": ["192.0.2.10"]}}
EDGE = {"node-role.kubernetes.io/edge": ""}
LINES = {"line-a": {"nodeSelector": {"line": "a"}}, "line-b": {"nodeSelector": {"line": "b", "hall": "2"}}}


def site(groups: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """Return values with the rollout on; `more` are values of the rollout."""
    edge: dict[str, Any] = {"rollout": {"enable": True, **more}, "nodeGroups": groups or {}}
    return {"profile": "plain", "cloudCore": {"modules": HUB}, "edgeCore": edge}


def rollouts(objects: list[Object]) -> list[Parsed]:
    """Return the DaemonSets of the rollout."""
    return daemonsets(map(Parsed, objects))


def container(found: Parsed) -> Object:
    """Return the container that updates the node."""
    updating: Object = found.data["spec"]["template"]["spec"]["initContainers"][0]
    return updating


def test_nothing_is_rolled_out_by_default(render: Render) -> None:
    values = site()
    del values["edgeCore"]["rollout"]
    assert {one["kind"] for one in render("edgecore", values)} == {"ConfigMap"}


def test_each_node_belongs_to_one_group(render: Render) -> None:
    found = rollouts(render("edgecore", site({**LINES, "default": {}})))
    chosen = {
        (line, hall): claimed(found, {"n": {**EDGE, **labels}})["n"]
        for line, hall in itertools.product(("a", "b", "c", ""), ("1", "2", ""))
        for labels in [{k: v for k, v in (("line", line), ("hall", hall)) if v}]
    }
    assert {len(names) for names in chosen.values()} == {1}
    assert {place for place, (name,) in chosen.items() if name.endswith("-line-a")} == {
        ("a", hall) for hall in ("1", "2", "")
    }
    assert [place for place, (name,) in chosen.items() if name.endswith("-line-b")] == [("b", "2")]


def test_cloud_nodes_are_never_chosen(render: Render) -> None:
    found = rollouts(render("edgecore", site({**LINES, "default": {}})))
    assert claimed(found, {"cloud": {"line": "a"}}) == {"cloud": []}


def test_affinity_of_the_user_narrows_the_nodes(render: Render) -> None:
    zone = {"matchExpressions": [{"key": "zone", "operator": "In", "values": ["x"]}]}
    terms = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [zone]}}
    (found,) = rollouts(render("edgecore", site(affinity={"nodeAffinity": terms})))
    assert node_terms(found.data).match({**EDGE, "zone": "x"})
    assert not node_terms(found.data).match(EDGE)


def test_default_group_of_many_groups_has_one_expression_for_a_label(render: Render) -> None:
    groups = {f"line-{number}": {"nodeSelector": {"line": str(number)}} for number in range(50)}
    found = {one.name: one for one in rollouts(render("edgecore", site({**groups, "default": {}})))}
    (term,) = node_terms(found["edgecore-rollout-default"].data).terms or ()
    assert len(term["matchExpressions"]) == 2


@pytest.mark.parametrize("groups", [None, {**LINES, "default": {}}])
def test_a_changed_file_and_nothing_else_changes_the_checksum(render: Render, groups: Any) -> None:
    objects = render("edgecore", site(groups))
    for found in rollouts(objects):
        volumes = found.data["spec"]["template"]["spec"]["volumes"]
        source = next(one["configMap"] for one in volumes if one["name"] == "wanted")
        text = find(objects, "ConfigMap", source["name"])["data"][source["items"][0]["key"]]
        checksum = hashlib.sha256(text.encode()).hexdigest()
        assert found.data["spec"]["template"]["metadata"]["annotations"] == {"checksum/edgecore": checksum}
        assert {one["name"]: one.get("value") for one in container(found)["env"]}["CHECKSUM"] == checksum


def test_one_group_changes_without_the_others(render: Render) -> None:
    changed = {**LINES, "line-a": {**LINES["line-a"], "modules": {"eventBus": {"mqttMode": 0}}}}
    before, after = (rollouts(render("edgecore", site(groups))) for groups in (LINES, changed))
    same = [one.name for one, other in zip(before, after, strict=True) if one.data == other.data]
    assert same == ["edgecore-rollout-line-b"]


@pytest.mark.parametrize("minor", minors(KUBEEDGE))
def test_the_scripts_are_those_of_joined_nodes(minor: str, render: Render) -> None:
    objects = render("edgecore", {**site(), "kubeedgeVersion": minor})
    scripts = find(objects, "ConfigMap", "edgecore-rollout")["data"]
    assert scripts["update.sh"] == update_script()
    assert scripts["defaults"] == defaults(minor)
    (found,) = rollouts(objects)
    env = {one["name"]: one.get("value") for one in container(found)["env"]}
    both = update_script() + defaults(minor)
    assert env["SCRIPTS_CHECKSUM"] == hashlib.sha256(both.encode()).hexdigest()


def test_pods_of_one_group_keep_away_from_those_of_others(render: Render) -> None:
    for found in rollouts(render("edgecore", site({**LINES, "default": {}}))):
        apart = found.data["spec"]["template"]["spec"]["affinity"]["podAntiAffinity"]
        (term,) = apart["requiredDuringSchedulingIgnoredDuringExecution"]
        group = found.metadata["labels"]["kubeedge.io/node-group"]
        assert term["labelSelector"]["matchExpressions"] == [
            {"key": "kubeedge.io/node-group", "operator": "NotIn", "values": [group]}
        ]
        assert found.data["spec"]["selector"]["matchLabels"]["kubeedge.io/node-group"] == group


@pytest.mark.parametrize(
    ("kubeedge", "key"), [("1.11", "labels"), ("1.12", "nodeLabels"), ("1.23", "nodeLabels")]
)
def test_nodes_register_with_the_labels_of_their_group(render: Render, kubeedge: str, key: str) -> None:
    selector = {"line": "a", "node-role.kubernetes.io/press": "yes", "example.com/kubernetes": "x"}
    groups = {"a": {"nodeSelector": selector, "modules": {"edged": {key: {"line": "mine"}}}}}
    objects = render("edgecore", {**site(groups), "kubeedgeVersion": kubeedge})
    config = go_yaml.load(find(objects, "ConfigMap", "edgecore-a")["data"]["a.edgecore.yaml"])
    assert config["modules"]["edged"][key] == {"line": "mine", "example.com/kubernetes": "x"}
    assert "nodeSelector" not in config


def test_only_the_updating_container_is_privileged(render: Render) -> None:
    (found,) = rollouts(render("edgecore", site()))
    spec = found.data["spec"]["template"]["spec"]
    assert container(found)["securityContext"] == {"privileged": True}
    (waiting,) = spec["containers"]
    assert waiting["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert [one["name"] for one in waiting["volumeMounts"]] == ["token"]
    assert "token" not in [one["name"] for one in container(found)["volumeMounts"]]


CERTIFICATES = {
    "certificateCopy": {"enable": True},
    "metaServer": {"serverCertificate": {"existingSecret": "endpoint"}},
    "profile": "mtls",
    "kubeedgeVersion": "v1.16.6",
}


def test_rollout_brings_the_certificate_too(render: Render) -> None:
    objects = render("edgecore", {**site(), **CERTIFICATES})
    (found,) = [one for one in objects if one["kind"] == "DaemonSet"]
    spec = found["spec"]["template"]["spec"]
    files = {one["name"]: one.get("value") for one in spec["initContainers"][0]["env"]}["FILES"]
    place = "/etc/kubeedge/metaserver"
    names = ("rootCA.crt", "server.crt", "server.key")
    assert files == " ".join(f"{name}={place}/{name}" for name in names)
    assert [one["command"][-1] for one in (*spec["initContainers"], *spec["containers"])] == ["once", "watch"]


def test_certificate_is_only_copied_if_asked(render: Render) -> None:
    values = {**site(), **CERTIFICATES, "certificateCopy": {"enable": True, "restart": False}}
    objects = [one for one in render("edgecore", values) if one["kind"] == "DaemonSet"]
    assert [one["metadata"]["name"] for one in objects] == ["edgecore-certs", "edgecore-rollout"]
    (rollout,) = rollouts(objects)
    assert "FILES" not in {one["name"] for one in container(rollout)["env"]}


def test_long_names_stay_within_63_characters_and_differ(render: Render) -> None:
    groups = {f"{'g' * 60}-{end}": {"nodeSelector": {"line": end}} for end in "ab"}
    names = [one.name for one in rollouts(render("edgecore", {**site(groups), "fullnameOverride": "x" * 52}))]
    assert len(set(names)) == 2
    assert max(map(len, names)) <= 63


def test_page_describes_a_valid_site(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "rollout.md").read_text("utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    (tmp_path / "site.yaml").write_text(example, "utf-8")
    values = load_site([str(tmp_path / "site.yaml")]).values
    assert values["edgeCore"]["rollout"]["enable"] is True
    defaults: Any = values["edgeCore"]["rollout"]
    assert f"({defaults['healthTimeout']} s)" in page
