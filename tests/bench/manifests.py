"""Manifest streams and repositories for measurements; equal arguments give equal content."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

from generator import go_yaml


def stream(objects: int, version: str) -> str:
    """Write about 400 bytes per object; one object in ten differs between two versions."""
    versions = (version if number % 10 == 0 else "v1" for number in range(objects))
    return "---\n".join(go_yaml.dump(_object(number, one)) for number, one in enumerate(versions))


def edge_configs(folder: Path, config: str, number: int) -> None:
    """Write the edgecore.yaml of many nodes, which differ in the node's name."""
    before, edged, after = config.partition("\n  edged:\n")
    assert edged, "the config has no section modules.edged"
    for node in range(number):
        name = f"    hostnameOverride: node-{node}\n"
        (folder / f"node-{node}.yaml").write_text(before + edged + name + after, "utf-8")


def project(root: Path, commit: str, folder: Path) -> Path:
    """Export the program and the charts of a commit; return the folder of the project."""
    archive = subprocess.run(
        ["git", "-C", str(root), "archive", commit, "charts", "generator", "values"],
        check=True,
        capture_output=True,
    )
    folder.mkdir()
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive.stdout, check=True)
    return folder


def without_rules_and_crds(chart: Path, folder: Path) -> Path:
    """Copy a chart without its rules and CRDs; return its folder."""
    copy = folder / f"{chart.name}-plain"
    shutil.copytree(chart, copy)
    shutil.rmtree(copy / "files/crds")
    (copy / "templates/crds.yaml").unlink()
    empty = f'{{{{- define "{chart.name}.rules" -}}}}{{{{- end -}}}}\n'
    (copy / "templates/_rules.tpl").write_text(empty, "utf-8")
    return copy


def fleet(groups: int, mode: int = 0) -> str:
    """Write a site with some node groups, each with a setting of its own and the rollout."""
    modules = f"modules: {{eventBus: {{mqttMode: {mode}}}}}"
    lines = [f"    l-{number}: {{nodeSelector: {{line: l{number}}}, {modules}}}" for number in range(groups)]
    head = "profile: plain\ncloudCore: {modules: {cloudHub: {advertiseAddress: [192.0.2.10]}}}\n"
    return head + "edgeCore:\n  rollout: {enable: true}\n  nodeGroups:\n" + "\n".join(lines) + "\n"


def _object(number: int, version: str) -> dict[str, Any]:
    kind = (_config_map, _service, _deployment)[number % 3]
    name = f"app-{number}"
    return {
        **kind(number, version),
        "metadata": {
            "name": name,
            "namespace": f"team-{number % 50}",
            "labels": {"app": name, "tier": "edge"},
        },
    }


def _config_map(number: int, version: str) -> dict[str, Any]:
    level = version if number % 10 == 0 else "info"
    lines = [f"listen = 0.0.0.0:{8000 + number % 1000}", f"workers = {number % 7}", f"level = {level}"]
    rest = [f"route.{route} = /v1/{route}/{number}" for route in range(6)]
    return {"apiVersion": "v1", "kind": "ConfigMap", "data": {"app.conf": "\n".join([*lines, *rest, ""])}}


def _service(number: int, _: str) -> dict[str, Any]:
    ports = [
        {"name": "http", "port": 8000 + number % 1000, "targetPort": "http", "protocol": "TCP"},
        {"name": "metrics", "port": 9090, "targetPort": "metrics", "protocol": "TCP"},
    ]
    spec = {"type": "ClusterIP", "selector": {"app": f"app-{number}", "tier": "edge"}, "ports": ports}
    return {"apiVersion": "v1", "kind": "Service", "spec": spec}


def _deployment(number: int, version: str) -> dict[str, Any]:
    labels = {"app": f"app-{number}", "tier": "edge"}
    container = {
        "name": "main",
        "image": f"registry.example.com/app:{version}",
        "env": [{"name": "NUMBER", "value": str(number)}],
        "resources": {"limits": {"cpu": "500m", "memory": "128Mi"}},
    }
    template = {"metadata": {"labels": labels}, "spec": {"containers": [container]}}
    spec = {"replicas": number % 4, "selector": {"matchLabels": labels}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "spec": spec}


def repository(root: Path, folder: Path, *, examples: bool) -> None:
    """Create a git repository with the charts of a project; all three differ from the commit."""
    for name in ("charts", "values"):
        shutil.copytree(root / name, folder / name)
    if not examples:
        shutil.rmtree(folder / "values/examples")
    _git(folder, "init", "--quiet")
    _git(folder, "add", "--all")
    _git(
        folder,
        "-c",
        "user.name=bench",
        "-c",
        "user.email=bench@example.com",
        "commit",
        "--quiet",
        "-m",
        "before",
    )
    for chart in ("cloudcore", "edgecore", "edgemesh"):
        with (folder / "charts" / chart / "templates/_config.tpl").open("a", encoding="utf-8") as template:
            template.write("{{/* changed */}}\n")


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True)
