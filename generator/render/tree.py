"""Writes a rendering as a tree of files: manifests for each chart, configs, and scripts for keadm."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from generator import go_yaml
from generator.errors import UnwritableOutput
from generator.io.write import File, Written, recover, write_files
from generator.merge import differing
from generator.model.chart_values import values_of_chart
from generator.render import keadm
from generator.render.site import RenderedConfig, Rendering, stream
from generator.secrets.trees import PRIVATE, mode_of
from generator.texts import template


def write_site(rendering: Rendering, folder: str | Path, *, dry_run: bool = False) -> list[Written]:
    """Write a rendering below `folder`, either all files or none; raise UnwritableOutput.

    Remove the files of node groups that no longer exist: nodes could still join with these files. Also remove
    the `cloudcore/roles.yaml` of older versions, which repeats objects of `cloudcore/manifests.yaml`.

    Each chart has `values.yaml` and `manifests.yaml`. For binary installations there are
    `cloudcore/cloudcore.yaml` and `cloudcore/keadm-init.sh`. Each node group has
    `edgecore/<group>/edgecore.yaml`, `join.sh`, `update.sh` with its files, and `doctor.sh`.
    Files that contain a secret get mode 0600.
    """
    files = dict(_files(rendering))
    recovered = [] if dry_run else recover(Path(folder))
    gone = [*_gone(Path(folder), files), *_old_roles(Path(folder), files)]
    command = "generator render"
    return [*recovered, *write_files(Path(folder), files, remove=gone, dry_run=dry_run, command=command)]


def _gone(folder: Path, files: Container[str]) -> list[str]:
    """Return the existing files of node groups that a rendering lacks, [] if it does not have edgecore."""
    if f"{_EDGECORE}/manifests.yaml" not in files:
        return []
    scripts: list[Path] = []
    # Ignore errors about the folder itself: writing reports them later.
    with suppress(OSError):
        scripts = sorted((folder / _EDGECORE).glob("*/join.sh"))
    gone = [script.parent for script in scripts if _is_ours(script)]
    names = [(group / name).relative_to(folder).as_posix() for group in gone for name in _OF_A_GROUP]
    return [name for name in names if name not in files]


def _old_roles(folder: Path, files: Container[str]) -> list[str]:
    """Return the file of roles that older versions wrote, [] if there is none."""
    path = folder / _ROLES
    if f"{_CLOUDCORE}/manifests.yaml" not in files or not path.is_file():
        return []
    return [_ROLES] if _ROLES_MARK in _read(path) else []


def _is_ours(script: Path) -> bool:
    # Only read a regular file: reading a FIFO would block forever.
    return script.is_file() and keadm.is_ours(_read(script))


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError as error:
        raise UnwritableOutput(str(path), f"it cannot be read: {error.strerror}") from None


_OF_A_GROUP = ("edgecore.yaml", "join.sh", "update.sh", "doctor.sh", "defaults", "settings")
_EDGECORE, _CLOUDCORE = "edgecore", "cloudcore"
_ROLES, _ROLES_MARK = "cloudcore/roles.yaml", "app.kubernetes.io/component: cloudcore"


def _files(rendering: Rendering) -> Iterator[tuple[str, File]]:
    # The texts inside ConfigMaps are the configs.
    modes = list(_modes(rendering.configs))
    for chart in rendering.site.charts:
        values = values_of_chart(rendering.site.user, chart)
        yield f"{chart}/values.yaml", File(_values_text(rendering, chart, values), mode_of(values))
        documents = [document for document in rendering.documents if document.chart == chart]
        inside = [
            mode for config, mode in zip(rendering.configs, modes, strict=True) if _chart_of(config) == chart
        ]
        mode = PRIVATE if PRIVATE in inside else mode_of(*(document.data for document in documents))
        yield f"{chart}/manifests.yaml", File(stream(documents), mode)
    for config, mode in zip(rendering.configs, modes, strict=True):
        yield from _config_files(rendering, config, mode)


def _values_text(rendering: Rendering, chart: str, values: dict[str, Any]) -> str:
    head = template("chart-values.yaml.j2").render(
        chart=chart, release=rendering.releases[chart], namespace=rendering.namespace
    )
    return head + (go_yaml.dump(values) if values else "{}\n")


def _modes(configs: Iterable[RenderedConfig]) -> Iterator[int]:
    """Yield the mode of each config. Node groups mostly have the same values, so search those only once."""
    public: dict[str, dict[str, Any]] = {}
    for config in configs:
        mode = mode_of(differing(config.data, public.get(config.component, {})))
        if mode != PRIVATE:
            public.setdefault(config.component, config.data)
        yield mode


def _config_files(rendering: Rendering, config: RenderedConfig, mode: int) -> Iterator[tuple[str, File]]:
    if config.component == "cloudcore":
        yield "cloudcore/cloudcore.yaml", File(config.text, mode)
        yield "cloudcore/keadm-init.sh", _script(keadm.init_script(rendering))
    elif config.component == "edgecore":
        folder = f"{_EDGECORE}/{config.group or 'default'}"
        yield f"{folder}/edgecore.yaml", File(config.text, mode)
        yield f"{folder}/join.sh", _script(keadm.join_script(rendering, config))
        for name, text in keadm.update_files(rendering, config).items():
            yield f"{folder}/{name}", File(text, 0o755) if name.endswith(".sh") else File(text)


def _script(text: str) -> File:
    return File(text, 0o700 if mode_of(text) == PRIVATE else 0o755)


def _chart_of(config: RenderedConfig) -> str:
    return config.component.partition("-")[0]
