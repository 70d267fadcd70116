"""The codes of the rollout of edgecore.yaml: nodes that failed, and nodes of no group or of several."""

from __future__ import annotations

from generator.catalogue.entries import error, table

ENTRIES = table(
    error(
        "rollout-failed",
        means="the rollout could not change edgecore.yaml on a node",
        what={
            "": "the old edgecore.yaml is in use: {reason}",
            "more": "the same or another reason on {nodes}",
        },
        fix={
            "": "fix the cause; delete the pod on this node to try the same file again",
            "more": "see the pods of this DaemonSet",
        },
        why="The pod on the node replaces edgecore.yaml and restarts edgecore. If edgecore is not healthy in "
        "time, it puts the old file back and stays failed, so that the rollout stops.",
    ),
    error(
        "rollout-held",
        means="nodes have other settings than a new rollout wants, and wait for its start",
        what="{number} differ from the wanted edgecore.yaml, and nothing has changed there",
        fix="{command}",
        why="Kubernetes makes the first pods of a DaemonSet all at the same time. So they only compare the "
        "settings. When they are replaced, which happens in waves, the nodes change.",
    ),
    error(
        "rollout-blocked",
        means="failed or offline nodes stop the rollout of edgecore.yaml",
        what="{number} wait; as many nodes as maxUnavailable allows have failed or are offline",
        fix="fix these nodes, upgrade with a corrected edgecore.yaml, or set maxUnavailable above their "
        "number",
        why="Failed and offline nodes count as unavailable. Kubernetes changes no other node until they are "
        "back.",
    ),
    error(
        "node-without-group",
        means="an edge node belongs to no node group, so the rollout leaves it alone",
        what="no rollout changes edgecore.yaml on {nodes}: their labels fit no node group",
        fix="label the nodes, or add the node group `default`, which takes all other edge nodes",
    ),
    error(
        "node-in-two-groups",
        means="an edge node belongs to several node groups",
        what="its labels fit the node groups {groups}; only one of their pods runs on it",
        fix="change the labels of the node, so that one group is left",
        why="Two pods would write edgecore.yaml of the node in turn, so the second one stays pending.",
    ),
)
