"""The codes of impacts: what a change does to a running system, most serious first.

`generator diff` prints impacts in this order, and `--fail-on` takes these codes.
"""

from __future__ import annotations

from generator.catalogue.entries import error, table, warning
from generator.catalogue.impact_notes import FIX, MEANING, NOTES


def _deleted(effect: str) -> tuple[str, str]:
    return f"is deleted and replaced by {{successor}}{effect}", f"is deleted{effect}"


ENTRIES = table(
    # --- errors: the change fails
    error(
        "immutable",
        means="the change is to a field that cannot be changed, so the upgrade fails",
        what="{field} cannot be changed, so the upgrade fails",
        fix="keep the value, or delete the object before the upgrade",
        why="The API server rejects changes to some fields of an existing object. A Deployment for example "
        "keeps its selector. If you delete a workload, its pods stop until the upgrade creates it again.",
    ),
    error(
        "refused",
        means="the charts reject these values",
        what={
            "now": "the charts reject the values now and accepted them before: {reason}",
            "new": "the charts reject the values: {reason}",
        },
        fix="correct the site file or the charts",
        why="The site cannot be installed or upgraded with these values and charts.",
    ),
    error(
        "fatal",
        means="a program cannot run with its config",
        what=(
            "{component} cannot run with {file}: {key}: {reason}",
            "{component} cannot run with {file}: {reason}",
        ),
        fix=FIX,
        why="The program exits or crashes when it reads the config. `generator check` finds the same problem "
        "in the config file. A problem that the config had before the change is not reported.",
    ),
    # --- warnings: something may break, or becomes less safe
    warning(
        "deleted",
        means="an object is deleted",
        what={
            "": _deleted(""),
            "workload": _deleted("; its pods on {nodes} stop"),
            "crd": _deleted("; the API server then deletes every object of its kind"),
            "namespace": _deleted("; everything in it is deleted too"),
            "volume": _deleted("; its data may be deleted too"),
            "secret": _deleted(", with its content"),
        },
        fix={
            "": "",
            "crd": "save the objects first if you need them",
            "namespace": "save the objects first if you need them",
            "volume": "save the data first if you need it",
            "secret": "save the content first if you need it",
        },
        why="Helm deletes an object that is no longer part of the release. A new name makes a new object.",
    ),
    warning(
        "nodes-cut-off",
        means="joined edge nodes lose cloudcore, because their address or port for it is gone",
        what="edge nodes that connect to {gone} lose their connection to cloudcore",
        fix="keep {gone} until every node's edgecore.yaml has the new address (edgeHub, edgeStream) and "
        "edgecore is restarted there",
        why="edgecore keeps connecting to the addresses and ports in its edgecore.yaml. A change in the "
        "cloud does not change this file.",
    ),
    warning(
        "needs",
        means="after the change, pods need an object (or a key in it) that does not exist on this side",
        what={
            "object": "{workload} does not start without {needed}",
            "key": "{workload} does not start without the key {key} in {needed}",
            "lost-object": "{workload} still uses it and cannot start again without it",
            "lost-key": "{workload} still uses the key {key} and cannot start again without it",
        },
        fix={
            "object": "create it first",
            "key": "add the key first",
            "lost-object": "keep it, or remove the reference from {workload}",
            "lost-key": "keep the key, or remove the reference from {workload}",
        },
        why="The kubelet waits for ConfigMaps and Secrets that a pod mounts or reads, unless the reference "
        "is optional.",
    ),
    warning(
        "crd-storage",
        means="a CRD stores another version, or no longer serves one",
        what={
            "stored": "stores {new} instead of {old}; existing objects are converted to {new} at their next "
            "update",
            "unserved": "no longer serves {version}; clients that use it fail",
            "removed": "no longer has {version}; clients that use it fail, and the API server rejects the "
            "change while objects are stored in it",
        },
        fix={
            "stored": "",
            "unserved": "move all clients to another version first",
            "removed": "move all clients and stored objects to another version first",
        },
        why="Clients ask for a version of a custom resource. The API server can only convert versions that "
        "the CRD has.",
    ),
    warning(
        "tls-weakened",
        means="less is encrypted or verified than before",
        what={
            "config": MEANING,
            "ingress": "no longer uses TLS for {hosts}",
            "api-service": "the API server no longer verifies the certificate of {server}",
        },
        fix=FIX,
        why="Somebody on the network can read or change the traffic, or can pretend to be one of the "
        "programs.",
    ),
    warning(
        "exposed",
        means="something can be reached that could not be reached before",
        what={
            "listener-on": (
                "{listener} is switched on and listens on {address}",
                "{listener} is switched on",
            ),
            "listener": "{listener} listens on {address}",
            "node-ports": "{workload} listens on its node: {ports}",
            "outside": "can be reached from outside the cluster: {targets}",
            "sources": "accepts connections from: {addresses}",
            "Ingress": "allows connections to its pods from: {flows}",
            "Egress": "allows its pods to connect to: {flows}",
            "policy-deleted": "no longer limits who can reach its pods; only other policies do",
            "policy-pods": "now protects only a part of {pods}; the others are open unless another policy "
            "covers them",
        },
        why="A port, address or network policy opened. Check that only the intended clients can use it.",
    ),
    warning(
        "rbac-widened",
        means="somebody gets more permissions",
        what={
            "new-role": "a new role with: {rules}",
            "rules": "now grants {rules}",
            "aggregated": "its permissions are now added to the roles {roles} too (aggregation)",
            "aggregates": "now has the permissions of {roles}",
            "binding": ("{subjects} gets {role} ({rules})", "{subjects} gets {role}"),
            "config": MEANING,
        },
        fix=FIX,
        why="RBAC rules and bindings add up: whoever has the role or is bound to it can do more in the "
        "cluster.",
    ),
    warning(
        "privileged",
        means="a pod can do more on its node than before",
        what={
            "hostNetwork": "{workload}: its pods use the network of the node",
            "hostPID": "{workload}: its pods see the processes of the node",
            "hostIPC": "{workload}: its pods see the shared memory of the node",
            "host-path": "{workload}: its pods see {path} of the node",
            "host-path-write": "{workload}: container {container} can write {path} of the node",
            "sysctl": "{workload}: its pods set {sysctl}, an unsafe kernel setting",
            "seccompProfile": "{workload}: container {container} runs without seccomp and can make any "
            "system call",
            "appArmorProfile": "{workload}: container {container} runs without AppArmor",
            "privileged": "{workload}: container {container} is privileged",
            "escalation": "{workload}: container {container} can gain privileges",
            "root": "{workload}: container {container} runs as root",
            "capability": "{workload}: container {container} has {capability}",
            "no-allowPrivilegeEscalation": "{workload}: nothing prevents container {container} from gaining "
            "privileges any more",
            "no-runAsNonRoot": "{workload}: container {container} can run as root",
            "no-readOnlyRootFilesystem": "{workload}: container {container} can write its own file system",
            "no-seccompProfile": "{workload}: seccomp no longer limits container {container}",
            "no-appArmorProfile": "{workload}: AppArmor no longer limits container {container}",
            "no-drop": "{workload}: container {container} no longer drops all capabilities",
            "pod-security": (
                "its pods only have to meet the Pod Security level {level}, not {old}",
                "its pods only have to meet the Pod Security level {level}",
            ),
            "pod-security-default": "its pods only have to meet the Pod Security level privileged, even if "
            "the cluster has a stricter default",
        },
        why="Whoever controls such a pod can do more to the node and to the other pods on it.",
    ),
    # --- notes: what follows from the change
    *NOTES,
)
