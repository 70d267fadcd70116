"""Texts without the name of a secret are not searched; this changes no result."""

from __future__ import annotations

from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from generator.secrets import texts

WORDS = st.sampled_from(
    [
        "password", "token", "tokn", "db_pass", "--token", "-u", "a", "b_c", "name", "key", "value", "secret",
        "app-1", "8000", "1.5", "export", "AUTH_KEY", "psk", "maxTokens", "x.--authorization", "<token>",
        "</token>", "authorization", "bearer", "https://a:b@c", "é", "{", "}", "[", "]", "|",
    ]
)  # fmt: skip
BETWEEN = st.sampled_from(
    [" ", "  ", "\n", "\n  ", ": ", "=", ":", "=>", ": |\n    ", '"', "'", ",", ".", "-", "\\"]
)
TEXTS = st.lists(st.tuples(WORDS, BETWEEN), max_size=12).map(
    lambda pairs: "".join(word + between for word, between in pairs)
)


def hidden(text: str) -> tuple[str, list[str]]:
    """Return a text without its secrets, and the secrets."""
    found: list[str] = []

    def hide(secret: str) -> str:
        found.append(secret)
        return "<hidden>"

    return texts.hide_all(text, hide), found


@given(TEXTS)
def test_texts_without_names_of_secrets_have_no_other_secrets(text: str) -> None:
    quick = hidden(text)
    with patch.object(texts, "_has_names", return_value=True):
        assert hidden(text) == quick


def test_only_texts_with_the_name_of_a_secret_are_searched() -> None:
    assert hidden("password: hunter2hunter2") == ("password: <hidden>", ["hunter2hunter2"])
    assert not texts._has_names("listen = 0.0.0.0:8000\nlevel = info\n")
    assert texts._has_names("a\n  tokn: b\n")
    assert texts._has_names("x.--authorization y")
