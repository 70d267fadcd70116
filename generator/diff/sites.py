"""The sites of a git repository: values files for the charts, found by what they hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from generator.diff.files import is_site
from generator.errors import UnreadableFile
from generator.io import yaml_reader
from generator.io.files import read_text
from generator.io.git import Repository

_ENDINGS = ("*.yaml", "*.yml")
# Manifests and Chart.yaml have them; parsing every file of a large repository takes long.
_NO_SITE = re.compile(r"^(apiVersion|kind)[ \t]*:", re.MULTILINE)
_EXAMPLES = "values/examples"
# What `generator render -o` writes beside the manifests of a chart, by its name and first line.
_RENDERED = ("values.yaml", "# helm upgrade --install ")
# Folders with sites that nobody installs.
_TESTS = ("tests", "testdata")


@dataclass(frozen=True)
class Sites:
    """The sites of a working tree and of a commit, as paths below the top of the repository."""

    here: frozenset[str]
    there: frozenset[str]

    @property
    def both(self) -> list[str]:
        """Return the sites that both have."""
        return sorted(self.here & self.there)

    @property
    def one_only(self) -> list[str]:
        """Return the sites that one of them has."""
        return sorted(self.here ^ self.there)


def in_folder(repository: Repository, commit: str, folder: str) -> Sites:
    """Take every YAML file directly in a folder for a site."""
    here = {path.relative_to(repository.top).as_posix() for path in (repository.top / folder).glob("*.yaml")}
    return Sites(frozenset(here), frozenset(repository.files(commit, folder, ".yaml")))


def by_content(repository: Repository, commit: str) -> Sites:
    """Find the sites that a working tree and a commit hold."""
    there = {name for name in repository.changed(commit, *_ENDINGS) if _was_site(repository, commit, name)}
    # A site that became unreadable is still one.
    here = {*in_tree(repository), *(name for name in there if (repository.top / name).is_file())}
    there |= here & set(repository.every_file(commit))
    return Sites(frozenset(here), frozenset(there))


def in_tree(repository: Repository) -> list[str]:
    """Find the sites of the working tree: files that git tracks, or does not ignore."""
    there = [name for name in repository.working_files(*_ENDINGS) if (repository.top / name).is_file()]
    listed = [name for name in there if _may_hold_a_site(repository.top, name)]
    # Of what is in this folder even an unreadable file is meant to be a site.
    return [n for n in listed if _in_examples(n) or _is_site(_text(repository.top / n), n)]


def _in_examples(name: str) -> bool:
    return str(PurePosixPath(name).parent) == _EXAMPLES


def _may_hold_a_site(top: Path, name: str) -> bool:
    """Say whether a file can be a site: charts and tests have values of their own."""
    folders = [folder for folder in PurePosixPath(name).parents if folder.name]
    if any(folder.name in _TESTS or folder.name.startswith(".") for folder in folders):
        return False
    return not any((top / folder / "Chart.yaml").exists() for folder in PurePosixPath(name).parents)


def _was_site(repository: Repository, commit: str, name: str) -> bool:
    path = repository.top / name
    return _may_hold_a_site(repository.top, name) and _is_site(repository.text(commit, path) or "", name)


def _text(path: Path) -> str:
    try:
        return read_text(str(path))
    except UnreadableFile:
        return ""


def _is_site(text: str, name: str) -> bool:
    rendered = (PurePosixPath(name).name, text[: len(_RENDERED[1])]) == _RENDERED
    if not text or rendered or _NO_SITE.search(text):
        return False
    try:
        documents = [found.value for found in yaml_reader.read_all(text, name, tolerant=True)]
    except UnreadableFile:
        return False
    return len(documents) == 1 and is_site(documents[0])
