"""The codes of comparisons: sides that cannot be compared, documents left out, and remarks."""

from __future__ import annotations

from generator.catalogue.entries import error, note, table

ENTRIES = table(
    # --- sides that cannot be compared
    error(
        "not-in-commit",
        means="the commit does not have the file",
        what="does not have {file}",
        fix="use a commit that has the file",
        why="The file has another name in that commit, or was added later.",
    ),
    error(
        "no-object",
        means="a side has no Kubernetes object",
        what="has no Kubernetes object",
        fix="check the file name",
        why="Two sides without objects have nothing to compare. To report no difference here would be "
        "misleading.",
    ),
    error(
        "not-a-side",
        means="the document is neither manifests, nor values, nor a config that diff compares",
        what={
            "": "{reason}, and not a site file, values file or config of a program",
            "gateway-values": "is {kind}",
        },
        fix={"": "", "gateway-values": "run `generator import` to convert it to a site file"},
        why="`generator diff` compares Kubernetes objects, values of these charts and configs of the "
        "programs.",
    ),
    error(
        "config-not-on-other-side",
        means="one side is the config of a program, the other side has no config of it",
        what="has no {names} to compare with the file of the other side",
        fix="compare the config with one of the same program",
        why="A config is only compared with a config of the same program.",
    ),
    error(
        "several-configs",
        means="one side is the config of a program, the other side has several of it",
        what="has {number} {file}: {names}",
        fix="compare with one file of the output of `generator render -o`",
        why="It is not clear which of them to compare with.",
    ),
    # --- documents that are left out
    note(
        "not-an-object",
        means="the document is not a Kubernetes object, and is left out",
        what={
            "": "not a Kubernetes object",
            "list": "is a list, not a Kubernetes object",
            "fields": "not a Kubernetes object: it has no {missing}",
            "name": "{kind} without metadata.name is not an object of a cluster",
        },
        fix={"": "", "name": "add metadata.name"},
        why="A Kubernetes object has apiVersion, kind and metadata.name.",
    ),
    note(
        "side-of-its-own",
        means="the document is values or a config among manifests, and is left out",
        what="is {kind}; values and configs are not compared inside a file of manifests",
        fix="put it into a file of its own",
        why="Values are rendered before they are compared.",
    ),
    # --- remarks on a comparison
    note(
        "scenarios-compared",
        means="the sites and profiles that were compared",
        what="compared: {scenarios}",
        why="`--base` compares every site file, and the defaults of the charts, in each profile.",
    ),
    note(
        "scenario-not-compared",
        means="a site is not compared, because the charts reject it on both sides",
        what="not compared, because both sides reject it: {reason}",
        fix="correct the site file",
        why="A site that cannot be rendered has no objects to compare.",
    ),
    note(
        "revision-not-deployed",
        means="the newest revision of a Helm release failed or is not finished",
        what="revision {revision} is {status}, not deployed; the cluster may run something else",
        fix="check it with helm history",
        why="An install or upgrade failed or was interrupted.",
    ),
    note(
        "one-chart-compared",
        means="only one chart is compared, because the values are for that chart",
        what="only the chart {chart} is compared, because the values are for it",
        fix="add others with --chart",
        why="Values of an upstream chart have no settings for the other charts.",
    ),
    note(
        "newest-release-assumed",
        means="nothing names the release of the program that reads a config",
        what="assumed to be for {release}",
        fix="set it with {option}",
        why="Another release may have other keys and defaults. The newest known release is assumed.",
    ),
    note(
        "object-twice",
        means="a side has an object several times",
        what="{object} is given {number} times; the last one is used",
        fix="remove the others",
        why="kubectl and Helm also keep the last one.",
    ),
    # --- remarks on a change
    note(
        "order-changed",
        means="only the order of a list differs",
        what={"": "the order", "template": "only the order is different"},
        why="In a pod template another order makes Kubernetes replace the pods, even if they then do the "
        "same.",
    ),
    note(
        "same-behaviour",
        means="the change does not change what the program does",
        what={
            "default": "the default, written out",
            "default-removed": "the default, no longer written out",
            "set-by-program": "the program sets it itself",
            "never-read": "the program never reads it",
            "not-read": "not read by {release}",
            "same-url": "{component} still connects to {url}",
            "unread": "{reason}",
        },
        why="Configs are compared by what the program reads from them, with its defaults.",
    ),
    note(
        "value-of-program",
        means="the file is the same, but the program, or another release of it, uses another value",
        what={
            "set-by-program": "{component} sets it itself",
            "new": "new in {release}, its default",
            "removed": "not read by {release}",
            "default": "the default of {release}",
        },
        why="Releases differ in keys and defaults, and cloudcore calculates some values when it starts.",
    ),
)
