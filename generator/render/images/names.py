"""Splits names of images into the parts that a sync file of skopeo and its folders have."""

from __future__ import annotations

# The namespace of images without one, such as busybox. skopeo reads it, like each namespace, as part of the
# default registry.
LIBRARY = "library"


def reference(name: str) -> tuple[str, str]:
    """Split a name into the repository, and its digest, else its tag, else `latest`."""
    rest, _, digest = name.partition("@")
    folder, slash, last = rest.rpartition("/")
    base, _, tag = last.partition(":")
    return f"{folder}{slash}{base}", digest or tag or "latest"


def has_registry(name: str) -> bool:
    """Return whether a name begins with a registry: a first part with a dot or a port."""
    first, slash, _ = name.partition("/")
    return bool(slash) and (first == "localhost" or "." in first or ":" in first)


def scope(name: str) -> tuple[str, str]:
    """Split a name into its first part (a registry or namespace) and the rest of its repository."""
    repository, _ = reference(name)
    first, slash, rest = repository.partition("/")
    return (first, rest) if slash else (LIBRARY, first)


def folder(name: str) -> str:
    """Return the path of an image in the folder of its registry that skopeo writes, without `library`."""
    repository, end = reference(name)
    mark = "@" if end.startswith("sha256:") else ":"
    return f"{repository.removeprefix(f'{LIBRARY}/')}{mark}{end}"
