"""The pod of the rollout for sites that have none: doctor's pod has the same image."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.components import NAMESPACE
from generator.helm import Engine, open_engine
from generator.kube.objects import Object
from generator.kube.pods import pod_of
from generator.kube.rollout import daemonsets
from generator.render.site import render_charts

_CHART = "edgecore"


def default_rollout_pod(images: Mapping[str, Any], engine: Engine | None = None) -> dict[str, Any]:
    """Return the pod spec of a rollout with default values; `images` is that section of a site."""
    values = {"edgeCore": {"rollout": {"enable": True}}, "images": dict(images)}
    documents = render_charts(engine or open_engine(), {_CHART: _CHART}, values, NAMESPACE)
    (found,) = daemonsets(Object(document.data) for document in documents)
    return pod_of(found)
