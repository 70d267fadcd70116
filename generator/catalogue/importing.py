"""The codes of an import: what it assumes, leaves out of the site file, or renders differently."""

from __future__ import annotations

from generator.catalogue.entries import error, note, table, warning

_SMALL = "upstream's default, which is too little; the site keeps our default"

ENTRIES = table(
    error(
        "nothing-to-import",
        means="the file has nothing that a site file can hold",
        what={
            "": "has no config, no values and no workload of KubeEdge or EdgeMesh",
            "keadm": "sets fields through keadm only",
        },
        fix={
            "": "if it has, set its kind with --as: {kinds}",
            "keadm": "import the edgecore.yaml that keadm writes",
        },
        why="An import reads configs of the programs, values of their charts, and Kubernetes objects. "
        "Commands of keadm and ConfigUpdateJobs hold only changes of a config, not the config itself.",
    ),
    # --- what is assumed
    note(
        "chart-not-in-files",
        means="no imported file is about a chart",
        what="no file is about {charts}; the default values apply",
        why="The site file sets nothing for this chart. If it is installed with other values, import its "
        "files too.",
    ),
    note(
        "release-not-named",
        means="no imported file names the release, so the import chose one",
        what={
            "": "{tag}, the default; no file names the release",
            "reads": "{tag}, the newest release that reads every field; no file names the release",
        },
        fix="set another with {option}",
        why="Which fields a program reads depends on its release. With a wrong release, fields are left out "
        "or moved that your program reads where they are.",
    ),
    # --- not imported
    note(
        "keadm-not-imported",
        means="a keadm command or a ConfigUpdateJob sets fields that are not imported",
        what={
            "": "keadm {verb} --set: the fields that it sets are not imported",
            "job": "ConfigUpdateJob: the fields that it sets are not imported",
        },
        fix="import the edgecore.yaml of the node",
        why="Both change an edgecore.yaml on a node. That file has the result.",
    ),
    note(
        "only-values-imported",
        means="of an object that holds values of a chart, only these values are imported",
        what="only the values in this object are imported",
        why="Another program, such as Argo CD or Flux, reads the rest of the object.",
    ),
    note(
        "second-value-left-out",
        means="the files set a key twice, to different values",
        what="another value is kept, from {kept}",
        why="A site file has one value for each key; the import keeps the first one. If the second one is "
        "right, change the site file.",
    ),
    note(
        "second-config-left-out",
        means="the files hold a program's config twice, and a site has one",
        what="a second {component}.yaml; a site has one",
        why="Only edgecore.yaml can be given several times: each one becomes a node group.",
    ),
    note(
        "psk-needs-secret",
        means="the PSK of EdgeMesh is in a file or a ConfigMap and must be in a Secret",
        what="is a secret; the site file names a Secret instead",
        fix="create it: {command}",
        why="The site file refers to a Secret with the PSK. The command copies the PSK from the ConfigMap of "
        "upstream's chart without showing it.",
    ),
    note(
        "secret-left-out",
        means="a secret is not written into the site file",
        what={
            "": "is a secret",
            "token": "is a secret; edgecore no longer needs it after the node has joined",
            "section": "the value is a text that may be a secret, but this key takes a map; the program "
            "rejects the file",
            "object": "the content of a Secret is not imported",
        },
        fix={
            "": "set it in a values file that only you can read",
            "token": "",
            "section": "",
            "object": "",
        },
        why="A site file is often kept in a repository, where many people can read it.",
    ),
    note(
        "node-key-left-out",
        means="the key belongs to one node and is not written into the site file",
        what="is {value} of one node; a site file is for all edge nodes",
        why="With this value in the site file, every edge node would get it. `keadm join` sets this key "
        "on each node.",
    ),
    note(
        "set-by-program",
        means="the program sets the field itself, so the import leaves it out",
        what={
            "": "{program} sets it itself",
            "qps": "cloudcore sets it itself, to {times} times nodeLimit",
            "crash": "EdgeMesh sets it itself and does not work with another value",
        },
        why="The value in the file has no effect, or breaks the program.",
    ),
    note(
        "other-chart",
        means="the key belongs to a chart that this project does not have",
        what="edgeCNI and spiderpool have their own charts",
        why="Install edgeCNI with upstream's chart. Its keys have no effect in the charts here.",
    ),
    note(
        "upstream-default-replaced",
        means="a default of upstream's charts is not imported, because ours replaces it on purpose",
        what={
            "small": _SMALL,
            "privileged": "upstream's default; our chart grants only the permissions that cloudcore needs",
            "service": "upstream's default; ours is ClusterIP, because cloudcore uses the host network",
            "tolerations": "upstream's default; with ours the broker also runs on tainted edge nodes",
            "old": "upstream's default, which is no longer supported; ours is newer",
            "placeholder": "upstream's placeholder",
        },
        why="The value is mostly a copy of upstream's values.yaml. Set it in the site file if you need it.",
    ),
    note(
        "image-of-other-release",
        means="an image has another release than the site",
        what="an image of another release; images have the release of the site",
        why="The charts take the tags of their images from kubeedgeVersion and edgemeshVersion.",
    ),
    note(
        "key-not-moved",
        means="a key of edgecore's old layout cannot be moved to its new place",
        what={
            "": "not read by {release}; the value has another form at its new place",
            "twice": "not read by {release}; {to} is also set and is kept",
        },
        fix={"": "write it at {to} in the new form", "twice": ""},
        why="edgecore 1.12 and newer reads a config with other keys. The import moves the keys of an older "
        "file if the value can be kept or converted.",
    ),
    # --- what objects have and the site does not render
    note(
        "object-not-rendered",
        means="the charts render no such object",
        what="the site does not render this object",
        why="The charts do not know the object. If you need it, apply it beside the charts.",
    ),
    note(
        "field-not-imported",
        means="no key of the site sets a field of an object",
        what={
            "": "no key of the site sets this field",
            "container": "the site has no key for more containers",
            "volume": "no key of the site adds the volume at {mount}",
            "unused": "no key of the site adds the volume {volume}, which the container does not mount",
        },
        why="The site renders the object without this field. If you need it, change the rendered manifests, "
        "for example with Kustomize.",
    ),
    note(
        "field-differs",
        means="the site renders another value for a field of an object",
        what={
            "": "the site renders another value",
            "volume": "the site renders another volume at {mount}",
        },
        why="No key of the site sets this field, and the charts have their own value for it.",
    ),
    note(
        "workload-renamed",
        means="the site renders a workload under another name",
        what="the site names it {name}",
        fix="delete the old one after the installation",
        why="Kubernetes cannot rename an object. The charts create a second workload beside the old one.",
    ),
    note(
        "permissions-not-granted",
        means="a role in the files grants permissions that the charts do not grant",
        what="the site does not grant these permissions: {missing}",
        why="The charts grant what the programs need. Anything else that uses this role loses permissions.",
    ),
    note(
        "role-not-in-files",
        means="a binding refers to a role that is in none of the files",
        what="the role {role} is in none of the files",
        fix="import the role too",
        why="The permissions of this role are unknown, so they cannot be compared with those of the charts.",
    ),
    note(
        "subject-not-bound",
        means="a binding grants permissions to someone else than the workloads",
        what="the site grants permissions to the service accounts of its workloads only",
        why="A user, group or another service account loses these permissions when the binding is replaced.",
    ),
    # --- the result
    warning(
        "password-in-site",
        means="a URL with a password is written into the site file",
        what="the URL contains a password, and so does the site file",
        fix="keep the file private",
        why="Without the password the site would not render the same config. The site file is readable by "
        "its owner only.",
    ),
    note(
        "renders-differently",
        means="a field has another value when the imported site is rendered",
        what="was {before}, is rendered as {after}",
        why="The charts set or derive this field themselves. Check that the new value suits you.",
    ),
)
