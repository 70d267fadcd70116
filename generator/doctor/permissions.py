"""Which permissions service accounts need and have: the roles of the charts, RBAC objects, access reviews."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from generator import go_yaml
from generator.doctor.cluster import Json, LiveCluster, labels
from generator.kube.pods import as_list, as_map
from generator.kube.rbac import Permission, permissions

Account = tuple[str, str]
# Permissions by the namespace in which they hold, "" for all namespaces.
Granted = Mapping[str, set[Permission]]

_REVIEWS = "subjectaccessreviews"
_READS = {"list", "watch", "*"}
_AGGREGATE = "rbac/aggregate-to-cloudcore"


def user_of(account: Account) -> str:
    """Return the user name of a service account."""
    return "system:serviceaccount:{}:{}".format(*account)


def granted(objects: Iterable[Mapping[str, Any]], account: Account) -> Granted:
    """Return what the RBAC objects grant a service account by name, without its groups."""
    objects = list(objects)
    roles = {_place(one): one for one in objects if one["kind"] in ("Role", "ClusterRole")}
    found: dict[str, set[Permission]] = defaultdict(set)
    for binding in objects:
        if binding["kind"] not in ("RoleBinding", "ClusterRoleBinding") or not _binds(binding, account):
            continue
        namespace = _namespace(binding)
        reference = binding["roleRef"]
        home = namespace if reference["kind"] == "Role" else ""
        role = roles.get((reference["kind"], home, reference["name"]))
        for one in _with_aggregated(role, roles.values()) if role else ():
            found[namespace] |= permissions(one.get("rules"))
    return found


def role_objects(cluster: LiveCluster) -> list[Json]:
    """Return the roles and bindings of a cluster."""
    kinds = {
        "clusterroles": "ClusterRole",
        "clusterrolebindings": "ClusterRoleBinding",
        "roles": "Role",
        "rolebindings": "RoleBinding",
    }
    return [{**one, "kind": kind} for name, kind in kinds.items() for one in cluster.lists.get(name, ())]


def denied(cluster: LiveCluster, account: Account, wanted: Granted) -> Granted:
    """Return the permissions that an account lacks, by access reviews; not those for unserved API groups."""
    asked = [
        (namespace, one)
        for namespace, several in sorted(wanted.items())
        for one in sorted(several, key=str)
        if one[0] is not None and (not cluster.groups or one[0] in cluster.groups)
    ]
    reviews = [_review(account, namespace, one) for namespace, one in asked]
    nothing: list[Json] = []
    answers = cluster.attempt(_REVIEWS, partial(cluster.kubectl.created, reviews), nothing)
    found: dict[str, set[Permission]] = defaultdict(set)
    for (namespace, one), answer in zip(asked, answers, strict=False):
        if not as_map(answer.get("status")).get("allowed"):
            found[namespace].add(one)
    return found


def readable(found: Granted) -> Iterator[tuple[str, str]]:
    """Yield the API group and resource of each type that permissions list or watch, in any namespace."""
    for several in found.values():
        for group, resource, name, verb in several:
            if group is not None and verb in _READS and not name and "/" not in resource and resource != "*":
                yield group, resource


def role_text(account: Account, name: str, lacking: Granted, *, aggregate: bool) -> str:
    """Return the roles that grant what is lacking, as YAML; `aggregate` adds them to cloudcore's role.

    The end of their name depends on the rules, so that applying them replaces no other role.
    """
    rules = {namespace: rules_of(several) for namespace, several in sorted(lacking.items())}
    digest = hashlib.sha256(go_yaml.dump(rules).encode()).hexdigest()[:6]
    return "---\n".join(go_yaml.dump(one) for one in _roles(account, f"{name}-{digest}", lacking, aggregate))


def _roles(account: Account, name: str, lacking: Granted, aggregate: bool) -> Iterator[Json]:
    subject = {"kind": "ServiceAccount", "name": account[1], "namespace": account[0]}
    for namespace, several in sorted(lacking.items()):
        kind = "Role" if namespace else "ClusterRole"
        meta: Json = {"name": name, "namespace": namespace} if namespace else {"name": name}
        aggregated = aggregate and not namespace
        if aggregated:
            meta["labels"] = {_AGGREGATE: "true"}
        group = "rbac.authorization.k8s.io"
        yield {"apiVersion": f"{group}/v1", "kind": kind, "metadata": meta, "rules": rules_of(several)}
        if not aggregated:
            yield {
                "apiVersion": f"{group}/v1",
                "kind": f"{kind}Binding",
                "metadata": meta,
                "roleRef": {"apiGroup": group, "kind": kind, "name": name},
                "subjects": [subject],
            }


def rules_of(several: Iterable[Permission]) -> list[Json]:
    """Return RBAC rules that grant permissions, one rule for each resource."""
    verbs: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for group, resource, name, verb in several:
        verbs[group or "", resource, name].add(verb)
    return [
        {"apiGroups": [group], "resources": [resource]}
        | ({"resourceNames": [name]} if name else {})
        | {"verbs": sorted(found)}
        for (group, resource, name), found in sorted(verbs.items())
    ]


def aggregates(cluster: LiveCluster) -> bool:
    """Return whether a ClusterRole with cloudcore's label is added to the roles of cloudcore."""
    return any(
        _selects(as_map(one.get("aggregationRule")), {_AGGREGATE: "true"})
        for one in cluster.lists.get("clusterroles", ())
    )


def _review(account: Account, namespace: str, one: Permission) -> Json:
    group, resource, name, verb = one
    resource, _, subresource = resource.partition("/")
    asked = {
        "namespace": namespace,
        "group": group,
        "resource": resource,
        "subresource": subresource,
        "name": name,
        "verb": verb,
    }
    return {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SubjectAccessReview",
        # An account has its roles by its name and by its groups.
        "spec": {
            "user": user_of(account),
            "groups": [
                "system:serviceaccounts",
                f"system:serviceaccounts:{account[0]}",
                "system:authenticated",
            ],
            "resourceAttributes": {key: value for key, value in asked.items() if value},
        },
    }


def _place(one: Mapping[str, Any]) -> tuple[str, str, str]:
    return one["kind"], _namespace(one), one["metadata"]["name"]


def _namespace(one: Mapping[str, Any]) -> str:
    return str(one["metadata"].get("namespace") or "")


def _binds(binding: Mapping[str, Any], account: Account) -> bool:
    return any(
        one.get("kind") == "ServiceAccount"
        and one.get("name") == account[1]
        and (one.get("namespace") or _namespace(binding)) == account[0]
        for one in as_list(binding.get("subjects"))
    )


def _with_aggregated(
    role: Mapping[str, Any], roles: Iterable[Mapping[str, Any]]
) -> Iterator[Mapping[str, Any]]:
    yield role
    rule = as_map(role.get("aggregationRule"))
    if rule and role["kind"] == "ClusterRole":
        yield from (one for one in roles if one["kind"] == "ClusterRole" and _selects(rule, labels(one)))


def _selects(rule: Mapping[str, Any], found: Mapping[str, str]) -> bool:
    selectors = as_list(rule.get("clusterRoleSelectors"))
    wanted = [as_map(one.get("matchLabels")) for one in selectors]
    return any(one and one.items() <= found.items() for one in wanted)
