"""Find the sites of a git repository: values files for the charts, recognised by their content."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from generator.catalogue.message import say
from generator.check.kinds import rendered_for
from generator.diff.files import is_site
from generator.errors import CannotCompare, Problem, UnreadableFile
from generator.io import yaml_reader
from generator.io.files import read_text
from generator.io.git import Repository

_ENDINGS = ("*.yaml", "*.yml")
# Manifests and Chart.yaml have these keys. To parse every file of a large repository is slow.
_NO_SITE = re.compile(r"^(apiVersion|kind)[ \t]*:", re.MULTILINE)
_EXAMPLES = "values/examples"
# Folders with sites for tests.
_TESTS = ("tests", "testdata")


@dataclass(frozen=True)
class Sites:
    """The sites of a working tree (`here`) and of a commit (`there`), as paths in the repository."""

    here: frozenset[str]
    there: frozenset[str]

    @property
    def both(self) -> list[str]:
        """Return the sites of both."""
        return sorted(self.here & self.there)

    @property
    def one_only(self) -> list[str]:
        """Return the sites that only one of them has."""
        return sorted(self.here ^ self.there)


def in_folder(repository: Repository, commit: str, folder: str) -> Sites:
    """Return every YAML file directly in a folder as a site."""
    here = {path.relative_to(repository.top).as_posix() for path in (repository.top / folder).glob("*.yaml")}
    return Sites(frozenset(here), frozenset(repository.files(commit, folder, ".yaml")))


def by_content(repository: Repository, commit: str) -> Sites:
    """Find the sites of a working tree and a commit."""
    there = {name for name in repository.changed(commit, *_ENDINGS) if _was_site(repository, commit, name)}
    # A site that became unreadable is still a site.
    here = {*in_tree(repository), *(name for name in there if (repository.top / name).is_file())}
    there |= here & set(repository.every_file(commit))
    return Sites(frozenset(here), frozenset(there))


def listed(repository: Repository) -> list[str]:
    """Return the sites of the working tree; raise CannotCompare if there are none."""
    found = in_tree(repository)
    if not found:
        raise CannotCompare([Problem(str(repository.top), "", say("no-site-in-repository"))])
    return found


def in_tree(repository: Repository) -> list[str]:
    """Find the sites of the working tree: files that git tracks, or does not ignore."""
    there = [name for name in repository.working_files(*_ENDINGS) if (repository.top / name).is_file()]
    listed = [name for name in there if _may_hold_a_site(repository.top, name)]
    # In this folder every file is a site, even if it is unreadable.
    return [n for n in listed if _in_examples(n) or _is_site(_text(repository.top / n), n)]


def _in_examples(name: str) -> bool:
    return str(PurePosixPath(name).parent) == _EXAMPLES


def _may_hold_a_site(top: Path, name: str) -> bool:
    """Return whether a file can be a site: not in a chart, a test folder or a hidden folder."""
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
    if not text or rendered_for(text) or _NO_SITE.search(text):
        return False
    try:
        documents = [found.value for found in yaml_reader.read_all(text, name, tolerant=True)]
    except UnreadableFile:
        return False
    return len(documents) == 1 and is_site(documents[0])
