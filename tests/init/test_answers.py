"""Answers: which texts are accepted, and the exact reason for those that are rejected."""

from __future__ import annotations

import pytest

from generator.errors import InvalidInput
from generator.init import QUESTIONS, Answers, Interview
from generator.upstream import Release
from generator.upstream.releases import minors

BY_NAME = {question.name: question for question in QUESTIONS}


def interview(release: str = "1.23") -> Interview:
    """Return an interview in which the KubeEdge release is known."""
    begun = Interview()
    begun.give(BY_NAME["kubeedge"], release)
    return begun


def values(name: str, text: str, release: str = "1.23") -> dict[str, object]:
    """Return the keys of the site that one answer sets."""
    begun = interview(release)
    before = set(begun.site().keys)
    begun.give(BY_NAME[name], text)
    return {key: taken.value for key, taken in begun.site().keys.items() if key not in before}


HUB = "cloudCore.modules.cloudHub"
ACCEPTED = {
    "address": ("addresses", "192.0.2.10", {f"{HUB}.advertiseAddress": ["192.0.2.10"]}),
    "IPv6": ("addresses", "2001:db8::1", {f"{HUB}.advertiseAddress": ["2001:db8::1"]}),
    "IP addresses and names in any order": (
        "addresses",
        " Edge.example.com,192.0.2.10 cloudcore, 2001:db8::1,192.0.2.10,",
        {
            f"{HUB}.advertiseAddress": ["192.0.2.10", "2001:db8::1"],
            f"{HUB}.dnsNames": ["edge.example.com", "cloudcore"],
        },
    ),
    "no group": ("groups", " , ", {}),
    "groups": ("groups", "a, b a", {"edgeCore.nodeGroups": {"a": {}, "b": {}}}),
    "groups that look like other types": (
        "groups",
        "1e3 on null 007",
        {"edgeCore.nodeGroups": {"1e3": {}, "on": {}, "null": {}, "007": {}}},
    ),
    "no mirror": ("registry", " ", {}),
    "mirror": ("registry", "[2001:db8::1]:5000/a/b-c", {"images.registry": "[2001:db8::1]:5000/a/b-c"}),
    "mirror that looks like a number": ("registry", "1e3", {"images.registry": "1e3"}),
    "profile": ("profile", " mtls ", {"profile": "mtls"}),
    "number of a profile": ("profile", "3", {"profile": "one-way-verified"}),
    "yes": ("mesh", " Y ", {"agent.pskSecret": "edgemesh-psk"}),
    "no": ("streams", "off", {"streams.enable": False}),
}


@pytest.mark.parametrize(("name", "text", "expected"), ACCEPTED.values(), ids=ACCEPTED)
def test_an_answer_sets_keys(name: str, text: str, expected: dict[str, object]) -> None:
    assert values(name, text) == expected


