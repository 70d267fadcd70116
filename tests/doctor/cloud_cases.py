"""Cases of the categories cloud and nodes."""

from __future__ import annotations

from datetime import timedelta

from tests.doctor.cases import Case, Site
from tests.doctor.changes import (
    Change,
    away,
    changed_later,
    edit,
    edited,
    pods,
    put,
    revoke,
    taint,
    waiting,
)
from tests.doctor.clusters import (
    DAY,
    MINUTE,
    NOW,
    at,
    certificate,
    certificate_request,
    cloudcore_certificate,
    der,
    pod,
    token,
)
from tests.doctor.fake_kubectl import FakeKubectl

_DENIED = (
    'E1128 11:59:00 reflector.go:1] {resource} is forbidden: User \\"system:serviceaccount:'
    'kubeedge:cloudcore\\" cannot {verb} resource \\"{resource}\\" in API group \\"{group}\\" at the cluster '
    "scope\n"
)
_POD = "cloudcore-7d4b9c-a"


def _stopped(cluster: FakeKubectl) -> None:
    cluster.get("Deployment", "cloudcore")["spec"]["replicas"] = 0
    cluster.drop("Pod", _POD)


def _removed(cluster: FakeKubectl) -> None:
    cluster.drop("Deployment", "cloudcore")
    cluster.drop("Pod", _POD)
    away(cluster, "edge-1", "edge-2")


def _restarted(cluster: FakeKubectl) -> None:
    status = cluster.get("Pod", _POD)["status"]["containerStatuses"][0]
    ended = {"reason": "OOMKilled", "exitCode": 137, "finishedAt": at(NOW - 20 * MINUTE)}
    status.update(restartCount=3, lastState={"terminated": ended})


def _unreadable(cluster: FakeKubectl) -> None:
    cluster.get("ConfigMap", "cloudcore")["data"]["cloudcore.yaml"] = "modules: [\n"


def _edited_later(cluster: FakeKubectl) -> None:
    edit(cluster, "cloudcore", "modules.cloudHub.nodeLimit", 700)
    changed_later(cluster, "cloudcore")


def _logged(resource: str, verb: str, group: str) -> Change:
    def change(cluster: FakeKubectl) -> None:
        cluster.groups.append("networking.k8s.io")
        cluster.logs[_POD] = _DENIED.format(resource=resource, verb=verb, group=group)

    return change


def _missing_and_denied(cluster: FakeKubectl) -> None:
    revoke(cluster, "cloudcore-feature", "serviceaccountaccesses", "get")
    _logged("serviceaccountaccesses", "get", "policy.kubeedge.io")(cluster)


