"""The order of the files if a commit switches TLS while edge nodes run."""

from __future__ import annotations

from generator.catalogue.message import Message, say
from generator.gitops.site import GitOpsSite
from generator.install.before_apply import running_order


def tls_message(site: GitOpsSite) -> Message | None:
    """Return the order in which to commit the files, None if the release has no TLS or one file is enough."""
    found = running_order(site.rendering)
    if found is None or len(found.charts) < 2:
        return None
    variant = "rollout" if site.rolls_out else ""
    return say("tls-order-of-commits", variant, switch=found.switch, order=" -> ".join(found.steps))
