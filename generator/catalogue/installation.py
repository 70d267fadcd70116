"""The codes of an installation: what blocks it, what is left to do by hand, and what `status` finds."""

from __future__ import annotations

from generator.catalogue.entries import error, note, table, warning

_ISSUE_AGAIN = "issue it again with generator certs issue --force, and apply its Secret"
_OWN_AGAIN = (
    "cloudcore makes a new one after: kubectl --namespace kubeedge delete secret cloudcoresecret "
    "&& kubectl --namespace kubeedge rollout restart deployment/cloudcore (never delete casecret)"
)
_OWN_CA = (
    "plan to join every node again: delete casecret and cloudcoresecret, restart cloudcore, and run "
    "join.sh on each node"
)
_RESTART = "kubectl --namespace kubeedge rollout restart deployment/cloudcore"

ENTRIES = table(
    # --- blockers and warnings of a plan ---------------------------------------------------------
    error(
        "secret-missing",
        means="a Secret that pods need does not exist",
        what="does not exist; {reader} needs it",
        fix="{command}",
        why="Kubernetes does not start a pod whose Secret is missing. The charts create no certificate and "
        "no key of their own.",
    ),
    error(
        "secret-key-missing",
        means="a Secret that pods need lacks a key",
        what="has no key {keys}; {reader} needs it",
        fix="{command}",
        why="A pod that mounts the key does not start, or the program does not find its file.",
    ),
    error(
        "namespace-missing",
        means="the namespace of a missing Secret does not exist",
        what="does not exist; the missing Secrets belong in it",
        fix="kubectl create namespace {namespace}",
        why="Helm creates the namespace during the installation. That is too late for a Secret that must "
        "exist before.",
    ),
    error(
        "field-immutable",
        means="an upgrade changes a field that Kubernetes does not allow to change",
        what="{object}: {reason}",
        fix="keep the value, or delete the object before the upgrade; docs/install.md says what that costs",
        why="The API server rejects the change, and Helm's upgrade fails halfway.",
    ),
    error(
        "objects-of-other-release",
        means="objects of a chart exist already and belong to another Helm release, or to none",
        what=(
            "{number} of its objects exist already and belong to Helm release {owner}: {objects}",
            "{number} of its objects exist already and belong to no Helm release: {objects}",
        ),
        fix="--take-ownership (Helm 3.17 and newer) makes them part of this Helm release",
        why="Helm does not overwrite objects that it did not create.",
    ),
    warning(
        "objectsyncs-of-newer-kubeedge",
        means="a newer cloudcore left objects in the cluster on which an older one panics",
        what=(
            "ObjectSync objects of {before} exist; cloudcore {release} panics on objects of a newer release",
            "ObjectSync objects exist already; cloudcore {release} panics on objects of a newer release",
        ),
        fix="once the newer cloudcore has stopped: {command}",
        why="cloudcore keeps an ObjectSync for each object on each node. An older cloudcore cannot read "
        "those of a newer one. After you delete them, cloudcore creates them again.",
    ),
    # --- the order of a switch -------------------------------------------------------------------
    note(
        "cloudcore-before-nodes",
        means="cloudcore is upgraded before the edge nodes",
        what={
            "on": "cloudcore first: without its access rules and approvals a node has no endpoint",
            "off": "cloudcore first: while it checks tokens, a caller on a node that is already plain has no "
            "token and gets an empty list",
        },
        why="This is the order for switching TLS on with KubeEdge 1.14 and newer, and for "
        "switching it off with 1.12 and 1.13.",
    ),
    note(
        "cloudcore-after-nodes",
        means="cloudcore is upgraded after the edge nodes",
        what={
            "on": "cloudcore last: as soon as it checks tokens, callers on nodes that are still plain get an "
            "empty list",
            "off": "cloudcore last: a node that still has TLS needs its access rules and approvals",
        },
        why="This is the order for switching TLS off with KubeEdge 1.14 and newer, and for "
        "switching it on with 1.12 and 1.13.",
    ),
    note(
        "endpoint-unchecked-until-done",
        means="the endpoint checks nobody until the switch is complete",
        what="the endpoint checks nobody until you finish the switch",
        releases="KubeEdge 1.12 and 1.13",
    ),
    note(
        "edgemesh-after-nodes",
        means="EdgeMesh is upgraded after the edge nodes",
        what="EdgeMesh after the nodes: its pods restart, and know no Service without the endpoint",
        why="An agent that runs keeps what it knows while the endpoint is away; one that starts has nothing.",
    ),
    # --- steps by hand ---------------------------------------------------------------------------
    note(
        "step-upgrade-edgecore",
        means="edgecore itself must be upgraded on the edge nodes",
        what="upgrade edgecore to {release} on every edge node",
    ),
    note(
        "step-write-edgecore-config",
        means="edgecore.yaml must be written on the edge nodes",
        what="write /etc/kubeedge/config/edgecore.yaml; keep the node's own modules.edged.hostnameOverride:",
        why="No Helm release can write a file on an edge node.",
    ),
    note(
        "step-copy-certificate",
        means="the endpoint's certificate must be copied to the edge nodes",
        what="before that, copy the endpoint's certificate to the node, else edgecore exits: {places}",
        releases="KubeEdge 1.12 to 1.16",
    ),
    note(
        "step-restart-edgecore",
        means="edgecore must be restarted on the edge nodes",
        what="run systemctl restart edgecore, and wait until the node is Ready",
    ),
    note(
        "step-restart-edge-pods",
        means="pods that ran on a node while edgecore restarted must be restarted",
        what="once the node is Ready, restart the pods on it that use the endpoint; edgecore rejects the "
        "token that they have",
        why="When edgecore starts, it mounts the volumes of running pods anew, and requests new tokens. The "
        "containers keep the old files until they restart: the old token, which the node answers with 401 "
        "if TLS is on, and the old contents of ConfigMaps and Secrets. Seen on 1.20 and 1.23.",
        releases="KubeEdge 1.14 and newer",
    ),
    note(
        "step-renew-cloudcore-certificate",
        means="cloudcore's certificate does not contain the new addresses",
        what="if edge nodes use the new addresses, have cloudcore make a new certificate:",
        why="cloudcore signs its certificate once, for the addresses it had then. Delete cloudcoresecret, "
        "never casecret: with another CA every node would have to join again.",
    ),
    note(
        "step-restart-pods",
        means="pods still run with a config that somebody changed in the cluster",
        what="{reason}",
        why="The upgrade reverts the config. Programs that read it only at start-up keep the old one until "
        "their pods restart.",
    ),
    note(
        "step-nodes-done",
        means="the rest of the installation waits for the edge nodes",
        what=(
            (
                "then run the same command again with --nodes-done; it then upgrades the Helm releases "
                "{releases}"
            ),
            "then run the same command again with --nodes-done; it only sends missing access objects",
        ),
    ),
    note(
        "step-renew-access",
        means="access objects (ServiceAccountAccess) must be sent again after the edge nodes restarted",
        what="--nodes-done also sends the access objects that nodes have not received. By hand, once every "
        "node is Ready, for each object that `generator status` names:",
        why="A node answers the tokens of an account with 401 until it has the account's access object. If "
        "cloudcore made the object while the node was away, cloudcore does not send it later.",
        releases="KubeEdge 1.17 and newer",
    ),
    # --- findings of status ----------------------------------------------------------------------
    error(
        "release-not-deployed",
        means="a Helm release is not in the state deployed",
        what="revision {revision} is {state}",
        fix="run `generator install` again with the same values",
        why="An install or upgrade failed or was interrupted.",
    ),
    error(
        "drift",
        means="objects in the cluster differ from what the Helm release installed",
        what="{objects} changed since the Helm release was installed",
        fix="run `generator install` again with the same values; what others added stays",
    ),
    error(
        "pods-missing",
        means="a workload has fewer up-to-date, available pods than it wants",
        what={
            "": (
                "{updated} of {wanted} pods up to date, {available} available: {reason}",
                "{updated} of {wanted} pods up to date, {available} available",
            ),
            "unobserved": "its controller has not seen the last change",
        },
        fix={
            "": "see the reason, and `kubectl describe pod`",
            "unobserved": "check that kube-controller-manager runs",
        },
    ),
    error(
        "profiles-differ",
        means="the installed Helm releases have different profiles",
        what="the Helm releases have different profiles: {profiles}",
        fix="install all charts with the same profile",
    ),
    error(
        "tls-in-part",
        means="TLS of the endpoint is on in one component and off in another",
        what="TLS of the endpoint is on in one component and off in another: {states}",
        fix="finish the switch with `generator install`",
        why="This is normal while TLS is being switched. Otherwise clients cannot read the endpoint.",
    ),
    error(
        "cloudcore-secret-missing",
        means="a Secret that cloudcore made for itself is gone",
        what={
            "tokensecret": "does not exist; no edge node can join without it",
            "cloudcoresecret": "does not exist; it holds cloudcore's certificate, edge nodes cannot connect",
            "casecret": "does not exist; it holds the CA of cloudcore and of every edge node",
        },
        fix={
            "tokensecret": f"cloudcore makes it when it starts: {_RESTART}",
            "cloudcoresecret": f"cloudcore makes it when it starts: {_RESTART}",
            "casecret": "restore it before cloudcore restarts; otherwise cloudcore makes a new CA, and every "
            "node must join again",
        },
    ),
    error(
        "certificate-ends",
        means="a certificate in a Secret has expired or expires soon",
        what={
            "": "{subject} expires on {date}, in {days} days",
            "ca": "{subject}, a CA, expires on {date}, in {days} days",
            "expired": "{subject} expired on {date}",
            "cloudcoresecret": "{subject} expires on {date}, in {days} days",
            "cloudcoresecret-expired": "{subject} expired on {date}",
            "casecret": "{subject}, the CA of cloudcore and of every edge node, expires on {date}, in "
            "{days} days",
            "casecret-expired": "{subject}, the CA of cloudcore and of every edge node, expired on {date}",
        },
        fix={
            "": _ISSUE_AGAIN,
            "ca": "replace it with generator certs rotate; if it is the cluster's, together with the cluster",
            "expired": _ISSUE_AGAIN,
            "cloudcoresecret": _OWN_AGAIN,
            "cloudcoresecret-expired": _OWN_AGAIN,
            "casecret": _OWN_CA,
            "casecret-expired": _OWN_CA,
        },
        why="Programs reject an expired certificate, and every certificate of an expired CA. Replace a "
        "CA with `generator certs rotate` before it expires. After that no rotation is possible: make a new "
        "CA and new certificates.",
    ),
)
