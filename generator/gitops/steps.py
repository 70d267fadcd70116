"""What to do before the files are committed, and afterwards: nothing here contacts a cluster."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from generator.catalogue.message import say
from generator.gitops.options import ARGOCD, NONE, SOPS
from generator.gitops.secrets import step_of_secret
from generator.gitops.site import GitOpsSite
from generator.gitops.switch import tls_message
from generator.install.apply_nodes import node_steps
from generator.install.apply_step import APPLY, ApplyStep
from generator.install.before_apply import BeforeApply, Typed, steps_before


def steps_of(site: GitOpsSite, typed: Typed) -> BeforeApply:
    """Return the steps in order; `typed` has the flags of the site."""
    typed = typed.of(site.rendering)
    before = steps_before(site.rendering, typed, lambda one: step_of_secret(site, one, typed.site))
    steps = (
        # The files have the namespace. Only Secrets that nobody commits need it earlier.
        *(one for one in before if one.code != "namespace-to-create" or site.options.secrets == NONE),
        *_commits(site),
        *node_steps(site.rendering, typed.site, typed.everything, ""),
    )
    return BeforeApply(site.rendering.namespace, True, steps)


def _commits(site: GitOpsSite) -> Iterator[ApplyStep]:
    """Yield what to commit, and the order if it switches TLS."""
    options = site.options
    variant = options.tool
    commands: tuple[str, ...] = ()
    if options.tool == ARGOCD and options.git_url:
        folder = f"{options.folder}/" if options.folder else ""
        commands = (f"kubectl apply --filename {shlex.quote(f'{folder}applicationset.yaml')}",)
        variant = "applicationset"
    yield ApplyStep(APPLY, say("files-to-commit", variant), commands)
    if options.secrets == SOPS and site.secrets:
        yield ApplyStep(APPLY, say("sops-to-decrypt", options.tool))
    message = tls_message(site)
    if message is not None:
        yield ApplyStep(APPLY, message)