def _reads_deployments(cluster: FakeKubectl) -> None:
    rule = {"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["list"]}
    cluster.get("ClusterRole", "shop-reader")["rules"].append(rule)


def _other_names(cluster: FakeKubectl) -> None:
    put(cluster, "cloudcoresecret", "cloudcoredata", der(cloudcore_certificate("198.51.100.1"))["cert"])


def _two_without_ca(cluster: FakeKubectl) -> None:
    cluster.get("Deployment", "cloudcore")["spec"]["replicas"] = 2
    first = cluster.get("Pod", _POD)
    cluster.store.append({**first, "metadata": {**first["metadata"], "name": "cloudcore-7d4b9c-b"}})
    cluster.drop("Secret", "casecret")


def _request(*conditions: str) -> Change:
    def change(cluster: FakeKubectl) -> None:
        cluster.drop("CertificateSigningRequest", "metaserver-csr-edge-1")
        cluster.store.append(certificate_request("edge-1", *conditions, issued=False))

    return change


def _pending(cluster: FakeKubectl) -> None:
    _request("Approved")(cluster)
    cluster.get("CertificateSigningRequest", "metaserver-csr-edge-1")["status"] = {}


def _exists_already(cluster: FakeKubectl) -> None:
    cluster.logs[_POD] = "".join(
        f"2026-11-28T11:59:{second}Z E1128 11:59:{second} upstream.go:1] create CertificateSigningRequests "
        "metaserver-csr-edge-1 failed, error: certificatesigningrequests.certificates.k8s.io "
        '"metaserver-csr-edge-1" already exists\n'
        for second in ("20", "22")
    )


def _ends(end: timedelta) -> Change:
    made = certificate("KubeEdge", ips=("192.0.2.10",), end=end)
    return lambda cluster: put(cluster, "cloudcoresecret", "cloudcoredata", der(made)["cert"])


def _other_release(cluster: FakeKubectl) -> None:
    cluster.get("Node", "edge-2")["status"]["nodeInfo"]["kubeletVersion"] = "v1.31.12-kubeedge-v1.22.0"


def _proxy(cluster: FakeKubectl) -> None:
    spec = {"containers": [{"name": "kube-proxy", "image": "kube-proxy:v1.32.13"}]}
    meta = {"name": "kube-proxy", "namespace": "kube-system"}
    template = {"metadata": {}, "spec": spec}
    cluster.store.append({"kind": "DaemonSet", "metadata": meta, "spec": {"template": template}})
    owner = ("DaemonSet", "kube-proxy")
    for name in ("control-1", "edge-2", "edge-1"):
        found = pod(
            f"kube-proxy-{name}",
            name,
            {**spec, "serviceAccountName": ""},
            namespace="kube-system",
            owner=owner,
        )
        found["spec"]["hostNetwork"] = True
        cluster.store.append(found)


def _tainted(cluster: FakeKubectl) -> None:
    taint(cluster, "edge-1", "line", "a")


def _expired_token(cluster: FakeKubectl) -> None:
    put(cluster, "tokensecret", "tokendata", token(NOW - DAY))


def _failed(cluster: FakeKubectl) -> None:
    (found,) = pods(cluster, "edgecore-rollout-line-a")
    found["status"]["conditions"] = []
    ended = {"terminated": {"exitCode": 1, "message": "edgecore is not healthy; the old file is back"}}
    found["status"]["initContainerStatuses"] = [{"name": "update", "state": ended}]


def _held(cluster: FakeKubectl) -> None:
    (found,) = pods(cluster, "edgecore-rollout-line-a")
    ended = {"terminated": {"exitCode": 0, "message": "held: settings differ"}}
    found["status"]["initContainerStatuses"] = [{"name": "update", "state": ended}]


def _blocked(cluster: FakeKubectl) -> None:
    """Offline edge-1 stops the rollout on edge-2."""
    for one in pods(cluster, "edgecore-rollout"):
        one["metadata"]["annotations"]["checksum/edgecore"] = "old"
    away(cluster, "edge-1")


def _ungrouped(cluster: FakeKubectl) -> None:
    cluster.get("Node", "edge-2")["metadata"]["labels"].pop("line")
    cluster.drop("Pod", pods(cluster, "edgecore-rollout-line-b")[0]["metadata"]["name"])


def _shared(cluster: FakeKubectl) -> None:
    for one in cluster.of("DaemonSet"):
        if one["metadata"]["name"] == "edgecore-rollout-line-b":
            one["spec"]["template"]["spec"]["nodeSelector"] = {}
            one["spec"]["template"]["spec"].pop("affinity", None)


CLOUD = [
    Case(
        "not-ready",
        lambda one: waiting(one, "cloudcore", message="back-off 5m0s"),
        "deployment kubeedge/cloudcore: 0 of 1 pods of cloudcore are ready: pod cloudcore-7d4b9c-a "
        "on cloud-1: CrashLoopBackOff back-off 5m0s [cloudcore-not-ready]\n"
        "fix: kubectl --namespace kubeedge logs --selector kubeedge=cloudcore --all-containers --tail=20",
    ),
    Case(
        "no-replicas",
        _stopped,
        "deployment kubeedge/cloudcore: 0 of 0 pods of cloudcore are ready: its replicas are 0 "
        "[cloudcore-not-ready]\n"
        "fix: kubectl --namespace kubeedge logs --selector kubeedge=cloudcore --all-containers --tail=20",
    ),
    Case(
        "missing",
        _removed,
        "no pod of cloudcore exists [cloudcore-not-ready]\n"
        "fix: start cloudcore; if it runs outside the cluster, check it there",
        also=("node-not-ready",),
    ),
    Case(
        "restarts",
        _restarted,
        "pod cloudcore-7d4b9c-a has restarted 3 times, the last time at 11:40:00 UTC: OOMKilled, "
        "exit code 137 [cloudcore-restarts]\n"
        "fix: kubectl --namespace kubeedge logs cloudcore-7d4b9c-a --previous --tail=20",
    ),
    Case(
        "config-unreadable",
        _unreadable,
        "configmap kubeedge/cloudcore: while parsing a flow node did not find expected node "
        'content in "<unicode string>", line 2, column 1 [cloudcore-config-unreadable]\n'
        "fix: correct the ConfigMap, then restart cloudcore",
    ),
    Case(
        "not-restarted",
        _edited_later,
        "configmap kubeedge/cloudcore: changed at 2026-11-28 12:00:00 UTC, after pod "
        "cloudcore-7d4b9c-a was created at 2026-11-18 12:00:01 UTC; cloudcore reads it only when "
        "it starts [cloudcore-not-restarted]\n"
        "fix: kubectl --namespace kubeedge rollout restart deployment/cloudcore",
    ),
    Case(
        "dynamic-controller-off",
        edited("cloudcore", "modules.dynamicController.enable", False),
        "configmap kubeedge/cloudcore: modules.dynamicController.enable is off; every list request "
        "to the endpoint takes 10 s [dynamic-controller-off]\n"
        "fix: set cloudCore.modules.dynamicController.enable to true, or a profile, and restart cloudcore",
    ),
    Case(
        "gate-cloud-only",
        edited("edgecore-line-a", "featureGates.requireAuthorization", False),
        "configmap kubeedge/edgecore-line-a: line-a.edgecore.yaml: requireAuthorization is on in "
        "cloudcore and off in the edgecore.yaml of edge-1; there the endpoint uses http and checks "
        "nobody [gate-differs]\n"
        "fix: set the same profile for cloudcore and the nodes: generator install --profile PROFILE",
        also=("agent-gate-differs",),
    ),
    Case(
        "gate-edge-only",
        edited("cloudcore", "featureGates.requireAuthorization", False),
        "configmap kubeedge/edgecore-line-a: line-a.edgecore.yaml: requireAuthorization is off in "
        "cloudcore and on in the edgecore.yaml of edge-1; there the endpoint gets no certificate, "
        "or rejects every token [gate-differs]\n"
        "fix: set the same profile for cloudcore and the nodes: generator install --profile PROFILE",
    ),
    Case(
        "permission-missing",
        lambda one: revoke(one, "cloudcore-feature", "serviceaccountaccesses", "get"),
        "system:serviceaccount:kubeedge:cloudcore may not: "
        "policy.kubeedge.io/serviceaccountaccesses: get [cloudcore-permission-missing]\n"
        "fix: apply the ClusterRole below, or the one of charts/cloudcore: generator install "
        "--chart cloudcore",
    ),
    Case(
        "permission-missing-and-denied",
        _missing_and_denied,
        "system:serviceaccount:kubeedge:cloudcore may not: "
        "policy.kubeedge.io/serviceaccountaccesses: get [cloudcore-permission-missing]\n"
        "fix: apply the ClusterRole below, or the one of charts/cloudcore: generator install "
        "--chart cloudcore",
    ),
    Case(
        "permission-missing-1.20",
        lambda one: revoke(one, "cloudcore-feature", "serviceaccountaccesses", "watch", "get"),
        "system:serviceaccount:kubeedge:cloudcore may not: "
        "policy.kubeedge.io/serviceaccountaccesses: watch [cloudcore-permission-missing]\n"
        "fix: apply the ClusterRole below, or the one of charts/cloudcore: generator install "
        "--chart cloudcore",
        site=Site("v1.20.0", "one-way"),
    ),
    Case(
        "device-permission-missing",
        lambda one: revoke(one, "cloudcore-common", "devicestatuses", "list"),
        "system:serviceaccount:kubeedge:cloudcore may not: devices.kubeedge.io/devicestatuses: list; "
        "devices do not reach edge nodes [device-permission-missing]\n"
        "fix: apply the ClusterRole below, or the one of charts/cloudcore: generator install "
        "--chart cloudcore",
    ),
    Case(
        "denied",
        _logged("configmaps", "patch", ""),
        "the log of pod cloudcore-7d4b9c-a has denied requests: configmaps: patch [cloudcore-denied]\n"
        "fix: apply the ClusterRole below",
    ),
    Case(
        "denied-watch",
        _logged("ingresses", "list", "networking.k8s.io"),
        "the log of pod cloudcore-7d4b9c-a has denied requests: networking.k8s.io/ingresses: list; "
        "a watch of such a type blocks the endpoint of every node, which then answers every list "
        "after 10 s [cloudcore-denied]\n"
        "fix: apply the ClusterRole below, then: kubectl --namespace kubeedge rollout restart "
        "deployment/cloudcore",
    ),
    Case(
        "application-permission",
        _reads_deployments,
        "shop/reader may read apps/deployments, but cloudcore may not; the endpoint answers with "
        "an empty list [application-permission-missing]\n"
        "fix: name these types in edgeAPIs, or apply the ClusterRole below",
    ),
    Case(
        "certificate-names",
        _other_names,
        "secret kubeedge/cloudcoresecret: the certificate does not contain 192.0.2.10; edge nodes "
        "that use this address cannot join or connect [cloudcore-certificate-names]\n"
        "fix: kubectl --namespace kubeedge delete secret cloudcoresecret && kubectl --namespace "
        "kubeedge rollout restart deployment/cloudcore (never delete casecret, since every node "
        "must join again then)",
    ),
    Case(
        "replicas-without-ca",
        _two_without_ca,
        "deployment kubeedge/cloudcore: cloudcore has 2 replicas, and the Secret casecret does not "
        "exist; each replica can make its own CA [replicas-without-ca]\n"
        "fix: run one replica until the Secret exists: kubectl --namespace kubeedge scale "
        "deployment/cloudcore --replicas=1",
    ),
    Case(
        "request-not-issued",
        _request("Approved"),
        "csr metaserver-csr-edge-1: is approved but not issued, so nothing listens at the endpoint "
        "of node edge-1 [certificate-request-not-issued]\n"
        "fix: kube-controller-manager needs --cluster-signing-cert-file and --cluster-signing-key-file",
    ),
    Case(
        "certificate-expired",
        _ends(-2 * DAY + timedelta(hours=1)),
        "secret kubeedge/cloudcoresecret: cloudcoredata: CN=KubeEdge expired on 2026-11-26 "
        "[certificate-ends]\n"
        "fix: cloudcore makes a new one after: kubectl --namespace kubeedge delete secret cloudcoresecret && "
        "kubectl --namespace kubeedge rollout restart deployment/cloudcore (never delete casecret)",
    ),
    Case(
        "certificate-ends",
        _ends(20 * DAY),
        "secret kubeedge/cloudcoresecret: cloudcoredata: CN=KubeEdge expires on 2026-12-18, in 20 "
        "days [certificate-ends]\n"
        "fix: cloudcore makes a new one after: kubectl --namespace kubeedge delete secret cloudcoresecret && "
        "kubectl --namespace kubeedge rollout restart deployment/cloudcore (never delete casecret)",
    ),
]
NODES = [
    Case(
        "node-not-ready",
        lambda one: away(one, "edge-1", "edge-2"),
        "node edge-1: not Ready since 2026-11-27 12:00:00 UTC: Kubelet stopped posting node "
        "status. [node-not-ready]\n"
        "fix: on the node: sh doctor.sh, or systemctl status edgecore and journalctl --unit edgecore",
    ),
    Case(
        "some-nodes-not-ready",
        lambda one: away(one, "edge-2"),
        "node edge-2: not Ready since 2026-11-27 12:00:00 UTC: Kubelet stopped posting node "
        "status. [some-nodes-not-ready]\n"
        "fix: generator doctor --node NAME checks one node; on the node: sh doctor.sh",
    ),
    Case(
        "request-pending",
        _pending,
        "csr metaserver-csr-edge-1: is not approved, so nothing listens at the endpoint of node "
        "edge-1 [certificate-request-pending]\n"
        "fix: cloudcore approves it with featureGates.requireAuthorization on and its role from the chart",
    ),
    Case(
        "request-denied",
        _request("Denied"),
        "csr metaserver-csr-edge-1: was denied or failed, so nothing listens at the endpoint of "
        "node edge-1 [certificate-request-rejected]\n"
        "fix: kubectl delete csr metaserver-csr-edge-1",
    ),
    Case(
        "request-failed",
        _request("Approved", "Failed"),
        "csr metaserver-csr-edge-1: was denied or failed, so nothing listens at the endpoint of "
        "node edge-1 [certificate-request-rejected]\n"
        "fix: kubectl delete csr metaserver-csr-edge-1",
    ),
    Case(
        "request-blocks",
        _exists_already,
        "csr metaserver-csr-edge-1: is from before the node joined again; the node cannot request "
        "a certificate, so nothing listens at the endpoint of node edge-1 "
        "[certificate-request-blocks-node]\n"
        "fix: kubectl delete csr metaserver-csr-edge-1",
    ),
    Case(
        "version-skew",
        _other_release,
        "edgecore v1.22.0 on edge-2, cloudcore v1.23.1 [version-skew]\n"
        "fix: upgrade cloudcore first, then the nodes, until they have the same minor release",
    ),
    Case(
        "daemonset-on-edge",
        _proxy,
        "daemonset kube-system/kube-proxy has pods on edge-1, edge-2; it does not work there, and "
        "changes the node's network or uses its memory [daemonset-on-edge]\n"
        "fix: kubectl --namespace kube-system patch daemonset kube-proxy --patch "
        '\'{"spec":{"template":{"spec":{"affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnored'
        'DuringExecution":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"node-role.kubernetes.i'
        'o/edge","operator":"DoesNotExist"}]}]}}}}}}}\'',
    ),
    Case(
        "tainted",
        _tainted,
        "daemonset kubeedge/edgemesh-agent does not tolerate the taint line=a:NoSchedule of edge-1 "
        "[node-tainted]\n"
        "fix: add the toleration to the values, or remove the taint",
    ),
    Case(
        "token-expired",
        _expired_token,
        "secret kubeedge/tokensecret: the token of Secret tokensecret expired at 2026-11-27 "
        "12:00:00 UTC; no edge node can join [join-token-expired]\n"
        "fix: cloudcore renews it every 12 h: kubectl --namespace kubeedge rollout restart "
        "deployment/cloudcore",
    ),
    Case(
        "rollout-failed",
        _failed,
        "daemonset edgecore-rollout-line-a: node edge-1: the old edgecore.yaml is in use: edgecore "
        "is not healthy; the old file is back [rollout-failed]\n"
        "fix: fix the cause; delete the pod on this node to try the same file again",
    ),
    Case(
        "rollout-held",
        _held,
        "daemonset edgecore-rollout-line-a: 1 node differ from the wanted edgecore.yaml, and "
        "nothing has changed there [rollout-held]\n"
        "fix: kubectl --namespace kubeedge rollout restart daemonset/edgecore-rollout-line-a",
    ),
    Case(
        "rollout-blocked",
        _blocked,
        "daemonset edgecore-rollout: 1 node wait; as many nodes as maxUnavailable allows have failed or "
        "are offline [rollout-blocked]\n"
        "fix: fix these nodes, upgrade with a corrected edgecore.yaml, or set maxUnavailable above their "
        "number",
        also=("some-nodes-not-ready",),
        site=Site(flags=("edgeCore.rollout.enable=true",)),
    ),
    Case(
        "ungrouped",
        _ungrouped,
        "no rollout changes edgecore.yaml on edge-2: their labels fit no node group "
        "[node-without-group]\n"
        "fix: label the nodes, or add the node group `default`, which takes all other edge nodes",
    ),
    Case(
        "shared",
        _shared,
        "node edge-1: its labels fit the node groups line-a, line-b; only one of their pods runs "
        "on it [node-in-two-groups]\n"
        "fix: change the labels of the node, so that one group is left",
    ),
]
CASES = [*CLOUD, *NODES]
