"""The codes of keys and values: what a release or a chart does not read as meant."""

from __future__ import annotations

from generator.catalogue.entries import table

ENTRIES = table()
