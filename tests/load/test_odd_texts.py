"""Suspicious texts in a site, and characters that look like YAML syntax."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.errors import InvalidInput
from generator.load.site import load_site

QUOTES = 'are typographic quotes and become part of the value (write " instead)'


def site(folder: Path, text: str) -> str:
    """Write a site file."""
    file = folder / "site.yaml"
    file.write_text(text, "utf-8")
    return str(file)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("edgeCore: {database: {dataSource: “/var/lib/x.db”}}", "edgeCore.database.dataSource"),
        ("edgeCore: {database: {dataSource: „/var/lib/x.db“}}", "edgeCore.database.dataSource"),
        ("edgeCore: {database: {dataSource: '“/var/lib/x.db\"'}}", "edgeCore.database.dataSource"),
    ],
)
def test_typographic_quotes_in_a_value_are_a_warning(tmp_path: Path, text: str, key: str) -> None:
    file = site(tmp_path, text)
    found = [one for one in load_site([file]).warnings if one.code == "typographic-quotes"]
    assert [(one.where, one.key) for one in found] == [(f"{file}:1", key)]
    assert f"{found[0].what} ({found[0].fix})".endswith(QUOTES)


@pytest.mark.parametrize("text", ["say “yes” or “no” now", "it’s", "5″"])
def test_typographic_quotes_inside_a_text_are_accepted(tmp_path: Path, text: str) -> None:
    file = site(tmp_path, f"edgeCore: {{database: {{dataSource: {text}}}}}")
    assert not [one for one in load_site([file]).warnings if one.code == "typographic-quotes"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "edgeCore: {modules: {edgeHub: enable： true}}",
            (
                'edgeCore.modules.edgeHub: must be a map (got "enable： true")'
                " (write : instead of the character ： (fullwidth colon))"
            ),
        ),
        (
            "cloudCore:\n  replicaCount: 1，\n",
            (
                'cloudCore.replicaCount: must be an integer (got "1，")'
                " (write , instead of the character ， (fullwidth comma))"
            ),
        ),
        (
            "edgeCore:\n  modules:\n    “edgeHub”: {}\n",
            (
                "edgeCore.modules.“edgeHub”: not a field of edgecore.yaml in KubeEdge 1.23"
                ' (write " instead of the character “ (left double quotation mark))'
            ),
        ),
        (
            "cloudCore:\n  \u00a0replicaCount: 1\n",
            (
                "cloudCore.\xa0replicaCount: unknown key (write a space instead of the character "
                "U+00A0 (no-break space))"
            ),
        ),
    ],
)
def test_characters_that_look_like_yaml_syntax_are_reported(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        load_site([site(tmp_path, text)])
    assert [f"{one.key}: {one.what} ({one.fix})" for one in caught.value.problems] == [problem]