NO_ADDRESS = (
    "must be an IP address or a DNS name (write it without https://, port and brackets, for example "
    "192.0.2.10 or edge.example.com) [not-an-address]"
)
NO_REGISTRY = (
    "must be the host of a registry, with a port and a path if needed (write it without https:// and in "
    "lower case, for example registry.example.com:5000/mirror) [not-a-registry]"
)
NO_IP = (
    "one address must be an IP address: edge nodes connect to it (add the IP address of cloudcore's machine "
    "or of its load balancer) [no-ip-address]"
)
UNKNOWN_PROFILE = "unknown profile (use one of plain, one-way, one-way-verified, mtls) [unknown-profile]"
GROUP_NAME = (
    "invalid name of a node group (use lower case letters, digits and -, at most 63 characters) "
    "[node-group-name]"
)
EVERYWHERE = (
    f"addresses: {HUB}.advertiseAddress[0]: no node can connect to 0.0.0.0, but cloudcore's certificate is "
    "created for it (use the address that edge nodes connect to; if cloudcore has already run with it, also "
    "delete the Secret cloudcoresecret) [advertise-address-everywhere]"
)
REJECTED = {
    **{
        f"address {text}": ("addresses", text, [f"{text}: {NO_ADDRESS}"])
        for text in (
            "192.0.2.10:10000",
            "https://edge.example.com",
            "[2001:db8::1]",
            "fe80::1%eth0",
            "192.0.2.300",
            "edge_1.example.com",
            "-a",
            "<cloud_ip>",
            "größe.example.com",
            "a" * 64,
        )
    },
    "no address": ("addresses", " ", [NO_IP]),
    "names only": ("addresses", "a.example.com, b", [f"a.example.com, b: {NO_IP}"]),
    "two bad addresses": ("addresses", "a_ b_", [f"a_: {NO_ADDRESS}", f"b_: {NO_ADDRESS}"]),
    "address of all interfaces": (
        "addresses",
        "0.0.0.0",
        [EVERYWHERE],
    ),
    "release": (
        "kubeedge",
        "1.99",
        ["1.99: unknown release KubeEdge 1.99 (use one of 1.7 to 1.23) [unknown-release]"],
    ),
    "no release": (
        "kubeedge",
        " ",
        ['unknown release KubeEdge "" (use one of 1.7 to 1.23) [unknown-release]'],
    ),
    "profile": ("profile", "tls", [f"tls: {UNKNOWN_PROFILE}"]),
    "number of no profile": ("profile", "5", [f"5: {UNKNOWN_PROFILE}"]),
    "odd number of a profile": ("profile", "³", [f"³: {UNKNOWN_PROFILE}"]),
    "no profile without an import": ("profile", "none", [f"none: {UNKNOWN_PROFILE}"]),
    "group": ("groups", "a Line_A", [f"groups: edgeCore.nodeGroups.Line_A: {GROUP_NAME}"]),
    "group that is not UTF-8": ("groups", "\udcff", [f"groups: edgeCore.nodeGroups.\\udcff: {GROUP_NAME}"]),
    "registry with a scheme": ("registry", "https://a", [f"https://a: {NO_REGISTRY}"]),
    "registry with spaces": ("registry", "a b", [f"a b: {NO_REGISTRY}"]),
    "registry with a line break": ("registry", "a\nb", [f"a\\nb: {NO_REGISTRY}"]),
    "registry with capitals in its path": ("registry", "a/B", [f"a/B: {NO_REGISTRY}"]),
    "neither yes nor no": ("mesh", "maybe", ["maybe: must be yes or no [yes-or-no]"]),
}


@pytest.mark.parametrize(("name", "text", "says"), REJECTED.values(), ids=REJECTED)
def test_a_bad_answer_is_rejected_and_changes_nothing(name: str, text: str, says: list[str]) -> None:
    begun = interview()
    before = begun.answers
    with pytest.raises(InvalidInput) as caught:
        begun.give(BY_NAME[name], text)
    assert [str(problem) for problem in caught.value.problems][: len(says)] == says
    assert begun.answers == before


def test_an_answer_that_does_not_fit_an_earlier_one_is_rejected() -> None:
    with pytest.raises(InvalidInput) as caught:
        interview("1.11").give(BY_NAME["profile"], "mtls")
    (problem,) = caught.value.problems
    assert str(problem) == (
        "profile: profile: KubeEdge v1.11.3 serves the endpoint over plain http only (set profile to plain, "
        "or use KubeEdge 1.12 or newer) [tls-needs-1.12]"
    )


def test_a_dangerous_answer_causes_a_warning() -> None:
    warnings = interview().give(BY_NAME["addresses"], "127.0.0.1")
    assert [(one.code, one.where) for one in warnings] == [("advertise-address-loopback", "addresses")]


# --- what is offered -------------------------------------------------------------------------


@pytest.mark.parametrize("minor", minors("KubeEdge"))
def test_the_recommended_profile_is_the_default_among_those_that_fit(minor: str) -> None:
    begun = interview(minor)
    tls = int(minor.split(".")[1]) >= 12
    assert begun.answers.profiles == (["plain", "one-way", "one-way-verified", "mtls"] if tls else ["plain"])
    assert begun.default(BY_NAME["profile"]) == ("one-way-verified" if tls else "plain")
    lines = BY_NAME["profile"].choices(begun.answers)
    assert len(lines) == len(begun.answers.profiles) + 1
    assert [line.endswith("(recommended)") for line in lines].count(True) == tls


def test_streams_are_off_by_default_where_logs_work_on_one_node_only() -> None:
    defaults = {minor: interview(minor).default(BY_NAME["streams"]) for minor in minors("KubeEdge")}
    assert [minor for minor, default in defaults.items() if default == "no"] == ["1.7", "1.8"]


def test_an_import_also_offers_no_profile() -> None:
    answers = Answers(imported=Release.parse("KubeEdge", "1.11"))
    assert answers.profiles == ["plain", "none"]
    assert BY_NAME["profile"].choices(answers)[-1] == "  2  none   keep the imported keys as they are"
