"""All files of a site for a GitOps tool, as texts, as one stream, or written to a folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from generator.gitops.argocd import argocd_manifests
from generator.gitops.flux import flux_manifests
from generator.gitops.manifest import GitOpsManifest
from generator.gitops.options import ARGOCD
from generator.gitops.secrets import external_secrets
from generator.gitops.site import GitOpsSite
from generator.io.write import File, Written, write_files

_COMMAND = "generator gitops"


def gitops_files(site: GitOpsSite, flags: str) -> dict[str, str]:
    """Return the text of each file by its path; `flags` are those of the site; raise InvalidInput.

    The first line of a file is the command that made it, without -o. A shared file names no site.
    """
    site.check_names()
    own = (
        f"{_COMMAND}{site.options.flags}{flags}",
        "Change the site and run this again; do not edit the file.",
    )
    shared = (f"{_COMMAND} --tool {site.options.tool} --git-url {site.options.git_url} ...",)
    return {one.path: one.text(shared if one.shared else own) for one in _manifests(site)}


def gitops_stream(files: dict[str, str]) -> str:
    """Join files to one YAML stream."""
    return "".join(f"---\n{text}" for text in files.values())


def write_gitops(files: dict[str, str], folder: Path, *, dry_run: bool = False) -> list[Written]:
    """Write files below a folder, either all or none; raise UnwritableOutput."""
    wanted = {path: File(text) for path, text in files.items()}
    return write_files(folder, wanted, dry_run=dry_run, command=_COMMAND)


def _manifests(site: GitOpsSite) -> Iterator[GitOpsManifest]:
    yield from argocd_manifests(site) if site.options.tool == ARGOCD else flux_manifests(site)
    yield from external_secrets(site)
