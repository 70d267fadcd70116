"""The questions of `generator init`, in their order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from generator.components import EDGEMESH, KUBEEDGE
from generator.init.answers import (
    NO_PROFILE,
    Answers,
    read_addresses,
    read_edgemesh,
    read_groups,
    read_kubeedge,
    read_profile,
    read_registry,
    read_yes,
)
from generator.language import translated
from generator.model.profiles import profile
from generator.upstream.releases import default_release, minors

_RECOMMENDED = "one-way-verified"


@dataclass(frozen=True)
class Question:
    """A question: its field of Answers, its option, its text, and how its answer is read.

    `default` returns the answer to an empty line as the user would type it; None if one must be typed. With
    `asked` off, only the option answers it. `choices` are lines to show above the question.
    """

    name: str
    flag: str
    text: str
    read: Callable[[str, Answers], Any]
    default: Callable[[Answers], str | None]
    asked: bool = True
    choices: Callable[[Answers], list[str]] = lambda _: []

    @property
    def prompt(self) -> str:
        """Return the text in the language in use."""
        releases = minors(KUBEEDGE)
        return translated("words", self.text).format(first=releases[0], last=releases[-1])


def _profile_default(answers: Answers) -> str:
    return _RECOMMENDED if _RECOMMENDED in answers.profiles else answers.profiles[0]


def _profile_lines(answers: Answers) -> list[str]:
    """Return a line about each profile that the release supports."""
    offered = answers.profiles
    width = max(map(len, offered))
    lines = [f"Profiles of the endpoint on {answers.release}:"]
    return lines + [f"  {n}  {name:{width}}  {_about(name, answers)}" for n, name in enumerate(offered, 1)]


def _about(name: str, answers: Answers) -> str:
    if name == NO_PROFILE:
        return "keep the imported keys as they are"
    found = profile(name)
    use = "recommended" if name == _profile_default(answers) and len(answers.profiles) > 1 else found.use
    return f"{found.summary} ({use})"


def _streams_default(answers: Answers) -> str:
    # Up to 1.8 cloudcore creates the iptables rules on its own node only.
    return "yes" if answers.release.within({"from": "1.9"}) else "no"


QUESTIONS = (
    Question(
        "kubeedge",
        "--kubeedge-version",
        "KubeEdge release, {first} to {last}",
        read_kubeedge,
        lambda _: default_release(KUBEEDGE).tag,
    ),
    Question(
        "edgemesh",
        "--edgemesh-version",
        "EdgeMesh release",
        read_edgemesh,
        lambda _: default_release(EDGEMESH).tag,
        asked=False,
    ),
    Question(
        "profile",
        "--profile",
        "Profile, its name or number",
        read_profile,
        _profile_default,
        choices=_profile_lines,
    ),
    Question(
        "addresses",
        "--advertise-address",
        "Addresses of cloudcore for edge nodes, separated by commas",
        read_addresses,
        lambda _: None,
        choices=lambda _: [
            "cloudcore's certificate names every IP address and DNS name that edge nodes use.",
            "Edge nodes connect to the first IP address.",
        ],
    ),
    Question(
        "groups",
        "--node-group",
        "Groups of edge nodes, separated by commas (empty: one group for all)",
        read_groups,
        lambda _: "",
    ),
    Question(
        "registry",
        "--registry",
        "Registry mirror of all images, for example registry.example.com/mirror (empty: none)",
        read_registry,
        lambda _: "",
    ),
    Question(
        "mesh",
        "--edgemesh",
        "EdgeMesh (Services for pods on edge nodes), yes or no",
        read_yes,
        lambda answers: "no" if answers.imported else "yes",
    ),
    Question(
        "streams",
        "--streams",
        "kubectl logs and exec on edge nodes, yes or no",
        read_yes,
        _streams_default,
    ),
)
