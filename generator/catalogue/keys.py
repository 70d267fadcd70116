"""The codes of keys and values that a release or a chart ignores, rejects or misreads."""

from __future__ import annotations

from generator.catalogue.entries import error, table, warning

# A character that looks like another one: `odd` is the character, `instead` is its replacement.
LOOK_ALIKE = (
    "write {instead} instead of the character {odd} ({odd_name})",
    "remove the character {odd} ({odd_name})",
)
_NEAR = "did you mean {near}?"

ENTRIES = table(
    error(
        "unknown-key",
        means="no release of the program, and no chart, has a key of this name",
        what={
            "": ("not a field of {component}.yaml in {release}", "unknown key"),
            "file": "not a field of {component}.yaml in {release}; {component} silently ignores it",
        },
        fix=("a key of this name is at {places}", *LOOK_ALIKE, _NEAR, "use one of {known}"),
        why="A program silently ignores a key that it does not know, and then runs with its default. The "
        "reason is mostly a spelling mistake, or a key in the wrong section.",
    ),
    error(
        "key-of-other-release",
        means="other releases of the program read this key, this release does not",
        what=(
            "ignored by {release}, moved to {to} in {since}",
            "ignored by {release}, which reads {instead}",
            "not read by {release}",
        ),
        fix={
            "": ("read by {program} {spans} only", "move it there"),
            "by-hand": "write it there in its new form",
        },
        why="The program silently ignores the key and runs with its default. Remove the key, or write it "
        "where this release reads it: `generator check` shows the new place of keys that moved.",
    ),
    error(
        "unused-key",
        means="the program accepts the key and never uses it",
        what="{release} accepts it and never uses it",
        fix={"": "move it to {to}", "by-hand": "write it at {to} in its new form"},
        why="The key is a leftover in the program's source. Its value has no effect.",
    ),
    error(
        "unknown-gate",
        means="the release has no feature gate of this name",
        what="unknown feature gate; {component} exits at start-up",
        fix=(
            "did you mean {near}? {release} has {known}",
            "{release} has {known}",
            "remove it; {release} has no feature gates",
        ),
        why="cloudcore and edgecore check the names of feature gates and exit on one that they do not know.",
    ),
    error(
        "not-one-of",
        means="the value is not one of those that the key takes",
        what="must be one of {known} (got {got})",
        fix=_NEAR,
        why="The program or the chart knows these values only.",
    ),
    error(
        "wrong-type",
        means="the value is not of the type of the key",
        what="must be {wanted} (got {got})",
        fix={"": LOOK_ALIKE, "quotes": "put it in quotes, or use --set-string"},
        why="The program cannot decode its config file with such a value, and exits.",
    ),
    error(
        "out-of-range",
        means="the number is smaller or larger than the key allows",
        what=(
            "must be between {low} and {high} (got {got})",
            "must be at least {low} (got {got})",
            "must be at most {high} (got {got})",
        ),
        why="The number does not fit into the type that the program or Kubernetes has for it.",
    ),
    error(
        "invalid-value",
        means="the value breaks another limit of the key",
        what="{reason}",
        why="The values of the charts have limits beside their types.",
    ),
    error(
        "missing-key",
        means="a section lacks a key that it cannot do without",
        what="needs the key {missing}",
        why="The section has no meaning without this key, and the key has no default.",
    ),
    error(
        "null-section",
        means="an empty section (null) crashes the program",
        what={
            "": "the program crashes on an empty section",
            "item": "the program crashes on an empty list item",
        },
        fix={"": "remove the key, or give it a value", "item": "remove the item, or give it a value"},
        why="A key without a value is null in YAML. The program reads null as a pointer to nothing and "
        "follows it without a check.",
    ),
    error(
        "null-item",
        means="a list item is empty (null)",
        what={"": "an empty list item is read as an empty value", "values": "a list item cannot be null"},
        fix="remove the item",
        why="The program reads null in a list as an empty text, 0 or false.",
    ),
    error(
        "null-without-default",
        means="null is set for a key that has no default in the chart",
        what="null deletes a default of the chart, and this key has none",
        fix="remove the key",
        why="In values, null means: delete the default of the chart. Helm passes null on where there is no "
        "default, and most programs crash on it or ignore it.",
    ),
    error(
        "edgemesh-server-ended",
        means="the section server is for EdgeMesh 1.11 and older",
        what={
            "": "EdgeMesh has no server from 1.12 on",
            "config": "EdgeMesh has no server from 1.12 on; nothing reads this config",
        },
        fix="list its node and address in agent.relayNodes",
        why="From EdgeMesh 1.12 on, agents on chosen nodes relay the traffic that the server relayed before.",
    ),
    error(
        "unknown-release",
        means="the version is not a release that this generator knows",
        what="unknown release {program} {version}",
        fix="use one of {oldest} to {newest}",
        why="What a release reads stands in tables of this generator, one per minor release. For a newer "
        "release, upgrade the generator.",
    ),
    error(
        "unknown-profile",
        means="no profile has this name",
        what="unknown profile",
        fix="use one of {known}",
        why="The profiles set TLS and authentication of the endpoint for all three charts.",
    ),
    error(
        "node-group-name",
        means="the name of a node group has characters that are not allowed, or is too long",
        what="invalid name of a node group",
        fix="use lower case letters, digits and -, at most 63 characters",
        why="The name becomes part of the names of Kubernetes objects and of labels.",
    ),
    error(
        "group-selects-nothing",
        means="a node group has no node selector, so the rollout does not know its nodes",
        what="is missing, so the rollout does not know the nodes of this group",
        fix="set it to labels of the nodes",
        why="The rollout runs a DaemonSet for each node group. Only the group `default` may leave its "
        "nodeSelector out: it takes the edge nodes of no other group.",
    ),
    error(
        "node-key-unknown",
        means="edgecore does not read a key that its nodes should keep",
        what="{key} is not a field of edgecore.yaml in {release}",
        fix="write its whole path, such as modules.edged.nodeLabels",
        why="The rollout would replace the value of each node by that of the site.",
    ),
    error(
        "groups-overlap",
        means="the nodes of one node group all belong to another one too",
        what="every node with these labels also belongs to node group {other}",
        fix="add a label that {other} does not have",
        why="Two DaemonSets would write edgecore.yaml of the same node.",
    ),
    error(
        "node-name-twice",
        means="two nodes get the same name",
        what={
            "": "{name} is the node name of the node groups {groups}; every node needs its own name",
            "files": "{name} is the node name in {other} too; every node needs its own name",
        },
        fix={
            "": "give each node group its own name, or none",
            "files": "give each node its own name",
        },
        why="Both nodes register as one Node object, overwrite its status in turn, and get each other's "
        "pods.",
    ),
    warning(
        "placeholder",
        means="the value is a placeholder of an example",
        what="{text} is a placeholder; the program uses it as it is",
        fix="write the real value",
        why="Examples write values such as <CLOUD_IP> for what you must replace.",
    ),
    warning(
        "typographic-quotes",
        means="typographic quotes are part of the value",
        what="{opening} and {closing} are typographic quotes and become part of the value",
        fix='write " instead',
        why="YAML knows only \" and ' as quotes. Word processors and web pages write others.",
    ),
    error(
        "cloudcore-namespace",
        means="cloudcore is rendered for another namespace than kubeedge",
        what="cloudcore runs in the namespace kubeedge only",
        fix="render cloudcore alone, with --namespace kubeedge",
        why="The name of the namespace is compiled into cloudcore and edgecore.",
    ),
    error(
        "namespace-name",
        means="the text is not the name of a namespace",
        what="must be a namespace: at most 63 lower case letters, digits and -",
        why="Kubernetes rejects other names.",
    ),
    error(
        "helm-release-name",
        means="the text is not the name of a Helm release",
        what="must be a release name: at most 53 lower case letters, digits and -",
        why="Helm rejects other names.",
    ),
    # --- the flags of Helm: --set, --set-string, --set-json, --set-file
    error(
        "set-empty-key",
        means="a key in a --set flag has an empty part",
        what="a part of the key is empty",
        fix="write KEY=VALUE, with names between the dots",
        why="Helm silently drops such a flag, or a part of it.",
    ),
    error(
        "set-no-value",
        means="a --set flag has no value",
        what="has no value",
        fix="write KEY=VALUE",
        why="A flag without = sets nothing.",
    ),
    error(
        "set-comma",
        means="a comma in a --set flag ends the value",
        what="the text after the comma is not KEY=VALUE",
        fix="write a comma inside a value as \\,",
        why="A comma separates several KEY=VALUE in one flag.",
    ),
    error(
        "set-not-a-map",
        means="a --set flag sets a key inside a value that is not a map",
        what="is not a map; no key inside it can be set",
        why="A file or an earlier flag gave this key a single value or a list.",
    ),
    error(
        "set-not-a-list",
        means="a --set flag sets an item of a value that is not a list",
        what="is not a list; no item of it can be set",
        why="A file or an earlier flag gave this key a single value or a map.",
    ),
    error(
        "set-index",
        means="the index of a list item in a --set flag is invalid",
        what={
            "": "the text in [ ] is not an index",
            "open": "the index has no closing ]",
            "large": "the index {index} is larger than {high}",
            "rest": "unexpected text after the index",
        },
        fix={"": "write a number from 0 to {high}", "open": "write KEY[0]=VALUE", "large": "", "rest": ""},
        why="Helm has the same limit. Other mistakes make Helm silently drop the flag.",
    ),
    error(
        "set-open-list",
        means="a list in a --set flag has no closing brace",
        what="the list has no closing }",
        fix="write KEY={a,b}",
        why="Helm writes lists in flags in braces.",
    ),
    error(
        "set-json",
        means="the value of --set-json is not JSON",
        what={"": "not JSON: {reason}", "rest": "unexpected text after the JSON value"},
        why="--set-json takes one JSON value for each key, or one JSON object for all.",
    ),
    error(
        "set-file-without-name",
        means="--set-file does not name a file",
        what="names no file",
        fix="write KEY=FILE",
        why="The value of the key is the content of the file.",
    ),
)
