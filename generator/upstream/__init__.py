"""What the upstream programs read, release by release.

Owns the field table (data/*.json, read from the real programs) and the releases and custom
resource definitions it knows. Knows nothing of charts, values or Helm.
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
