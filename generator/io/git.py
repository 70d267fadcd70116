"""Reads files of commits with git, without changing a checkout; no other module runs git."""

from __future__ import annotations

import io
import os
import subprocess
import tarfile
from pathlib import Path

from generator.errors import GitError


class Repository:
    """A git repository, found from a folder inside it."""

    def __init__(self, folder: Path) -> None:
        """Find the repository that `folder` is in; raise GitError."""
        self.top = folder
        # All other names are relative to the top of the repository, even if the user is in a subfolder.
        self.top = Path(self._git("rev-parse", "--show-toplevel").decode().rstrip("\n"))

    def commit(self, ref: str) -> str:
        """Return the commit that a branch, tag or commit names; raise GitError if there is none."""
        wanted = f"{ref}^{{commit}}"
        try:
            return self._git("rev-parse", "--verify", "--quiet", "--end-of-options", wanted).decode().strip()
        except GitError:
            fix = "fetch it first, or see `git branch --all` and `git tag`"
            raise GitError(f"git:{ref} is not a commit of {self.top}", fix) from None

    def export(self, commit: str, names: list[str], folder: Path) -> list[str]:
        """Write files and folders of a commit to `folder`; return those that the commit has."""
        listed = _names(self._git("ls-tree", "-z", "--name-only", commit, "--", *names))
        there = [name for name in names if name in listed]
        if there:
            data = self._git("archive", "--format=tar", commit, "--", *there)
            with tarfile.open(fileobj=io.BytesIO(data)) as archive:
                # Python before 3.10.12 and 3.11.4 has no filters.
                archive.extraction_filter = getattr(tarfile, "data_filter", None)
                archive.extractall(folder)
        return there

    def text(self, commit: str, file: Path) -> str | None:
        """Return the text of a file in a commit, None if the commit does not have it."""
        path = file.resolve()
        if not path.is_relative_to(self.top.resolve()):
            return None
        name = path.relative_to(self.top.resolve()).as_posix()
        if not self._has(commit, name):
            return None
        return self._git("cat-file", "blob", f"{commit}:{name}").decode("utf-8-sig", "replace")

    def files(self, commit: str, folder: str, ending: str) -> list[str]:
        """Return the files of a commit that are directly in a folder and have a name ending."""
        listed = self._git("ls-tree", "-z", "--name-only", commit, "--", f"{folder.rstrip('/')}/")
        return [name for name in _names(listed) if name.endswith(ending)]

    def every_file(self, commit: str) -> list[str]:
        """Return every file of a commit."""
        return _names(self._git("ls-tree", "-r", "-z", "--name-only", "--full-tree", commit))

    def working_files(self, *patterns: str) -> list[str]:
        """Return the files of the working tree that match patterns and that git does not ignore."""
        return sorted(
            set(
                _names(
                    self._git("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns)
                )
            )
        )

    def changed(self, commit: str, *patterns: str) -> list[str]:
        """Return the files of a commit that match patterns and are changed or missing in the working tree."""
        return _names(self._git("diff", "-z", "--name-only", "--no-renames", commit, "--", *patterns))

    def _has(self, commit: str, name: str) -> bool:
        return bool(self._git("ls-tree", "--name-only", commit, "--", name).strip())

    def _git(self, *arguments: str) -> bytes:
        try:
            done = subprocess.run(
                ["git", "-C", str(self.top), *arguments],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
            )
        except FileNotFoundError:
            raise GitError("git is not installed", "install it, or compare files") from None
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip().removeprefix("fatal: ")
            raise GitError(f"git {arguments[0]}: {said or 'failed'}")
        return done.stdout


def _names(listed: bytes) -> list[str]:
    return [os.fsdecode(name) for name in listed.split(b"\0") if name]
