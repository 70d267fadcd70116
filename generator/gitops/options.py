"""What `generator gitops` is asked for: the options, and the checks of their values."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from generator.catalogue.message import say
from generator.errors import Problem
from generator.patterns import pattern

ARGOCD, FLUX = TOOLS = ("argocd", "flux")
NONE, SOPS, SEALED, EXTERNAL = SECRETS = ("none", "sops", "sealed-secrets", "external-secrets")
# The name that Argo CD gives to the cluster that it runs in.
IN_CLUSTER = "in-cluster"

_OCI = "oci"
_NUMBER = r"(?:0|[1-9][0-9]*)"
# An exact version: with a range, the tool would upgrade without a commit. An OCI tag cannot have a +.
_VERSION = pattern(rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}(?:-[0-9A-Za-z.-]+)?")
# Argo CD uses the name of an Application, SITE-cloudcore, as a label.
_SITE = pattern(r"[a-z0-9](?:[a-z0-9-]{0,50}[a-z0-9])?")
_SSH = pattern(r"[\w.-]+@[\w.-]+:[^\s:?#]+")
_ODD = frozenset(" \"'`\\<>{}")


@dataclass(frozen=True)
class GitOpsOptions:
    """The tool, the address and version of the charts, and where the files are kept.

    `version` is "" for the version of these charts. `git_url` is the repository that Argo CD reads the files
    from, "" if unknown; `site` is the name of the site's cluster in Argo CD. `folder` is that of -o.
    """

    tool: str
    source: str
    version: str = ""
    secrets: str = NONE
    git_url: str = ""
    site: str = IN_CLUSTER
    folder: str = ""

    @property
    def oci(self) -> bool:
        """Return whether the charts are in an OCI registry; else they are in a Helm repository."""
        return self.source.startswith(f"{_OCI}://")

    @property
    def address(self) -> str:
        """Return the address of the charts without a slash at the end."""
        return self.source.rstrip("/")

    @property
    def prefix(self) -> str:
        """Return what the names of this site's Applications begin with."""
        return "" if self.site == IN_CLUSTER else f"{self.site}-"

    @property
    def place(self) -> str:
        """Return the folder of the site below that of -o, with a slash: "" if -o has only this site."""
        return f"sites/{self.site}/" if self.git_url else ""

    @property
    def flags(self) -> str:
        """Return the flags of these options, without -o and the defaults."""
        words = {
            "--tool": self.tool,
            "--chart-source": self.source,
            "--chart-version": self.version,
            "--secrets": "" if self.secrets == NONE else self.secrets,
            "--git-url": self.git_url,
            "--site": "" if self.site == IN_CLUSTER else self.site,
        }
        return "".join(f" {flag} {shlex.quote(word)}" for flag, word in words.items() if word)

    def problems(self) -> Iterator[Problem]:
        """Yield the problems of the values."""
        if not _is_chart_source(self.source):
            yield Problem("--chart-source", "", say("bad-chart-source", got=_shown(self.source)))
        if self.version and not _VERSION.fullmatch(self.version):
            yield Problem("--chart-version", "", say("bad-chart-version", got=self.version))
        if self.git_url and not _is_git_url(self.git_url):
            yield Problem("--git-url", "", say("bad-git-url", got=_shown(self.git_url)))
        if not _SITE.fullmatch(self.site):
            yield Problem("--site", "", say("bad-site-name", got=self.site))


def _is_chart_source(text: str) -> bool:
    parts = _split(text)
    return parts is not None and parts.scheme in (_OCI, "http", "https") and parts.username is None


def _is_git_url(text: str) -> bool:
    if _SSH.fullmatch(text):
        return True
    parts = _split(text)
    if parts is None or parts.password is not None:
        return False
    # The user name of ssh is no secret; that of https often is a token.
    return parts.scheme == "ssh" or (parts.scheme in ("http", "https") and parts.username is None)


def _shown(text: str) -> str:
    """Return an address for a message, "" if it may contain a login."""
    return "" if "@" in text else text


def _split(text: str) -> SplitResult | None:
    """Return the parts of an address with a host and without a query, None if the text is none."""
    if not text.isprintable() or _ODD & {*text}:
        return None
    try:
        parts = urlsplit(text)
        valid = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return None
    return parts if valid and not {"?", "#"} & {*text} else None
