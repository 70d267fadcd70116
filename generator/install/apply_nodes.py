"""The steps on edge nodes of the list that `generator render` ends with."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from generator import paths
from generator.catalogue.message import say
from generator.certs.readers import AGENT_FILES
from generator.install.apply_step import NODES, ApplyStep
from generator.install.node_names import names
from generator.render import keadm
from generator.render.site import RenderedConfig, Rendering

_TOKEN = (
    "$(kubectl --namespace kubeedge get secret tokensecret --output jsonpath='{.data.tokendata}' "
    "| base64 --decode)"
)
_START = "kubectl --namespace {} rollout restart daemonset --selector kubeedge=edgecore-rollout"


def node_steps(rendering: Rendering, site: str, everything: str, folder: str) -> Iterator[ApplyStep]:
    """Yield the steps on edge nodes; `site` and `everything` are flags, `folder` is that of -o or ""."""
    configs = [one for one in rendering.configs if one.component == "edgecore"]
    if not configs:
        return
    if not folder:
        command = f"generator render{everything} -o build"
        yield ApplyStep(NODES, say("node-files-to-render"), (command,))
        return
    yield from _certificate(rendering, configs, site, folder)
    groups = [one.group or "default" for one in configs]
    place, beside = shlex.quote(f"{folder}/edgecore/{groups[0]}"), f"/tmp/{groups[0]}"
    copy = f"scp -r {place} root@NODE:/tmp/"
    join = f'ssh root@NODE "TOKEN={_TOKEN} sh {beside}/join.sh"'
    several = {"groups": names(groups), "group": groups[0]} if len(groups) > 1 else {}
    yield ApplyStep(NODES, say("node-to-join", **several), (copy, join))
    if paths.first(rendering.site.values, "edgeCore.rollout.enable") is True:
        start = _START.format(rendering.namespace)
        yield ApplyStep(NODES, say("node-to-update", "rollout"), (start,))
    else:
        update = f"ssh root@NODE sh {beside}/update.sh"
        yield ApplyStep(NODES, say("node-to-update"), (copy, update))


def _certificate(
    rendering: Rendering, configs: list[RenderedConfig], site: str, folder: str
) -> Iterator[ApplyStep]:
    """Yield the step that puts the endpoint's certificate beside the scripts of each node group."""
    groups: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for one in configs:
        files = keadm.files_beside(rendering, one).items()
        copies = tuple(sorted((AGENT_FILES[field], name) for name, field in files))
        groups.setdefault(copies, []).append(one.group or "default")
    top = shlex.quote(f"{folder}/edgecore")
    commands = [
        _for_each(copies, [f"{top}/*"] if len(groups) == 1 < len(found) else [f"{top}/{n}" for n in found])
        for copies, found in groups.items()
        if copies
    ]
    if commands:
        issue = f"generator certs issue{site} -o certs"
        yield ApplyStep(NODES, say("endpoint-certificate-to-copy"), (issue, *commands))


def _for_each(copies: Sequence[tuple[str, str]], folders: Sequence[str]) -> str:
    """Return a command that copies files of certs/ into folders, which may be a pattern of the shell."""
    single = len(folders) == 1 and "*" not in folders[0]
    into = folders[0] if single else '"$group"'
    text = " && ".join(f"cp certs/{source} {into}/{shlex.quote(name)}" for source, name in copies)
    return text if single else f"for group in {' '.join(folders)}; do {text}; done"
