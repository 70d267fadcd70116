"""Reads YAML texts with the line of every key, and explains syntax errors.

This module opens no files. `generator.go_yaml` decides the values of scalars.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from itertools import islice

from generator.catalogue.message import say
from generator.errors import UnreadableFile
from generator.go_yaml import NotPlain
from generator.io.yaml_document import YamlDocument


def read(text: str, source: str) -> YamlDocument:
    """Read a text with exactly one document; raise UnreadableFile with the line of a syntax error."""
    documents = list(read_all(text, source))
    while len(documents) > 1 and documents[-1].value is None:
        documents.pop()
    if len(documents) > 1:
        raise UnreadableFile(source, say("several-documents"))
    return documents[0] if documents else YamlDocument(None)


def read_all(text: str, source: str, *, tolerant: bool = False) -> Iterator[YamlDocument]:
    """Read every document of a text with the positions of its keys.

    `tolerant` accepts duplicate keys as the programs do: the last one counts. YamlDocument.twice lists them.
    """
    number = 0
    try:
        # Imported when used: it imports yaml, which takes 15 ms.
        for document in import_module("generator.io.yaml_events").documents(text, tolerant):
            yield document
            number += 1
        return
    except NotPlain:
        # Read the rest with the reader that knows all of YAML and every error.
        nodes = import_module("generator.io.yaml_nodes")
        yield from islice(nodes.documents(text, source, tolerant), number, None)
