"""Releases: parsing of versions, and the known releases."""

from __future__ import annotations

import pytest

from generator.components import EDGEMESH, KUBEEDGE, project_of
from generator.upstream import Release, UnknownRelease, custom_resources
from generator.upstream.releases import minors, tags


@pytest.mark.parametrize(
    ("program", "version", "minor", "tag"),
    [
        (KUBEEDGE, "v1.23.1", "1.23", "v1.23.1"),
        (KUBEEDGE, "1.23.1", "1.23", "v1.23.1"),
        (KUBEEDGE, "1.23", "1.23", "v1.23.1"),
        (KUBEEDGE, "v1.23", "1.23", "v1.23.1"),
        (KUBEEDGE, "v1.7.0", "1.7", "v1.7.0"),
        (KUBEEDGE, "v1.23.0-rc.1", "1.23", "v1.23.0-rc.1"),
        (KUBEEDGE, "1.20", "1.20", "v1.20.0"),
        (EDGEMESH, "1.12", "1.12", "v1.12.0"),
        (EDGEMESH, "v1.17.9", "1.17", "v1.17.9"),
    ],
)
def test_parse(program: str, version: str, minor: str, tag: str) -> None:
    assert Release.parse(program, version) == Release(program, minor, tag)


@pytest.mark.parametrize(
    ("program", "version"),
    [
        *(
            (KUBEEDGE, version)
            for version in ("v1.6.0", "v1.24.0", "v2.0.0", "1", "", "v1", "latest", "v1.23.x", "v1.23.1+x")
        ),
        *(
            (KUBEEDGE, version)
            for version in ("vv1.23.1", "1.23.1 ", "1.23.1\n", "1.2", "v1.23.1-", "1.023", "-1.23")
        ),
        *((EDGEMESH, version) for version in ("v1.11.0", "v1.18.0", "main")),
    ],
)
def test_unknown(program: str, version: str) -> None:
    with pytest.raises(UnknownRelease) as caught:
        Release.parse(program, version)
    assert caught.value.message.code == "unknown-release"
    assert caught.value.message.get("program") == program
    assert str(caught.value).endswith(f"(use one of {minors(program)[0]} to {minors(program)[-1]})")


def test_what_is_known() -> None:
    assert minors(KUBEEDGE) == [f"1.{number}" for number in range(7, 24)]
    assert minors(EDGEMESH) == [f"1.{number}" for number in range(12, 18)]
    assert all(tag.startswith(f"v{minor}.") for minor, tag in tags(KUBEEDGE).items())


@pytest.mark.parametrize(
    ("span", "inside"),
    [
        (None, True),
        ({}, True),
        ({"from": "1.9"}, True),
        ({"to": "1.9"}, True),
        ({"from": "1.9", "to": "1.9"}, True),
        ({"from": "1.10"}, False),
        ({"to": "1.8"}, False),
        ({"from": "1.7", "to": "1.10"}, True),
    ],
)
def test_within_compares_versions_as_numbers(span: dict[str, str] | None, inside: bool) -> None:
    assert Release.parse(KUBEEDGE, "1.9").within(span) is inside


def test_program_of_a_component() -> None:
    assert [project_of(name) for name in ("cloudcore", "edgecore", "edgemesh-agent", "edgemesh-gateway")] == [
        KUBEEDGE,
        KUBEEDGE,
        EDGEMESH,
        EDGEMESH,
    ]


def test_custom_resources_by_release() -> None:
    rows = custom_resources()

    def served(name: str, minor: str) -> bool:
        return any(Release.parse(KUBEEDGE, minor).within(row) for row in rows[name])

    assert served("devices.devices.kubeedge.io", "1.7")
    assert not served("configupdatejobs.operations.kubeedge.io", "1.20")
    assert served("configupdatejobs.operations.kubeedge.io", "1.21")
    assert not served("serviceaccountaccesses.policy.kubeedge.io", "1.13")
    assert served("serviceaccountaccesses.policy.kubeedge.io", "1.14")
