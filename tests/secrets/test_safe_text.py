"""Texts that messages hide, and texts that they keep."""

from __future__ import annotations

import pytest

from generator import tables
from generator.secrets.safe_text import safe, safe_path
from generator.secrets.trees import mode_of, secrets_in


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("got https://me:hunter2@h:1/x", "got https://me:<hidden>@h:1/x"),
        ("tcp://me:p@ss:word@h and ws://a:b1@h", "tcp://me:<hidden>@h and ws://a:<hidden>@h"),
        ("x -----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY----- y", "x <hidden> y"),
        ("https://h:10550/path", "https://h:10550/path"),
        ("me@example.org: no such user", "me@example.org: no such user"),
    ],
)
def test_secrets_in_a_sentence_are_hidden(text: str, shown: str) -> None:
    assert safe(text) == shown


def test_the_sentences_of_the_rules_are_unchanged() -> None:
    rules = tables.load("rules.yaml")["errors"]
    assert len(rules) > 100
    for text in (text for rule in rules for text in (rule["what"], rule.get("fix", ""))):
        assert safe(text) == text


def test_keys_below_a_secret_key_are_hidden() -> None:
    assert safe_path(("agent", "psk", "c2VjcmV0", 0, "x")) == ("agent", "psk", "<hidden>", 0, "<hidden>")
    assert safe_path(("modules", "edgeTunnel", "psk", "path")) == ("modules", "edgeTunnel", "psk", "path")


@pytest.mark.parametrize(
    ("value", "mode"),
    [
        ({"agent": {"psk": "hunter2"}}, 0o600),
        ({"psk": ""}, 0o644),
        ({"env": [{"name": "API_TOKEN", "value": "hunter2"}]}, 0o600),
        ({"env": [{"name": "API_TOKEN", "valueFrom": {"secretKeyRef": {"name": "a", "key": "b"}}}]}, 0o644),
        ({"args": ["--password", "hunter2"]}, 0o600),
        ({"server": "tcp://me:hunter2@h:1883"}, 0o600),
        ({"server": "tcp://h:1883"}, 0o644),
        ({"kind": "Secret", "data": {"a": "aHVudGVyMg=="}}, 0o600),
        ({"pskSecret": "edgemesh-psk", "metaServerSecret": "metaserver-certs"}, 0o644),
    ],
)
def test_a_file_with_a_secret_is_private(value: object, mode: int) -> None:
    assert mode_of(value) == mode


def test_every_secret_of_a_tree_is_found() -> None:
    tree = {"psk": "one", "list": [{"token": 22}, "tcp://me:three@h"], "name": "four"}
    assert list(secrets_in(tree)) == ["one", "22", "three"]
