"""The codes of the list that `generator render` ends with: what to do before, while and after you apply."""

from __future__ import annotations

from generator.catalogue.entries import note, table

ENTRIES = table(
    # --- before ----------------------------------------------------------------------------------
    note(
        "namespace-to-create",
        means="the namespace must exist before the objects in it",
        what={
            "": "namespace {namespace}: the manifests do not contain it",
            "rendered": "namespace {namespace}: the manifests contain it, but the objects below must exist "
            "before the pods",
        },
        why="`kubectl apply` rejects an object whose namespace does not exist. If the cluster enforces a Pod "
        "Security level, the namespace needs the level privileged where pods use the network or files of the "
        "host.",
    ),
    note(
        "secret-to-create",
        means="pods need a Secret that the manifests do not contain",
        what={
            "": (
                "Secret {namespace}/{name} with {keys}, for {reader}",
                "Secret {namespace}/{name}, for {reader}",
            ),
            "optional": "Secret {namespace}/{name}, for {reader}; the pods also start without it",
            "pull": "Secret {namespace}/{name}, the login of {registry}; not needed if nodes have a login",
        },
        why="Kubernetes does not start a pod whose Secret is missing. The charts create no certificate and "
        "no key of their own. Skip the command if the Secret exists.",
    ),
    note(
        "object-to-create",
        means="pods need an object that the manifests do not contain",
        what={
            "": "{kind} {name}, for {reader}",
            "optional": "{kind} {name}, for {reader}; the pods also start without it",
        },
        why="Your values name this object, for example in extraVolumes, priorityClassName or "
        "serviceAccount.name. Kubernetes does not start the pod without it.",
    ),
    note(
        "crds-to-install",
        means="the manifests contain custom resources whose CRDs they do not contain",
        what="the CRDs of {group}, for {objects}",
        fix={"cert-manager.io": "install cert-manager", "": "install the program that has these CRDs"},
        why="`kubectl apply` rejects a custom resource whose CRD does not exist.",
    ),
    note(
        "issuer-to-create",
        means="cert-manager needs an issuer that the manifests do not contain",
        what="{kind} {name} of cert-manager, for {objects}",
        fix="create it; `generator certs issue --signer cert-manager` prints one",
        why="cert-manager makes no certificate without the issuer, and the pods wait for their Secret.",
    ),
    note(
        "istio-crds-to-install",
        means="EdgeMesh reads types of Istio whose CRDs the manifests do not contain",
        what="the CRDs of Istio: EdgeMesh reads these types",
        fix="if the cluster has no Istio, set crds.istio to true",
        why="EdgeMesh reads DestinationRules, Gateways and VirtualServices through cloudcore.",
    ),
    note(
        "files-on-cloud-node",
        means="cloudcore reads certificate files from its host",
        what="files on each host of cloudcore: {places}",
        why="The site sets cloudCore.streamCertificate.files. cloudcore exits if a file is missing.",
    ),
    note(
        "service-to-exclude",
        means="EdgeMesh must not forward the Service of the API server",
        what="Service default/kubernetes: exclude it from EdgeMesh",
        why="EdgeMesh forwards the connections of pods to every Service without this label. It must not "
        "forward those to the API server, which it depends on itself.",
    ),
    # --- apply -----------------------------------------------------------------------------------
    note(
        "manifests-to-apply",
        means="apply the manifests in this order",
        what={
            "": "{chart}",
            "cloudcore": "cloudcore, and wait until it is ready (on a machine with keadm, "
            "cloudcore/keadm-init.sh installs it instead)",
            "stream": "all objects, in the order of the stream",
        },
        why="cloudcore makes casecret, cloudcoresecret and tokensecret when it first starts. Edge nodes join "
        "with the token in tokensecret.",
    ),
    note(
        "nodes-before-edgemesh",
        means="the edge nodes come before EdgeMesh",
        what="the edge nodes (see below); wait until they are Ready",
        why="An agent of EdgeMesh that starts without the endpoint knows no Service.",
    ),
    note(
        "other-order-for-running-nodes",
        means="where edge nodes run, switching TLS needs its own order",
        what="if edge nodes run and this switches TLS {switch}, use `generator install`, or this order: "
        "{order}",
        why="Another order cuts edge applications off. docs/install.md has the reasons.",
    ),
    # --- edge nodes ------------------------------------------------------------------------------
    note(
        "node-files-to-render",
        means="the edge nodes need files",
        what="write the files for the edge nodes, and do what the list at the end of its output says",
        why="No manifest can change /etc/kubeedge/config/edgecore.yaml on a node.",
    ),
    note(
        "endpoint-certificate-to-copy",
        means="the certificate of the endpoint must be beside join.sh and update.sh",
        what="put the certificate of the endpoint beside the scripts",
        why="edgecore crashes without these files. The scripts copy them to their place on the node.",
        releases="KubeEdge 1.12 to 1.16",
    ),
    note(
        "node-to-join",
        means="a new edge node joins with join.sh",
        what=(
            "join a new node that has keadm; the groups are {groups}, here {group}",
            "join a new node that has keadm",
        ),
        why="join.sh runs `keadm join`, and replaces the edgecore.yaml of keadm.",
    ),
    note(
        "node-to-update",
        means="an edge node that has joined gets its new edgecore.yaml",
        what={
            "": "update a node that has joined",
            "rollout": "the DaemonSets of the rollout update nodes that have joined; if `generator status` "
            "lists held nodes, start the rollout",
        },
        why="update.sh restarts edgecore, and puts the old file back if edgecore is not healthy.",
    ),
)
