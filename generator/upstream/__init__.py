"""The fields that the upstream programs read, for each release.

This package owns the field table (data/*.json, read from the real programs), the list of releases and the
CRDs. It does not know charts, values or Helm.
"""

from generator.upstream.fields import Field, config_fields, default_config
from generator.upstream.releases import Release, UnknownRelease, custom_resources, release_of

__all__ = [
    "Field",
    "Release",
    "UnknownRelease",
    "config_fields",
    "custom_resources",
    "default_config",
    "release_of",
]
