"""The language of help, messages and descriptions of keys: English, or Chinese.

The texts in the code and in the tables are English. generator/tables/zh/ has their translations, by area: the
areas of the catalogue, `help`, `model` (descriptions of keys), `impact` (sentences of tables/impact.yaml) and
`words` (fixed words of reports). Scripts and charts are English, and so are codes, keys and programs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib import import_module

ENGLISH, CHINESE = LANGUAGES = ("en", "zh")
# As for gettext: the first one that is set counts.
_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")

_chosen = ENGLISH


def choose(language: str) -> None:
    """Use a language from now on, in the whole process."""
    global _chosen
    _chosen = language


@contextmanager
def using(language: str) -> Iterator[None]:
    """Use a language inside a `with` statement."""
    before = chosen()
    choose(language)
    try:
        yield
    finally:
        choose(before)


def chosen() -> str:
    """Return the language in use."""
    return _chosen


def of_environment(environment: Mapping[str, str]) -> str:
    """Return the language that the locale of an environment asks for; English if we do not have it."""
    locale = next(filter(None, map(environment.get, _VARIABLES)), "")
    return CHINESE if locale.lower().startswith(CHINESE) else ENGLISH


def translated(area: str, text: str) -> str:
    """Return a text of an area in the language in use."""
    return text if _chosen == ENGLISH else _table(_chosen, area).get(text, text)


@cache
def _table(language: str, area: str) -> Mapping[str, str]:
    # The entry point imports this module, and English needs no YAML reader.
    pairs = import_module("generator.tables").pairs(f"{language}/{area}.yaml")
    return {one["en"]: one[language] for one in pairs}
