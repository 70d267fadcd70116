"""Cases of the categories endpoint, EdgeMesh, and kubectl logs and exec."""

from __future__ import annotations

import copy

from tests.doctor.cases import Case, Site
from tests.doctor.changes import Change, dropped, edited, pods, put, revoke, taint, waiting
from tests.doctor.clusters import DAY, MESH, at, ca, certificate, secret
from tests.doctor.fake_kubectl import FakeKubectl, failure

_LOG = 'Error from server: Get "https://192.0.2.21:10351/containerLogs/shop/app-default/app": {}'


def _not_named(cluster: FakeKubectl) -> None:
    cluster.get("ServiceAccountAccess", "reader")["status"]["nodeList"] = []


def _without_rules(cluster: FakeKubectl) -> None:
    for one in cluster.get("ServiceAccountAccess", "reader")["spec"]["accessClusterRoleBinding"]:
        one["rules"] = []


def _not_acknowledged(cluster: FakeKubectl) -> None:
    found = cluster.get("ObjectSync", "edge-2.uid-access-reader")
    found["status"]["objectResourceVersion"] = "0"


def _issuer(cluster: FakeKubectl) -> None:
    cluster.issuer = "https://oidc.example.com/id/1"


def _foreign(key: str, uses: str = "client") -> Change:
    def change(cluster: FakeKubectl) -> None:
        foreign = certificate("own CA", ca=True)
        made = foreign if key == "rootCA.crt" else certificate("agent", by=foreign, uses=(uses,))
        put(cluster, "metaserver-certs", key, made.cert_text.encode())

    return change


def _expired(cluster: FakeKubectl) -> None:
    made = certificate("agent", by=ca(), uses=("client",), end=-DAY)
    put(cluster, "metaserver-certs", "server.crt", made.cert_text.encode())


def _no_agent(cluster: FakeKubectl) -> None:
    cluster.drop("Pod", "edgemesh-agent-2ex")


def _other_key(cluster: FakeKubectl) -> None:
    cluster.store.append(secret("gateway-psk", {"psk": b"another-psk"}))
    for volume in cluster.get("Deployment", "edgemesh-gateway")["spec"]["template"]["spec"]["volumes"]:
        if "secret" in volume:
            volume["secret"] = {**volume["secret"], "secretName": "gateway-psk"}


def _relay_unlabelled(cluster: FakeKubectl) -> None:
    spec = cluster.get("DaemonSet", "edgemesh-agent")["spec"]["template"]["spec"]
    spec["nodeSelector"] = {"node-role.kubernetes.io/edge": ""}
    cluster.drop("Pod", "edgemesh-agent-1cx")


def _relay_tainted(cluster: FakeKubectl) -> None:
    taint(cluster, "cloud-1", "dedicated", "relay")
    cluster.drop("Pod", "edgemesh-agent-1cx")


def _older(cluster: FakeKubectl) -> None:
    cluster.get("Pod", "app-reader")["metadata"]["creationTimestamp"] = at(MESH - DAY)


def _without(*keys: str) -> Change:
    def change(cluster: FakeKubectl) -> None:
        for key in keys:
            del cluster.get("Secret", "cloudcore-stream")["data"][key]

    return change


def _second_cloudcore(cluster: FakeKubectl) -> None:
    """Start two other pods of cloudcore; tunnelport has only the port of one that is gone."""
    cluster.get("Deployment", "cloudcore")["spec"]["replicas"] = 2
    (first,) = pods(cluster, "cloudcore-7d4b9c")
    second = copy.deepcopy(first)
    second["metadata"]["name"] = "cloudcore-7d4b9c-b"
    first["status"]["podIP"], second["status"]["podIP"] = "192.0.2.11", "192.0.2.12"
    cluster.store.append(second)


def _no_tunnel(cluster: FakeKubectl) -> None:
    cluster.get("Node", "edge-1")["status"]["daemonEndpoints"]["kubeletEndpoint"]["Port"] = 10350


