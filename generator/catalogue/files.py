"""The codes of files that are read and written."""

from __future__ import annotations

from generator.catalogue.entries import table

ENTRIES = table()
