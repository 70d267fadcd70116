"""The answers so far, and how the text of each answer is read."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from generator.catalogue.message import Message, say
from generator.components import EDGEMESH, KUBEEDGE
from generator.errors import InvalidInput, Problem
from generator.model.profiles import PROFILES, profile
from generator.patterns import pattern
from generator.upstream import Release, UnknownRelease
from generator.upstream.releases import default_release

# The answer that leaves the profile unset; offered only if the site is the import of a cluster.
NO_PROFILE = "none"
_YES, _NO = ("y", "yes", "true", "on"), ("n", "no", "false", "off")
_LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
# The last part of a DNS name is never a number: 192.0.2.300 is a misspelt IP address.
_DNS_NAME = pattern(rf"(?=.{{1,253}}\Z)({_LABEL}\.)*(?![0-9]+\Z){_LABEL}")
_REGISTRY = pattern(r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(:[0-9]{1,5})?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*")


@dataclass(frozen=True)
class Addresses:
    """The addresses of cloudcore, those that are IP addresses and those that are DNS names."""

    ips: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answers:
    """The answers so far; None is a question without an answer.

    `imported` is the KubeEdge release of the import that they complete, None if they make a new site.
    """

    kubeedge: Release | None = None
    edgemesh: Release | None = None
    profile: str | None = None
    addresses: Addresses | None = None
    groups: tuple[str, ...] | None = None
    registry: str | None = None
    mesh: bool | None = None
    streams: bool | None = None
    imported: Release | None = None

    @property
    def release(self) -> Release:
        """Return the KubeEdge release that was chosen or imported, else the default."""
        return self.kubeedge or self.imported or default_release(KUBEEDGE)

    @property
    def profiles(self) -> list[str]:
        """Return the profiles that the release supports, and `none` in an import."""
        fitting = [name for name in PROFILES if self.release.within(profile(name).needs)]
        return [*fitting, NO_PROFILE] if self.imported else fitting


def read_kubeedge(text: str, _: Answers) -> Release:
    """Return a KubeEdge release."""
    return _release(KUBEEDGE, text)


def read_edgemesh(text: str, _: Answers) -> Release:
    """Return an EdgeMesh release."""
    return _release(EDGEMESH, text)


def _release(program: str, text: str) -> Release:
    try:
        return Release.parse(program, text.strip())
    except UnknownRelease as error:
        raise _bad(text.strip(), error.message) from None


def read_profile(text: str, answers: Answers) -> str:
    """Return a profile by its name, or by its number in the list of profiles that the release supports."""
    name, offered = text.strip(), answers.profiles
    if name.isascii() and name.isdigit() and 0 < int(name[:3]) <= len(offered):
        return offered[int(name[:3]) - 1]
    # The rule about TLS rejects a profile that the release does not support, and says why.
    if name not in (*PROFILES, *offered):
        raise _bad(name, say("unknown-profile", known=offered))
    return name


def read_addresses(text: str, _: Answers) -> Addresses:
    """Return the IP addresses and the DNS names in a list; at least one must be an IP address."""
    found = _listed(text)
    ips = [one for one in found if _is_ip(one)]
    names = [one.lower() for one in found if one not in ips]
    problems = [Problem("", one, say("not-an-address")) for one in names if not _DNS_NAME.fullmatch(one)]
    if not ips and not problems:
        problems.append(Problem("", ", ".join(found), say("no-ip-address")))
    if problems:
        raise InvalidInput(problems)
    return Addresses(tuple(ips), tuple(dict.fromkeys(names)))


def _is_ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return "%" not in text


def read_groups(text: str, _: Answers) -> tuple[str, ...]:
    """Return the names of node groups in a list, () for none."""
    return tuple(_listed(text))


def read_registry(text: str, _: Answers) -> str:
    """Return the registry of a mirror, "" for none."""
    name = text.strip()
    if name and not _REGISTRY.fullmatch(name):
        raise _bad(name, say("not-a-registry"))
    return name


def read_yes(text: str, _: Answers) -> bool:
    """Return whether the answer is yes."""
    word = text.strip().lower()
    if word not in (*_YES, *_NO):
        raise _bad(word, say("yes-or-no"))
    return word in _YES


def _listed(text: str) -> list[str]:
    return list(dict.fromkeys(text.replace(",", " ").split()))


def _bad(text: str, message: Message) -> InvalidInput:
    return InvalidInput([Problem("", text, message)])
