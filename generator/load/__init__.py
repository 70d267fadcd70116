"""Merges values files and --set flags, and validates the result; every problem names its place."""

from generator.load.site import LoadedSite, load_site

__all__ = ["LoadedSite", "load_site"]
