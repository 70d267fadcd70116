"""What the upstream programs read, release by release.

Owns the field table (data/*.json, read from the real programs) and the releases and custom
resource definitions it knows. Knows nothing of charts, values or Helm.
"""

from generator.upstream.fields import COMPONENTS, Field, component_of, config_fields, default_config, group_of
from generator.upstream.releases import (
    EDGEMESH,
    KUBEEDGE,
    Release,
    UnknownRelease,
    custom_resources,
    program_of,
)

__all__ = [
    "COMPONENTS",
    "EDGEMESH",
    "KUBEEDGE",
    "Field",
    "Release",
    "UnknownRelease",
    "component_of",
    "config_fields",
    "custom_resources",
    "default_config",
    "group_of",
    "program_of",
]
