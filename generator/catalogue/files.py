"""The codes of files that are read and written."""

from __future__ import annotations

from generator.catalogue.entries import error, table


def _of_file(what: str) -> tuple[str, str]:
    """Return two templates: the first names the file (for --set-file flags), the second does not."""
    return f"{{file}} {what}", what


# A user may have typed the secret itself after --set-file KEY=, instead of the name of its file.
_NAME_OF_FILE = {"": "", "set-file": "KEY=FILE takes the name of a file, not its content"}

ENTRIES = table(
    error(
        "file-missing",
        means="the file does not exist",
        what=_of_file("does not exist"),
        fix=_NAME_OF_FILE,
        why="The name is misspelt, or relative to another folder. A link to a missing "
        "file counts as missing.",
    ),
    error(
        "file-unreadable",
        means="the operating system cannot read the file or folder",
        what=_of_file("cannot be read: {reason}"),
        fix=_NAME_OF_FILE,
        why="The text after the colon is the reason that the operating system gives.",
    ),
    error(
        "not-a-file",
        means="the name is that of a folder, device, socket or named pipe",
        what=_of_file("is {kind}, not a file"),
        fix={**_NAME_OF_FILE, "pipe": "use - to read standard input"},
        why="Only regular files are read, and pipes that a shell makes, such as <(command).",
    ),
    error(
        "no-yaml-file",
        means="a folder has no YAML or JSON file",
        what="has no file that ends with {endings}",
        fix="name another folder",
        why="Only files with these endings are read from a folder and its subfolders.",
    ),
    error(
        "file-too-large",
        means="the file is larger than the limit",
        what=_of_file("is larger than {limit}"),
        fix=_NAME_OF_FILE,
        why="No values file, config or manifest is that large. The limit keeps the memory small.",
    ),
    error(
        "file-not-named",
        means="an option for a file got an empty name",
        what="names no file",
        fix="give a file name, or - for standard input",
        why="Mostly a shell variable is empty.",
    ),
    error(
        "not-utf8",
        means="the text is not UTF-8",
        what=_of_file("is not UTF-8"),
        fix={"": "save it as UTF-8", "set-file": _NAME_OF_FILE["set-file"], "flag": "use a UTF-8 terminal"},
        why="YAML is read as UTF-8. Other encodings change letters without a warning.",
    ),
    error(
        "empty-file",
        means="the file has no content but comments",
        what="is empty",
        fix="write at least one key, or leave the file out",
        why="An empty file changes nothing, so it is mostly the wrong file.",
    ),
    error(
        "values-not-a-map",
        means="the values file is a list or a single value",
        what="must be a map of keys at the top level (got {got})",
        why="Helm reads a values file as a map.",
    ),
    error(
        "several-documents",
        means="the values file has several YAML documents",
        what="has several YAML documents",
        fix="write one document per values file",
        why="Helm 3 reads the first document and silently ignores the others.",
    ),
    # --- YAML
    error(
        "not-yaml",
        means="the text is not YAML",
        what=(
            "not YAML: {reason}, {context} that begins on line {begin}",
            "not YAML: {reason}",
        ),
        why="The reason is that of the YAML parser.",
    ),
    error(
        "full-width-colon",
        means="a key ends with a full-width colon",
        what="not YAML: the key has no colon",
        fix="write {instead} instead of the character {odd} ({odd_name})",
        why="Keyboards of some languages write a full-width colon, which YAML reads as part of the text.",
    ),
    error(
        "tab-indentation",
        means="a tab indents a line",
        what="not YAML: a tab cannot indent a line",
        fix="indent with spaces",
        why="YAML does not allow tabs in indentation.",
    ),
    error(
        "reserved-character",
        means="an unquoted text begins with @ or a backtick",
        what="not YAML: text cannot begin with {character}",
        fix="put it in quotes",
        why="YAML reserves these characters.",
    ),
    error(
        "too-deep",
        means="maps and lists are nested too deeply",
        what="nested too deeply",
        why="The limits are those of the readers of Helm and the programs; no config comes near them.",
    ),
    error(
        "too-many-aliases",
        means="aliases expand to too many values",
        what="its aliases expand to more than {limit} values",
        fix="write the values out",
        why="A short file can expand to gigabytes this way. The programs have a similar limit.",
    ),
    error(
        "alias-loop",
        means="an alias contains itself",
        what="an alias contains itself",
        why="The value has no end.",
    ),
    error(
        "unknown-tag",
        means="the YAML tag is not supported",
        what="unsupported YAML tag {tag}",
        fix="write the value without a tag",
        why="Helm and the programs ignore tags or reject the file.",
    ),
    error(
        "not-finite",
        means="the value is .inf or .nan, which no key takes",
        what="the value cannot be {value}",
        fix="put it in quotes if it is text",
        why="JSON has no such numbers, and Helm and Kubernetes convert YAML to JSON.",
    ),
    error(
        "key-not-text",
        means="the key of a map is a list or a map",
        what="a key must be text, not a list or a map",
        why="JSON has only text as keys, and Helm and Kubernetes convert YAML to JSON.",
    ),
    error(
        "key-needs-quotes",
        means="YAML reads the name of a key as a number, true, false or null",
        what=("YAML does not read the key {name} as text", "YAML does not read an empty key as text"),
        fix="put it in quotes",
        why="Helm and the programs turn such a key into another one: on becomes true, 0x1f becomes 31.",
    ),
    error(
        "duplicate-key",
        means="a key is given twice in one map",
        what={"": "{name} is given twice", "program": "given twice; {component} silently uses the last one"},
        fix="remove one",
        why="Helm, cloudcore, edgecore and EdgeMesh silently use the last one.",
    ),
    error(
        "bad-merge-key",
        means="the value of the merge key << is not a map",
        what="<< takes a map or a list of maps",
        why="The merge key copies the keys of other maps into this one.",
    ),
    # --- writing and comparing
    error(
        "output-exists",
        means="the output file exists already",
        what="exists already",
        fix={"": "choose another name, or use --force", "folder": "choose another folder, or use --force"},
        why="A file is overwritten with --force only.",
    ),
    error(
        "output-is-input",
        means="the output file is one of the files to read",
        what={"": "is one of the files to import", "charts": "is in the folder of the charts to export"},
        fix={"": "choose another name", "charts": "choose another folder"},
        why="Writing the output would destroy the input.",
    ),
    error(
        "no-site-in-repository",
        means="no file of the repository is a values file for the charts",
        what="no values file for the charts in this repository",
        fix="create one that .gitignore does not exclude, or name two files to compare",
        why="`diff --base` looks at tracked files and at new files that .gitignore does not exclude.",
    ),
    error(
        "bad-journal",
        means="the journal of an interrupted run cannot be read",
        what="not a journal that generator wrote",
        fix="a write was interrupted: check that the files in this folder are complete, then delete the "
        "journal",
        why="generator notes what it is about to write, to finish or revert it after an interruption. "
        "The file is damaged, or from elsewhere.",
    ),
)