def _no_rules(cluster: FakeKubectl) -> None:
    cluster.drop("Pod", "cloud-iptables-manager-1cx")


def _answers(text: str) -> Change:
    def change(cluster: FakeKubectl) -> None:
        cluster.stream = failure(text)

    return change


MTLS = Site("v1.20.0", "mtls")
ENDPOINT = [
    Case(
        "access-missing",
        dropped("ServiceAccountAccess", "reader"),
        "service account shop/reader: no access object names edge-2, where pods use this account; "
        "there its tokens are answered with 401 [access-missing]\n"
        "fix: check the permissions of cloudcore, then: kubectl --namespace shop annotate pod "
        "app-reader generator/doctor=again --overwrite",
    ),
    Case(
        "access-not-named",
        _not_named,
        "service account shop/reader: no access object names edge-2, where pods use this account; "
        "there its tokens are answered with 401 [access-missing]\n"
        "fix: check the permissions of cloudcore, then: kubectl --namespace shop annotate pod "
        "app-reader generator/doctor=again --overwrite",
    ),
    Case(
        "access-without-rules",
        _without_rules,
        "serviceaccountaccess shop/reader: has no rules, although roles are bound to the account; "
        "the endpoint answers 403 [access-without-rules]\n"
        "fix: give cloudcore get on clusterroles and roles, then: kubectl --namespace shop delete "
        "serviceaccountaccess reader, and restart a pod of the account",
    ),
    Case(
        "not-acknowledged",
        _not_acknowledged,
        "serviceaccountaccess shop/reader: edge-2 did not acknowledge it; there the tokens of this "
        "account are answered with 401 [access-not-acknowledged]\n"
        "fix: once the node is Ready: kubectl --namespace shop patch serviceaccountaccess reader "
        '--subresource=status --type=merge --patch \'{"status":{"nodeList":[]}}\'',
    ),
    Case(
        "not-acknowledged-1.16",
        _not_acknowledged,
        "serviceaccountaccess shop/reader: edge-2 did not acknowledge it; there the tokens of this "
        "account are answered with 401 [access-not-acknowledged]\n"
        "fix: cloudcore sends it itself, seconds after the node connects; if not, read cloudcore's log",
        site=Site("v1.16.6", "one-way"),
    ),
    Case(
        "issuer",
        _issuer,
        "configmap kubeedge/edgecore-line-a: line-a.edgecore.yaml: the tokens have the issuer "
        "https://oidc.example.com/id/1; the edgecore.yaml of edge-1 accepts "
        "https://kubernetes.default.svc.cluster.local [issuer-differs]\n"
        "fix: set metaServer.serviceAccountIssuers to [https://oidc.example.com/id/1], write "
        "edgecore.yaml to the nodes and restart edgecore",
    ),
    Case(
        "agent-gate",
        edited("edgemesh-agent-cfg", "kubeAPIConfig.metaServer.security.requireAuthorization", False),
        "configmap kubeedge/edgemesh-agent-cfg: requireAuthorization is off in the agent and on in "
        "the edgecore.yaml of edge-1; the agent gets no data there [agent-gate-differs]\n"
        "fix: set the same profile for both: generator install --profile PROFILE",
    ),
    Case(
        "agent-ca",
        _foreign("rootCA.crt"),
        "secret kubeedge/metaserver-certs: its rootCA.crt is not the CA of the cluster, which "
        "signs the certificate of the endpoint [endpoint-ca-unknown]\n"
        "fix: generator certs issue --profile PROFILE, then apply the Secret and restart the agent",
        site=MTLS,
    ),
    Case(
        "client-certificate",
        _foreign("server.crt"),
        "secret kubeedge/metaserver-certs: its server.crt is not signed by the CA of the cluster, "
        "so the endpoint rejects the client certificate [client-certificate-rejected]\n"
        "fix: generator certs issue --profile mtls, then apply the Secret and restart the agent",
        site=MTLS,
    ),
    Case(
        "client-certificate-expired",
        _expired,
        "secret kubeedge/metaserver-certs: its server.crt expired on 2026-11-27, so the endpoint "
        "rejects the client certificate [client-certificate-rejected]\n"
        "fix: generator certs issue --profile mtls, then apply the Secret and restart the agent",
        site=MTLS,
    ),
]
EDGEMESH = [
    Case(
        "no-agent",
        _no_agent,
        "daemonset kubeedge/edgemesh-agent: no pod on edge-2 [agent-not-on-node]\n"
        "fix: kubectl --namespace kubeedge describe daemonset edgemesh-agent",
    ),
    Case(
        "agent-not-ready",
        lambda one: waiting(one, "edgemesh-agent-2ex", message="back-off"),
        "daemonset kubeedge/edgemesh-agent: not ready on edge-2: CrashLoopBackOff back-off "
        "[agent-not-on-node]\n"
        "fix: kubectl --namespace kubeedge describe pod edgemesh-agent-2ex",
    ),
    Case(
        "psk",
        _other_key,
        "the PSK of deployment kubeedge/edgemesh-gateway differs from that of daemonset "
        "kubeedge/edgemesh-agent; they do not connect to each other [psk-secrets-differ]\n"
        "fix: use one Secret for both (agent.pskSecret and gateway.pskSecret), then restart them",
    ),
    Case(
        "relay-missing",
        lambda _: None,
        "relay node relay-9 does not exist [relay-node-missing]\nfix: correct agent.relayNodes",
        site=Site(
            flags=(
                "agent.relayNodes[0].nodeName=relay-9",
                "agent.relayNodes[0].advertiseAddress[0]=198.51.100.7",
            )
        ),
    ),
    Case(
        "relay-unlabelled",
        _relay_unlabelled,
        "relay node cloud-1 has no pod of edgemesh-agent: the agent does not select its labels "
        "[relay-node-missing]\n"
        "fix: label the node as agent.nodeSelector and agent.affinity require, and add tolerations "
        "for its taints",
    ),
    Case(
        "relay-tainted",
        _relay_tainted,
        "relay node cloud-1 has no pod of edgemesh-agent: it has the taint "
        "dedicated=relay:NoSchedule [relay-node-missing]\n"
        "fix: label the node as agent.nodeSelector and agent.affinity require, and add tolerations "
        "for its taints",
    ),
    Case(
        "dns",
        edited("edgemesh-agent-cfg", "commonConfig.bridgeDeviceIP", "169.254.96.17"),
        "configmap kubeedge/edgecore-line-a: line-a.edgecore.yaml: clusterDNS is 169.254.96.16 in "
        "the edgecore.yaml of edge-1; EdgeMesh answers at 169.254.96.17 [dns-address-differs]\n"
        "fix: set cluster.dns and agent.commonConfig.bridgeDeviceIP to the same address, or a "
        "profile, and restart the pods of the nodes",
    ),
    Case(
        "agent-permission",
        lambda one: revoke(one, "kubeedge:edgemesh-agent", "services", "watch"),
        "daemonset kubeedge/edgemesh-agent: system:serviceaccount:kubeedge:edgemesh-agent may not: "
        "endpoints: watch, services: watch [agent-permission-missing]\n"
        "fix: apply the ClusterRole below, or: generator install --chart edgemesh",
    ),
    Case(
        "older-pods",
        _older,
        "created before edgemesh-agent was installed: shop/app-reader [pods-older-than-agent]\n"
        "fix: restart these pods, so that they get the DNS server of EdgeMesh",
    ),
]
STREAM = [
    Case(
        "cloud-stream",
        edited("cloudcore", "modules.cloudStream.enable", False),
        "modules.cloudStream.enable is off in cloudcore, and modules.edgeStream.enable is on for "
        "edge-1, edge-2 [cloud-stream-off]\n"
        "fix: set streams.enable to true",
    ),
    Case(
        "edge-stream",
        edited("edgecore-line-a", "modules.edgeStream.enable", False),
        "modules.edgeStream.enable is off for edge-1; kubectl logs and exec fail there "
        "[edge-stream-off]\n"
        "fix: set streams.enable to true, write edgecore.yaml to the nodes and restart edgecore",
    ),
    Case(
        "no-stream-certificate",
        dropped("Secret", "cloudcore-stream"),
        "deployment kubeedge/cloudcore: Secret cloudcore-stream does not exist; cloudcore does not "
        "start without it [stream-certificate-missing]\n"
        "fix: generator certs issue --for streams",
    ),
    Case(
        "stream-keys",
        _without("stream.key"),
        "deployment kubeedge/cloudcore: Secret cloudcore-stream has no key stream.key; cloudcore "
        "exits [stream-certificate-missing]\n"
        "fix: generator certs issue --for streams",
    ),
    Case(
        "no-tunnel-port",
        dropped("ConfigMap", "tunnelport"),
        "the ConfigMap tunnelport does not exist; cloudcore makes it when cloudStream is on "
        "[tunnel-port-missing]\n"
        "fix: kubectl --namespace kubeedge rollout restart deployment/cloudcore",
    ),
    Case(
        "tunnel-port-of-another",
        _second_cloudcore,
        "the ConfigMap tunnelport has no port for the cloudcore at 192.0.2.11, 192.0.2.12 "
        "[tunnel-port-missing]\n"
        "fix: kubectl --namespace kubeedge rollout restart deployment/cloudcore",
    ),
    Case(
        "no-tunnel",
        _no_tunnel,
        "the kubelet port of edge-1 is 10350, not one of the ports of the tunnel (10351): the node "
        "has no tunnel to cloudcore [tunnel-session-missing]\n"
        "fix: check edgeStream on the node, and that it reaches the tunnel port of cloudcore: "
        "generator doctor --node NODE --probe",
    ),
    Case(
        "no-session",
        _answers("Error from server (InternalError): Internal error occurred: "),
        "cloudcore has no tunnel to node edge-1; kubectl prints an error without a reason "
        "[tunnel-session-missing]\n"
        "fix: check edgeStream on the node, and that it reaches the tunnel port of cloudcore: "
        "generator doctor --node NODE --probe",
    ),
    Case(
        "no-iptables-pod",
        _no_rules,
        "no pod of the iptables manager runs on control-1, where the API server runs "
        "[stream-rule-missing]\n"
        "fix: add tolerations for the taints of the control-plane nodes (iptablesManager.tolerations)",
    ),
    Case(
        "no-iptables-rule",
        _answers(_LOG.format("dial tcp 192.0.2.21:10351: connect: connection refused")),
        "the API server cannot reach port 10351 of node edge-1, since no iptables rule on its host "
        "sends it to cloudcore [stream-rule-missing]\n"
        "fix: run the iptables manager on the nodes of the API server (iptablesManager.enable, and "
        "iptablesManager.mode external)",
    ),
    Case(
        "kubelet-ca",
        _answers(
            _LOG.format(
                "tls: failed to verify certificate: x509: certificate is valid for 192.0.2.10, not 192.0.2.21"
            )
        ),
        "the API server has --kubelet-certificate-authority, and the stream certificate does not "
        "contain 192.0.2.21 [stream-kubelet-ca]\n"
        "fix: remove the flag from kube-apiserver; the certificate would need the address of every "
        "edge node",
    ),
    Case(
        "log-failed",
        _answers("Unable to connect to the server: net/http: request canceled"),
        "the log of pod shop/app-default on node edge-1 cannot be read, after 0.0 s: Unable to "
        "connect to the server: net/http: request canceled [log-request-failed]\n"
        "fix: see docs/streams.md",
    ),
]
CASES = [*ENDPOINT, *EDGEMESH, *STREAM]
