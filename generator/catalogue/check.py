"""The codes of `generator check`: documents, keys and texts of config files, and fixes."""

from __future__ import annotations

from generator.catalogue.entries import error, note, table, warning

ENTRIES = table(
    # --- documents
    warning(
        "unknown-document",
        means="the document is not a config, values or an object that is checked",
        what={
            "": "not recognised, and not checked; its keys are {keys}",
            "single": "not recognised, and not checked; it is not a map",
            "script": "this script sets no field with keadm, and is not checked",
        },
        fix={"": "set its kind with --as, or leave the file out", "script": "leave the file out"},
        why="A document is recognised by its kind, its apiVersion, or sections that only one program has. "
        "Nothing in this document was checked.",
    ),
    error(
        "no-config",
        means="a file has Kubernetes objects, but none with a config, values or a PSK of EdgeMesh",
        what="holds only Kubernetes objects without a config, values or a PSK of EdgeMesh",
        why="Nothing in this file can be checked. The configs are in ConfigMaps, the key is in a Secret.",
    ),
    error(
        "no-values",
        means="a file has no values",
        what="holds no values",
        why="Nothing in this file can be checked. `helm get values` prints null for releases without values.",
    ),
    warning(
        "values-elsewhere",
        means="an object refers to values in another place",
        what={
            "": "its values are in the chart's repository, and are not checked",
            "cluster": "its values are in {holder} in the cluster, and are not checked",
        },
        fix="check them as a file too",
        why="generator check reads the files that it is given, nothing else.",
    ),
    warning(
        "values-ignored",
        means="Argo CD ignores helm.values if helm.valuesObject is also set",
        what="Argo CD ignores helm.values when helm.valuesObject is also set",
        fix="move its content to helm.valuesObject",
        why="Argo CD never merges the two.",
    ),
    note(
        "foreign-key",
        means="the key belongs to the program around the chart",
        what={"": "belongs to KubeSphere, not to the chart", "umbrella": "belongs to the umbrella chart"},
        why="KubeSphere and umbrella charts have keys of their own next to the values of a chart.",
    ),
    # --- keys
    warning(
        "key-in-other-case",
        means="the key differs from the program's key in upper and lower case",
        what="the correct name is {name}; the program also reads this spelling, but other tools do not",
        fix="write {name}",
        why="The programs ignore the case of keys. Stricter readers are other tools that read the file, and "
        "this generator's charts: they do not.",
    ),
    error(
        "unquoted-text",
        means="a text without quotes is read as a number, or as true or false",
        what={
            "rejected": (
                "{raw} has no quotes, so it is not text; the program rejects the file",
                "the value has no quotes, so it is not text; the program rejects the file",
            ),
            "changed": (
                "{raw} has no quotes; the program reads {read}",
                "the value has no quotes; the program reads another text",
            ),
            "same": (
                "{raw} has no quotes; the program reads it as text, stricter readers do not",
                "the value has no quotes; the program reads it as text, stricter readers do not",
            ),
        },
        fix="put it in quotes",
        why="YAML reads 1e3 as 1000 and 010 as 8. For text fields, the program turns the number into a text "
        "again, or rejects the file. Stricter readers, such as this generator's charts, reject the "
        "number.",
    ),
    warning(
        "api-version-differs",
        means="apiVersion is that of another layout of the file",
        what="is {got}, {release} has {wanted}; the program ignores apiVersion and reads its own layout",
        fix="see the other findings for keys that moved",
        why="apiVersion shows for which layout the file was written. No program checks it.",
    ),
    warning(
        "file-of-other-release",
        means="the file names another release than the one that it is checked against",
        what="is {version}, but the file is checked against {release}",
        fix="check files of different releases separately, or set --kubeedge-version",
        why="All config files of one call are checked against one release.",
    ),
    # --- values that upstream's charts may read
    warning(
        "stream-certificate-upstream-only",
        means="only the upstream chart creates a certificate for cloudStream",
        what="this project's chart creates no stream certificate, the upstream chart does; cloudcore exits "
        "without one",
        fix="for this project's chart, set cloudCore.streamCertificate, or remove this key",
        why="The values may be for the upstream chart or for the chart of this project. With the latter, "
        "cloudcore does not start.",
    ),
    warning(
        "edge-cni-upstream-only",
        means="only the upstream chart installs edgeCNI and spiderpool",
        what={
            "": "this project's chart does not contain edgeCNI and spiderpool; the upstream chart does",
            "ranges": "belongs to edgeCNI; this project's chart does not contain it, the upstream chart does",
        },
        fix="for this project's chart, install the CNI with its own chart and remove this key",
        why="The values may be for the upstream chart or for the chart of this project. The latter rejects "
        "this key.",
    ),
    # --- fixes
    error(
        "not-fixable",
        means="--fix cannot rewrite the file",
        what={
            "": "the file cannot be rewritten: {reason}",
            "duplicate-key": "the file cannot be rewritten: a key is given twice",
            "stdin": "standard input cannot be fixed in place",
        },
        fix={"": "", "duplicate-key": "remove one first", "stdin": "save it as a file"},
        why="--fix keeps comments and the order of keys. The library that does this rejects some files that "
        "the programs read.",
    ),
)
