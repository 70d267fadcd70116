"""Realistic objects of many kinds, made by Hypothesis.

The objects contain no default values, so every mutation changes their meaning. Tests of defaults use their
own tables.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Data = dict[str, Any]
Objects = st.SearchStrategy[Data]

NAMES = st.from_regex(r"[a-z]([a-z0-9-]{0,6}[a-z0-9])?", fullmatch=True)
NAMESPACES = st.sampled_from(["kubeedge", "default", "plant-a"])
WORDS = st.text("abcxyzäß-._ 019/", min_size=1, max_size=12)
NUMBERS = st.integers(2, 60_000)
LABELS = st.dictionaries(NAMES.map(lambda name: f"example.com/{name}"), NAMES, min_size=1, max_size=3)
VERBS = ("get", "list", "watch", "create", "update", "patch", "delete")


def metadata(namespaced: bool = True) -> Objects:
    """Make metadata with labels and annotations."""
    fields: dict[str, st.SearchStrategy[Any]] = {"name": NAMES, "labels": LABELS, "annotations": LABELS}
    return st.fixed_dictionaries({**fields, "namespace": NAMESPACES} if namespaced else fields)


def some(
    items: st.SearchStrategy[Any], name: str | None = None, most: int = 3
) -> st.SearchStrategy[list[Any]]:
    """Make a list of different items; if a field is given, they differ in this field."""
    return st.lists(items, min_size=1, max_size=most, unique_by=(lambda item: item[name]) if name else repr)


ENV = st.one_of(
    st.fixed_dictionaries({"name": NAMES.map(str.upper), "value": WORDS}),
    st.fixed_dictionaries(
        {
            "name": NAMES.map(str.upper),
            "valueFrom": st.fixed_dictionaries(
                {"configMapKeyRef": st.fixed_dictionaries({"name": NAMES, "key": NAMES})}
            ),
        }
    ),
)
PROBES = st.fixed_dictionaries(
    {
        "httpGet": st.fixed_dictionaries({"path": NAMES.map(lambda name: f"/{name}"), "port": NUMBERS}),
        "periodSeconds": st.integers(11, 60),
    }
)
CONTAINERS = st.fixed_dictionaries(
    {
        "name": NAMES,
        "image": st.builds("example.com/{}:v1.{}".format, NAMES, st.integers(0, 30)),
        "args": some(NAMES.map(lambda name: f"--{name}")),
        "env": some(ENV, "name"),
        "ports": some(
            st.fixed_dictionaries({"name": NAMES, "containerPort": NUMBERS, "protocol": st.just("UDP")}),
            "name",
        ),
        "resources": st.fixed_dictionaries(
            {
                "limits": st.fixed_dictionaries(
                    {
                        "cpu": st.integers(1, 900).map(lambda n: f"{n}m"),
                        "memory": st.integers(1, 9).map(lambda n: f"{n}Gi"),
                    }
                )
            }
        ),
        "securityContext": st.fixed_dictionaries(
            {
                "privileged": st.just(True),
                "capabilities": st.fixed_dictionaries(
                    {"add": some(st.sampled_from(["NET_ADMIN", "NET_RAW", "SYS_TIME"]))}
                ),
            }
        ),
        "volumeMounts": some(
            st.fixed_dictionaries(
                {
                    "name": NAMES,
                    "mountPath": NAMES.map(lambda name: f"/etc/{name}"),
                    "readOnly": st.just(True),
                }
            ),
            "mountPath",
        ),
        "livenessProbe": PROBES,
    }
)
VOLUMES = st.one_of(
    st.fixed_dictionaries({"name": NAMES, "configMap": st.fixed_dictionaries({"name": NAMES})}),
    st.fixed_dictionaries({"name": NAMES, "secret": st.fixed_dictionaries({"secretName": NAMES})}),
    st.fixed_dictionaries({"name": NAMES, "hostPath": st.fixed_dictionaries({"path": WORDS})}),
)
TOLERATIONS = st.fixed_dictionaries(
    {"key": NAMES, "operator": st.just("Exists"), "effect": st.sampled_from(["NoSchedule", "NoExecute"])}
)
EXPRESSIONS = st.fixed_dictionaries(
    {"key": NAMES, "operator": st.sampled_from(["In", "NotIn"]), "values": some(NAMES)}
)
PODS = st.fixed_dictionaries(
    {
        "serviceAccountName": NAMES,
        "hostNetwork": st.just(True),
        "dnsPolicy": st.just("ClusterFirstWithHostNet"),
        "nodeSelector": LABELS,
        "containers": some(CONTAINERS, "name", 2),
        "volumes": some(VOLUMES, "name"),
        "tolerations": some(TOLERATIONS),
        "affinity": st.fixed_dictionaries(
            {
                "nodeAffinity": st.fixed_dictionaries(
                    {
                        "requiredDuringSchedulingIgnoredDuringExecution": st.fixed_dictionaries(
                            {
                                "nodeSelectorTerms": some(
                                    st.fixed_dictionaries({"matchExpressions": some(EXPRESSIONS)})
                                )
                            }
                        )
                    }
                )
            }
        ),
    }
)
TEMPLATES = st.fixed_dictionaries({"metadata": st.fixed_dictionaries({"labels": LABELS}), "spec": PODS})
SELECTORS = st.fixed_dictionaries({"matchLabels": LABELS})


def _object(version: str, kind: str, namespaced: bool = True, **fields: st.SearchStrategy[Any]) -> Objects:
    head = {"apiVersion": st.just(version), "kind": st.just(kind), "metadata": metadata(namespaced)}
    return st.fixed_dictionaries({**head, **fields})


DEPLOYMENTS = _object(
    "apps/v1",
    "Deployment",
    spec=st.fixed_dictionaries({"replicas": st.integers(2, 9), "selector": SELECTORS, "template": TEMPLATES}),
)
DAEMON_SETS = _object(
    "apps/v1",
    "DaemonSet",
    spec=st.fixed_dictionaries(
        {
            "selector": SELECTORS,
            "template": TEMPLATES,
            "updateStrategy": st.fixed_dictionaries({"type": st.just("OnDelete")}),
        }
    ),
)
SERVICES = _object(
    "v1",
    "Service",
    spec=st.fixed_dictionaries(
        {
            "type": st.sampled_from(["NodePort", "LoadBalancer"]),
            "selector": LABELS,
            "ports": some(
                st.fixed_dictionaries({"name": NAMES, "port": NUMBERS, "targetPort": NUMBERS}), "name"
            ),
        }
    ),
)
CONFIG_MAPS = _object("v1", "ConfigMap", data=st.dictionaries(NAMES, WORDS, min_size=1, max_size=4))
SECRETS = _object(
    "v1",
    "Secret",
    type=st.just("example.com/x"),
    stringData=st.dictionaries(NAMES, WORDS, min_size=1, max_size=3),
)
RULES = st.fixed_dictionaries(
    {
        "apiGroups": st.just(["", "apps"]),
        # Each item is in one rule only: removing it from one of two equal rules would change nothing.
        "resources": st.sampled_from([["pods"], ["services"], ["secrets"], ["nodes"]]),
        "verbs": some(st.sampled_from(VERBS), most=5),
    }
)
ROLES = _object(
    "rbac.authorization.k8s.io/v1",
    "Role",
    rules=st.lists(RULES, min_size=1, max_size=3, unique_by=lambda rule: rule["resources"][0]),
)
CLUSTER_ROLES = _object(
    "rbac.authorization.k8s.io/v1",
    "ClusterRole",
    namespaced=False,
    rules=st.lists(RULES, min_size=1, max_size=3, unique_by=lambda rule: rule["resources"][0]),
)
SUBJECTS = st.fixed_dictionaries({"kind": st.just("ServiceAccount"), "name": NAMES, "namespace": NAMESPACES})
BINDINGS = _object(
    "rbac.authorization.k8s.io/v1",
    "ClusterRoleBinding",
    namespaced=False,
    roleRef=st.fixed_dictionaries({"kind": st.just("ClusterRole"), "name": NAMES}),
    subjects=some(SUBJECTS),
)
# Schemas nest properties with any names, also names that have a meaning elsewhere.
PROPERTIES = st.sampled_from(["size", "restartPolicy", "replicas", "storage", "limits", "ports", "values"])
SCHEMAS: st.SearchStrategy[Any] = st.recursive(
    st.fixed_dictionaries({"type": st.sampled_from(["string", "integer", "boolean"]), "description": WORDS}),
    lambda inner: st.fixed_dictionaries(
        {
            "type": st.just("object"),
            "properties": st.dictionaries(PROPERTIES, inner, min_size=1, max_size=3),
        }
    ),
    max_leaves=4,
)
DEFINITIONS = _object(
    "apiextensions.k8s.io/v1",
    "CustomResourceDefinition",
    namespaced=False,
    spec=st.fixed_dictionaries(
        {
            "group": st.just("example.com"),
            "scope": st.sampled_from(["Namespaced", "Cluster"]),
            "names": st.fixed_dictionaries(
                {"kind": NAMES, "plural": NAMES, "shortNames": some(NAMES), "categories": some(NAMES)}
            ),
            "versions": some(
                st.fixed_dictionaries(
                    {
                        "name": NAMES,
                        "served": st.booleans(),
                        "storage": st.booleans(),
                        "schema": st.fixed_dictionaries({"openAPIV3Schema": SCHEMAS}),
                    }
                ),
                "name",
            ),
        }
    ),
)
SCALARS = st.one_of(WORDS, NUMBERS, st.booleans(), st.sampled_from(["true", "1", "Always", "500m", ""]))
TREES: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.dictionaries(
            NAMES | st.sampled_from(["replicas", "tolerations", "env", "rules", "resources", "ports"]),
            inner,
            min_size=1,
            max_size=3,
        ),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=8,
)
CUSTOM = _object("example.com/v1", "Widget", spec=st.fixed_dictionaries({"a": TREES, "b": TREES}))

OBJECTS: Objects = st.one_of(
    DEPLOYMENTS,
    DAEMON_SETS,
    SERVICES,
    CONFIG_MAPS,
    SECRETS,
    ROLES,
    CLUSTER_ROLES,
    BINDINGS,
    DEFINITIONS,
    CUSTOM,
)


def identity(one: Data) -> tuple[str, ...]:
    """Return the identity of an object."""
    return one["apiVersion"], one["kind"], one["metadata"].get("namespace", ""), one["metadata"]["name"]


STREAMS = st.lists(OBJECTS, min_size=1, max_size=5, unique_by=identity)
