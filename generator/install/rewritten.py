"""Fields of installed objects that programs or controllers of the cluster write themselves.

The comparison of drift and the files for GitOps tools read this list. cloudcore is not in it: the roles of
the chart do not let it change its ConfigMap.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from generator.kube.objects import Object

AGGREGATION = "clusterrole-aggregation-controller"


@dataclass(frozen=True)
class RewrittenField:
    """A field at the top of an object, what an installation leaves in it, and the program that writes it."""

    name: str
    installed: Any
    writer: str


def rewritten_fields(one: Object) -> Iterator[RewrittenField]:
    """Yield the fields of an object that others write; they differ from the manifest without being drift."""
    if one.kind == "ClusterRole" and one.data.get("aggregationRule"):
        yield RewrittenField("rules", [], AGGREGATION)
