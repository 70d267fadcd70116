"""The codes of fields that keadm sets: `join --set`, `config-update --set`, ConfigUpdateJobs."""

from __future__ import annotations

from generator.catalogue.entries import error, table, warning

_INTO_FILE = "write the field into edgecore.yaml"
_DENIED = "the API server denies the job"
_SINCE = "KubeEdge 1.18 and newer"

ENTRIES = table(
    error(
        "keadm-release",
        means="keadm of this release cannot set fields",
        what="{release} cannot set fields this way; {since} and newer can",
        fix=_INTO_FILE,
        why="`keadm join --set` exists from 1.18 on, `keadm config-update` and ConfigUpdateJob from 1.21 on.",
    ),
    warning(
        "keadm-quotes",
        means="a quote in the script has no end, so the command is not checked",
        what="a quote is not closed; this command is not checked",
        fix="close the quote",
        why="The shell reads on until the next quote, so the end of the command is unknown.",
    ),
    error(
        "keadm-no-value",
        means="an item of --set has no value",
        what="has no value; keadm silently ignores it",
        fix="write KEY=VALUE",
        why="keadm ignores items without = and reports success.",
        releases=_SINCE,
    ),
    error(
        "keadm-comma-in-value",
        means="a comma in --set ends the value",
        what="the comma in the value of {first} ends the value; keadm silently ignores the rest",
        fix="put the value in double quotes, and single quotes around the whole item so that the shell keeps "
        "them: --set 'key=\"a,b\"'",
        why="A comma separates several KEY=VALUE. keadm ignores items without = and reports success.",
        releases=_SINCE,
    ),
    error(
        "keadm-equals-in-value",
        means="a value with = cannot be set with keadm",
        what="its value contains =; keadm silently ignores it",
        fix=f"{_INTO_FILE}; keadm cannot set this value",
        why="keadm splits items at = and ignores those with more than two parts. It reports success.",
        releases=_SINCE,
    ),
    error(
        "keadm-no-such-field",
        means="edgecore.yaml has no such field",
        what=(
            "edgecore.yaml of {release} has no field {name} in {parent}; keadm fails",
            "edgecore.yaml of {release} has no field {name}; keadm fails",
        ),
        fix="did you mean {near}?",
        why="keadm reports `No such field`.",
        releases=_SINCE,
    ),
    error(
        "keadm-embedded-field",
        means="keadm does not find an embedded field by its name in the file",
        what="keadm does not find this field by its name in the file; keadm fails",
        fix="write {go_name}=…",
        why="The field is part of an embedded struct in Go. keadm finds it by its name in Go only.",
        releases=_SINCE,
    ),
    error(
        "keadm-index",
        means="keadm sets an item of a list by Go names only",
        what="keadm sets a single list item only by Go names",
        fix="write the whole list ({path}={a,b}), or {go_name}[…]",
        why="With the names of the file, keadm sets no list items.",
        releases=_SINCE,
    ),
    error(
        "keadm-key-inside-map",
        means="keadm crashes on a key inside a map",
        what="keadm crashes on a key inside the map {path}",
        fix="write the whole map: {path}={example}",
        why="keadm can set a map as a whole only.",
        releases=_SINCE,
    ),
    warning(
        "keadm-map-replaced",
        means="keadm replaces the whole map",
        what="keadm replaces the whole map; the node loses entries that are not given here",
        fix="give all entries",
        why="keadm sets a map as a whole, it does not merge.",
        releases="KubeEdge 1.21 and newer",
    ),
    error(
        "keadm-number-in-text",
        means="keadm reads the value as a number or boolean, but the field is text",
        what="keadm reads this value as a number, or as true or false, but the field is text; keadm fails",
        fix="put the value in double quotes, and single quotes around the whole item so that the shell keeps "
        "them: --set 'key=\"…\"'",
        why="keadm decides the type by the look of the value, not by the field.",
        releases=_SINCE,
    ),
    error(
        "keadm-colon-in-list",
        means="keadm reads a list with : in an item as a map",
        what="keadm reads a list with : in an item as a map, and fails",
        fix=_INTO_FILE,
        why="In braces, keadm writes lists as {a,b} and maps as {name:value}.",
        releases=_SINCE,
    ),
    error(
        "keadm-no-boolean",
        means="the field takes true or false only",
        what="must be true or false (keadm reads 1 and 0 as numbers)",
        fix="write true or false",
        why="keadm decides the type by the look of the value, not by the field.",
        releases=_SINCE,
    ),
    warning(
        "keadm-fraction",
        means="keadm removes the fraction of a number",
        what="keadm silently removes the fraction",
        fix="write a whole number",
        why="The field is an integer.",
        releases=_SINCE,
    ),
    warning(
        "keadm-missing-section",
        means="edgecore.yaml lacks the section of a field that keadm sets",
        what="{file} has no {section}; keadm crashes on a missing section",
        fix="edgecore writes missing sections into the file at its first start; if the file on the node "
        "lacks the section too, add it first",
        why="keadm follows a pointer to the section without a check.",
        releases="KubeEdge 1.21 and newer",
    ),
    # --- ConfigUpdateJob
    error(
        "job-no-fields",
        means="a ConfigUpdateJob sets no field",
        what={"": "sets no field", "spec": "is missing"},
        fix={"": "add a field", "spec": "add spec.updateFields"},
        why="The job changes nothing on the nodes.",
    ),
    error(
        "job-type",
        means="a field of a ConfigUpdateJob has the wrong type",
        what=f"must be {{wanted}} (got {{got}}); {_DENIED}",
        fix={"": "", "quotes": "put it in quotes"},
        why="The CRD of the job gives the types of its fields.",
    ),
    error(
        "job-unknown-field",
        means="ConfigUpdateJobs have no such field",
        what="not a field of a ConfigUpdateJob; the API server drops it",
        fix="did you mean {near}?",
        why="The API server silently drops fields that the CRD does not have.",
    ),
    error(
        "job-nodes",
        means="a ConfigUpdateJob names its nodes in two ways, or not at all",
        what={
            "both": "nodeNames and labelSelector are both given; the job fails",
            "neither": "neither nodeNames nor labelSelector is given; the job fails",
        },
        fix="give exactly one of the two",
        why="nodeNames or labelSelector selects the nodes of the job.",
    ),
    warning(
        "job-no-timeout",
        means="a ConfigUpdateJob without timeoutSeconds may never end",
        what="without it, the job stays InProgress forever if edgecore does not restart on a node",
        fix="set it, for example to 300",
        why="The job waits for a report of every node.",
    ),
)
