"""The codes of `generator charts export`."""

from __future__ import annotations

from generator.catalogue.entries import error, table, warning

ENTRIES = table(
    error(
        "not-the-chart",
        means="the folder for a chart has other files in it",
        what="is not a folder of the chart {chart}",
        fix="choose another folder",
        why="The chart gets a folder of its own, in which --force removes files that do not belong to the "
        "chart. A folder without a Chart.yaml of this chart is never changed.",
    ),
    error(
        "not-in-chart",
        means="the folder for a chart has a file that does not belong to the chart",
        what="is not a file of the chart",
        fix="move it away, or use --force to remove it",
        why="The file is yours, or an earlier release of the chart had it. Helm would read it as a part of "
        "the chart.",
    ),
    error(
        "bad-repository-url",
        means="the value of --url is not the address of a folder",
        what=(
            "must be the address of the folder with the archives (got {got})",
            "must be the address of the folder with the archives (is empty)",
        ),
        fix="for example https://charts.example.com/kubeedge",
        why="index.yaml has this address before the name of each archive. Helm downloads the archives from "
        "there.",
    ),
    error(
        "bad-source-date",
        means="the environment variable SOURCE_DATE_EPOCH is not a time",
        what=(
            "must be a number of seconds since 1970 (got {got})",
            "must be a number of seconds since 1970 (is empty)",
        ),
        fix="for example the time of a commit: git log -1 --format=%ct; or unset it",
        why="The time becomes `created` in index.yaml. An empty variable is mostly the output of a command "
        "that failed.",
    ),
    warning(
        "archive-not-in-index",
        means="the folder has archives of other versions, which the new index.yaml does not list",
        what="does not list {archives}",
        fix="add them with `helm repo index`, see docs/publish.md",
        why="generator writes an index of its own three archives. Helm finds only versions that the index "
        "lists.",
    ),
)
