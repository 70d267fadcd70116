"""Layers of values files and --set flags -> validated values; every problem with its place."""

from generator.load.site import LoadedSite, load_site

__all__ = ["LoadedSite", "load_site"]
