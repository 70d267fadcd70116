"""The service accounts of pods on edge nodes, and where their pods run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

from generator.doctor.cluster import Json, ended
from generator.doctor.permissions import Account
from generator.doctor.programs import Programs
from generator.install.nodes import moment

# cloudcore makes an access object within seconds after a pod is assigned to an edge node.
_MADE_IN = timedelta(seconds=60)


def edge_accounts(programs: Programs) -> Mapping[Account, list[Json]]:
    """Return the pods with a token on edge nodes by service account; without those that have ended."""
    edge = programs.cluster.edge_nodes
    found: dict[Account, list[Json]] = defaultdict(list)
    for pod in programs.cluster.pods:
        # The pod of a static manifest has no service account.
        account = pod["spec"].get("serviceAccountName")
        mounted = pod["spec"].get("automountServiceAccountToken") is not False
        if account and mounted and pod["spec"].get("nodeName") in edge and not ended(pod):
            found[pod["metadata"]["namespace"], account].append(pod)
    return dict(sorted(found.items()))


def settled(pod: Json, now: datetime) -> bool:
    """Return whether a pod runs and is older than a minute."""
    running = (pod.get("status") or {}).get("phase") == "Running"
    return running and "deletionTimestamp" not in pod["metadata"] and is_older(pod, now)


def is_older(found: Json, now: datetime) -> bool:
    """Return whether an object is older than a minute, in which cloudcore does what follows from it."""
    created = moment(found["metadata"].get("creationTimestamp"))
    return created is None or now - created > _MADE_IN
