"""Lays a rendering out as a tree of files: manifests per chart, configs and scripts for keadm."""

from __future__ import annotations

from collections.abc import Container, Iterator
from contextlib import suppress
from pathlib import Path

from generator import go_yaml, keadm
from generator.errors import UnwritableOutput
from generator.model import paths
from generator.render import Config, Rendering, stream
from generator.write import File, Written, remove_files, write_files


def write_site(rendering: Rendering, folder: str | Path, *, dry_run: bool = False) -> list[Written]:
    """Write a rendering below `folder`, all files or none; raise UnwritableOutput.

    What an earlier rendering wrote for a node group that is gone is removed: nodes would still join with it.

    Per chart `values.yaml` and `manifests.yaml`; for binary installations `cloudcore/cloudcore.yaml`
    and `cloudcore/keadm-init.sh`, with `roles.yaml` where keadm's are too narrow; per node group
    `edgecore/<group>/edgecore.yaml` and `join.sh`.
    Files that hold a secret get mode 0600.
    """
    files = dict(_files(rendering))
    gone = _gone(Path(folder), files)
    written = write_files(Path(folder), files, dry_run=dry_run)
    return [*written, *remove_files(Path(folder), gone, dry_run=dry_run)]


def _gone(folder: Path, files: Container[str]) -> list[str]:
    """Return what is there of node groups that a rendering does not have; nothing if it has no edgecore."""
    if f"{_EDGECORE}/manifests.yaml" not in files:
        return []
    scripts: list[Path] = []
    # What is wrong with the folder itself, the writing says.
    with suppress(OSError):
        scripts = sorted((folder / _EDGECORE).glob("*/join.sh"))
    gone = [script.parent for script in scripts if _is_ours(script)]
    names = [(group / name).relative_to(folder).as_posix() for group in gone for name in _OF_A_GROUP]
    return [name for name in names if name not in files]


def _is_ours(script: Path) -> bool:
    # Only a regular file: reading a FIFO would wait for ever.
    try:
        return script.is_file() and keadm.is_ours(script.read_text("utf-8", "replace"))
    except OSError as error:
        raise UnwritableOutput(str(script), f"it cannot be read: {error.strerror}") from None


_OF_A_GROUP = ("edgecore.yaml", "join.sh")
_EDGECORE = "edgecore"
_SECRETS = ("agent.psk", "gateway.psk")
_SECRETS_OF_EDGECORE = ("modules.edgeHub.token", "modules.eventBus.mqttPassword")


def _holds_secret(config: Config) -> bool:
    return any(paths.first(config.data, key) for key in _SECRETS_OF_EDGECORE)


def _files(rendering: Rendering) -> Iterator[tuple[str, File]]:
    values = go_yaml.dump(rendering.site.user) if rendering.site.user else "{}\n"
    secret = any(map(_holds_secret, rendering.configs))
    private = secret or any(paths.first(rendering.site.values, key) for key in _SECRETS)
    for chart in rendering.site.charts:
        head = f"# helm upgrade --install {rendering.releases[chart]} charts/{chart}"
        head += f" --namespace {rendering.namespace} --values values.yaml\n"
        yield f"{chart}/values.yaml", File(head + values, 0o600 if private else 0o644)
        documents = [document for document in rendering.documents if document.chart == chart]
        closed = any(document.kind == "Secret" for document in documents) or (secret and chart == "edgecore")
        yield f"{chart}/manifests.yaml", File(stream(documents), 0o600 if closed else 0o644)
    for config in rendering.configs:
        yield from _config_files(rendering, config)


def _config_files(rendering: Rendering, config: Config) -> Iterator[tuple[str, File]]:
    if config.component == "cloudcore":
        yield "cloudcore/cloudcore.yaml", File(config.text)
        yield "cloudcore/keadm-init.sh", File(keadm.init_script(rendering), 0o755)
        rights = keadm.roles(rendering)
        if rights:
            yield "cloudcore/roles.yaml", File(rights)
    elif config.component == "edgecore":
        folder = f"{_EDGECORE}/{config.group or 'default'}"
        yield f"{folder}/edgecore.yaml", File(config.text, 0o600 if _holds_secret(config) else 0o644)
        yield f"{folder}/join.sh", File(keadm.join_script(rendering, config), 0o755)
