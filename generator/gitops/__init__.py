"""Files for Argo CD and Flux: the charts with the values of a site, in order, without any secret.

`gitops_files` makes them from a `GitOpsSite`. Nothing here contacts a cluster or a registry.
"""

from generator.gitops.files import gitops_files, gitops_stream, write_gitops
from generator.gitops.options import IN_CLUSTER, SECRETS, TOOLS, GitOpsOptions
from generator.gitops.site import GitOpsSite, checked_site
from generator.gitops.steps import steps_of

__all__ = [
    "IN_CLUSTER",
    "SECRETS",
    "TOOLS",
    "GitOpsOptions",
    "GitOpsSite",
    "checked_site",
    "gitops_files",
    "gitops_stream",
    "steps_of",
    "write_gitops",
]
