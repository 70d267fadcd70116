"""The codes of `generator gitops`: its options, secrets in values, and what to do besides the commit."""

from __future__ import annotations

from generator.catalogue.entries import error, note, table

ENTRIES = table(
    error(
        "secret-in-git",
        means="a secret in the values would be in Git in plain text",
        what="is a secret; Git would keep it in plain text",
        fix={
            "": "remove it, and let the program read it from a Secret of the cluster",
            "psk": "remove it, and set pskSecret to the name of a Secret that has it in its key psk",
            "token": "remove it; join.sh takes the token of a node from the variable TOKEN",
        },
        why="The files for Argo CD and Flux contain the values of the site. Everybody who can read the "
        "repository can read them, also in old commits. Rotate a secret that was ever committed.",
    ),
    error(
        "bad-secret-name",
        means="Kubernetes rejects the name of a Secret in the values",
        what="is no valid name of a Secret; {reader} refers to it",
        fix="use lower-case letters, digits, hyphens and dots",
        why="The file of the Secret has the name of the Secret.",
    ),
    error(
        "bad-chart-source",
        means="the value of --chart-source is not the address of charts",
        what=(
            "must be the address of an OCI registry or a Helm repository, without a login (got {got})",
            "must be the address of an OCI registry or a Helm repository (is empty)",
        ),
        fix="for example oci://registry.example.com/kubeedge or https://charts.example.com/kubeedge",
        why="Argo CD and Flux download the charts from there. docs/publish.md has the commands that publish "
        "them. The login belongs in a Secret that the tool reads.",
    ),
    error(
        "bad-chart-version",
        means="the value of --chart-version is not one version",
        what="must be one version of the charts (got {got})",
        fix="for example 0.1.0",
        why="With a range, the tool would upgrade the charts without a commit.",
    ),
    error(
        "bad-git-url",
        means="the value of --git-url is not the address of a Git repository",
        what=(
            "must be the address of a Git repository, without a password or token (got {got})",
            "must be the address of a Git repository, without a password or token",
        ),
        fix="for example https://git.example.com/fleet.git; give the login to Argo CD in a Secret",
        why="Argo CD reads the files from there, and the files contain the address.",
    ),
    error(
        "bad-site-name",
        means="the value of --site is not a name",
        what="must have lower-case letters, digits and hyphens, at most 52 (got {got})",
        fix="use the name of the site's cluster in Argo CD",
        why="It is a folder in the repository, and the names of the site's Applications begin with it.",
    ),
    note(
        "secret-to-store",
        means="pods need a Secret, which External Secrets makes from an entry of your store",
        what={
            "": "entry {entry} of your secret store with {keys}, for {reader}",
            "optional": "entry {entry} of your secret store with {keys}, for {reader}; the pods also start "
            "without it",
        },
        why="The ExternalSecret names the ClusterSecretStore kubeedge, which you must create for your store. "
        "Kubernetes does not start a pod whose Secret is missing.",
    ),
    note(
        "files-to-commit",
        means="the tool applies the files from Git",
        what={
            "argocd": "commit the files, and apply them with an Application for their folder",
            "applicationset": "commit the files, and apply the ApplicationSet once",
            "flux": "commit the files in a folder that a Kustomization of Flux applies",
        },
        why="docs/gitops.md has the objects that do this.",
    ),
    note(
        "sops-to-decrypt",
        means="the tool must decrypt the Secrets that SOPS encrypted",
        what={
            "argocd": "Argo CD needs a plugin that decrypts SOPS, for example KSOPS",
            "flux": "the Kustomization of Flux needs spec.decryption with provider sops",
        },
        why="Without it, the encrypted text is applied as the Secret.",
    ),
    note(
        "tls-order-of-commits",
        means="where edge nodes run, switching TLS needs several commits",
        what={
            "": "if edge nodes run and this switches TLS {switch}, commit one file at a time: {order}",
            "rollout": "if edge nodes run and this switches TLS {switch}, commit one file at a time: {order} "
            "(the rollout of edgecore.yaml)",
        },
        why="Another order cuts edge applications off. Neither tool waits for the edge nodes: sync waves and "
        "dependsOn order the first installation only. docs/gitops.md has the steps.",
    ),
)
