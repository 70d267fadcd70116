"""Scripts for keadm: `keadm init` with what it can carry of a site, `keadm join` for a node group.

Facts about keadm by release are kept as tables here; the scripts' text is in generator/texts/.
"""

from generator.render.keadm.init import init_script, roles
from generator.render.keadm.join import is_ours, join_script

__all__ = ["init_script", "is_ours", "join_script", "roles"]
