"""Writes the three charts for others: as folders, or as archives with the index of a Helm repository."""

from __future__ import annotations

from generator.publish.export import FORMATS, SOURCE_DATE, Export, export_charts

__all__ = ["FORMATS", "SOURCE_DATE", "Export", "export_charts"]
