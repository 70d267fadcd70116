"""The codes of impacts that are notes: harmless effects of a change."""

from __future__ import annotations

from generator.catalogue.entries import note

# The sentence of a row in generator/tables/impact.yaml, and its fix if it has one.
MEANING = "{meaning}"
FIX = ("{fix}", "")
_NODES_LATER = "write it there and restart edgecore"

NOTES = (
    note(
        "secret",
        means="a key or password changes",
        what={
            "value": "{key} changes",
            "psk": "the PSK of EdgeMesh changes; pods with the old and the new PSK cannot reach each other",
            "other-secret": "{workload} reads the PSK from Secret {new} instead of {old}; if the PSKs "
            "differ, pods with the old and the new PSK, on {nodes}, cannot reach each other",
        },
        fix={
            "value": "",
            "psk": "restart all EdgeMesh pods",
            "other-secret": "restart all EdgeMesh pods",
        },
        why="Programs that share a secret must all have the new one. A pod reads it when it starts.",
    ),
    note(
        "certificate",
        means="a certificate, or the CA that signs it, changes",
        what={
            "content": "{key} holds another certificate",
            "issued": (
                "cert-manager issues a new certificate into the Secret {secret}",
                "cert-manager issues a new certificate",
            ),
            "config": ("{key}: {meaning}", MEANING),
        },
        fix=FIX,
        why="Both ends of a TLS connection must fit: clients must trust the CA, and the certificate must "
        "have the names that clients use.",
    ),
    note(
        "dns",
        means="pods need another DNS server",
        what="{key}: {meaning}",
        fix=FIX,
        why="A pod gets its DNS server when it is created.",
    ),
    note(
        "edgecore-restart",
        means="edgecore.yaml must be written on edge nodes, and edgecore restarted",
        what={
            "changed": "edgecore.yaml changes for {nodes}",
            "file": "this edgecore.yaml changes",
            "rolled": (
                (
                    "the rollout writes edgecore.yaml on {nodes} and restarts edgecore: {number} in {waves}, "
                    "{wave} at a time"
                ),
                "the rollout writes edgecore.yaml on {nodes} and restarts edgecore, {wave} at a time",
            ),
            "new": "{nodes} need this edgecore.yaml",
            "upgrade": "edgecore must be upgraded to {release} on {nodes}",
        },
        fix={
            "changed": _NODES_LATER,
            "file": "restart edgecore on the nodes that use it",
            "rolled": "",
            "new": _NODES_LATER,
            "upgrade": "upgrade edgecore on the nodes; Helm does not do it",
        },
        why="edgecore reads its file from the disk of the node, and only when it starts. Helm cannot change "
        "it; the DaemonSets of edgeCore.rollout can.",
    ),
    note(
        "restart",
        means="the upgrade restarts pods",
        what={
            "": "restarts {workload}: {pods} on {nodes}",
            "recreate": "restarts {workload}: {pods} on {nodes}; none runs meanwhile",
            "same": "restarts {workload}: {pods} on {nodes}; their behaviour does not change",
            "recreate-same": "restarts {workload}: {pods} on {nodes}; none runs meanwhile, and their "
            "behaviour does not change",
            "containers": "restarts {containers} in {workload} on {nodes}",
        },
        why="The pod template changes, so Kubernetes replaces the pods.",
    ),
    note(
        "restart-by-hand",
        means="pods must be restarted by hand before the change has an effect",
        what={
            "on-delete": "{workload}: {pods} on {nodes} keep the old template",
            "paused": "{workload} is paused: {pods} on {nodes} keep the old template",
            "reads": "{workload} reads it only when it starts",
            "reads-pod": "{workload} reads it only when it starts",
            "reads-on-delete": "{workload} reads it only when it starts",
            "reads-paused": "{workload} reads it only when it starts, and is paused",
            "reads-file": "{component} reads it only when it starts",
        },
        fix={
            "on-delete": "delete the pods",
            "paused": "{resume}",
            "reads": "{restart}",
            "reads-pod": "delete the pod and create it again",
            "reads-on-delete": "delete its pods",
            "reads-paused": "{resume} && {restart}",
            "reads-file": "restart {component} where it uses this file",
        },
        why="Helm and Kubernetes do not restart these pods: the pod template does not change, or the "
        "workload is set to wait.",
    ),
    note(
        "scaled",
        means="pods are added or removed",
        what={
            "started": "starts {workload}: {pods} on {nodes}",
            "replicas": "{workload} has {after} instead of {before}",
        },
        why="The number of replicas changes, or the workload is new.",
    ),
    note(
        "kept",
        means="an object that is no longer part of the release stays in the cluster",
        what="stays in the cluster: it has the annotation helm.sh/resource-policy: keep",
        fix="delete it by hand if nothing uses it",
        why="Helm does not delete objects with this annotation.",
    ),
    note(
        "rbac-narrowed",
        means="somebody loses permissions",
        what={
            "deleted-role": "a role is deleted that grants {rules}",
            "rules": "no longer grants {rules}",
            "aggregated": "its permissions no longer belong to {roles}",
            "aggregates": "no longer has the permissions of {roles}",
            "binding": "{subjects} loses {role}",
            "config": MEANING,
        },
        fix=FIX,
        why="Programs that still need the permissions get 403 (Forbidden).",
    ),
    note(
        "tls-strengthened",
        means="more is encrypted or verified than before",
        what={
            "config": MEANING,
            "ingress": "uses TLS for {hosts}",
            "api-service": "the API server now verifies the certificate of {server}",
        },
        fix=FIX,
        why="Clients that do not use TLS, or have no certificate or token, can no longer connect.",
    ),
    note(
        "closed",
        means="something can no longer be reached",
        what={
            "listener-off": "{listener} is switched off",
            "listener": "{listener} can no longer be reached from other machines",
            "node-ports": "{workload} no longer listens on its node: {ports}",
            "outside": "can no longer be reached from outside the cluster: {targets}",
            "sources": "no longer accepts connections from: {addresses}",
            "Ingress": "no longer allows connections to its pods from: {flows}",
            "Egress": "no longer allows its pods to connect to: {flows}",
            "policy-pods": "now also protects {pods}",
        },
        why="A port, address or network policy closed. Clients that used it can no longer connect.",
    ),
    note(
        "no-restart",
        means="no restart is needed: programs or new pods read the change by themselves",
        what={
            "next-template": "{workload}: its next pods are created with the change",
            "next-pods": "{workload}: its next pods read the change",
            "reads-again": "{workload} reads the change without a restart",
        },
        why="The program watches its config, or the pods end by themselves and the next ones read the "
        "change.",
    ),
)
