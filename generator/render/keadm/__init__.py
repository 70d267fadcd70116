"""Scripts for keadm: `keadm init` with the values that it can set, `keadm join` for a node group.

This package has tables of facts about each release of keadm. generator/texts/ has the text of the scripts.
"""

from generator.render.keadm.init import init_script, roles
from generator.render.keadm.join import (
    files_beside,
    image_repository,
    is_ours,
    join_script,
    update_files,
    with_mqtt,
)

__all__ = [
    "files_beside",
    "image_repository",
    "init_script",
    "is_ours",
    "join_script",
    "roles",
    "update_files",
    "with_mqtt",
]
