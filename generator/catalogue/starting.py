"""The codes of `generator init`: answers that it rejects, and clusters that it cannot import."""

from __future__ import annotations

from generator.catalogue.entries import error, note, table

ENTRIES = table(
    error(
        "not-an-address",
        means="an answer is neither an IP address nor a DNS name",
        what="must be an IP address or a DNS name",
        fix="write it without https://, port and brackets, for example 192.0.2.10 or edge.example.com",
        why="The answer becomes an entry of cloudcore's certificate. IP addresses go into "
        "cloudCore.modules.cloudHub.advertiseAddress, DNS names into dnsNames.",
    ),
    error(
        "no-ip-address",
        means="no answer is an IP address of cloudcore",
        what="one address must be an IP address: edge nodes connect to it",
        fix="add the IP address of cloudcore's machine or of its load balancer",
        why="The charts derive the addresses in edgecore.yaml from the first IP address. Without one, "
        "cloudcore puts the address of its own host into its certificate, which edge nodes may not reach.",
    ),
    error(
        "not-a-registry",
        means="an answer is not the name of a container registry",
        what="must be the host of a registry, with a port and a path if needed",
        fix="write it without https:// and in lower case, for example registry.example.com:5000/mirror",
        why="The charts put it before the name of each image. With another text the container runtime "
        "reports InvalidImageName.",
    ),
    error(
        "yes-or-no",
        means="an answer is neither yes nor no",
        what="must be yes or no",
        why="The question turns something on or off.",
    ),
    error(
        "cluster-without-kubeedge",
        means="the cluster has no object of KubeEdge that can be imported",
        what="no cloudcore and no EdgeMesh in the namespace {namespace}",
        fix="choose the cluster with --kube-context and the namespace with --namespace, or leave out "
        "{option}",
        why="--from-cluster and --cluster import the Deployments, DaemonSets, Services and ConfigMaps of one "
        "namespace. With keadm up to KubeEdge 1.10, cloudcore is a program on a machine: use generator "
        "import with its cloudcore.yaml.",
    ),
    error(
        "cluster-without-cloudcore",
        means="the cluster has no cloudcore, so there is no graph",
        what="no cloudcore in the namespace {namespace}",
        fix="choose the namespace with --namespace, or draw a site file: generator graph -f",
        why="Every edge node talks to cloudcore; a graph without it shows no connection.",
    ),
    note(
        "cluster-without-edgecore",
        means="the cluster has no edgecore.yaml, so the graph shows no edge node",
        what="no edgecore.yaml in the namespace {namespace}, so the graph shows no edge node",
        fix="import the edgecore.yaml of a node into a site file (generator import), and draw that",
        why="edgecore.yaml is a file on each edge node. Only charts/edgecore keeps a copy in the cluster.",
    ),
)
