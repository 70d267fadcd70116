"""Images of workloads: registry, repositories, tags, pull policies and pull secrets."""

from __future__ import annotations

import re
from typing import Any

from generator.importer.from_values import take_new
from generator.importer.imported_workload import WORKLOADS, ImportedWorkload
from generator.importer.site_file import Imported

_RELEASE = re.compile(r"v?1\.\d+(\.\d+.*)?")


def take_images(found: list[ImportedWorkload], imported: Imported) -> None:
    """Take the registry that all images share, else the repositories; tags come from the release."""
    prefixes = {_prefix(workload) for workload in found}
    shared = next(iter(prefixes)) if len(prefixes) == 1 else None
    if shared:
        imported.take("images.registry", shared, found[0].line("containers"))
    for workload in found:
        image, where = workload.image, workload.line("containers")
        key = f"{workload.section}.image"
        standard = WORKLOADS[workload.program][1]
        if shared is None and image["repository"] != standard:
            name = "nftRepository" if workload.program.endswith("-nft") else "repository"
            imported.take(f"{key}.{name}", image["repository"], where)
        if workload.program == "iptables-manager-nft":
            imported.take("iptablesManager.framework", "nft", where)
        if image["digest"]:
            imported.take(f"{key}.digest", image["digest"], where)
        elif image["tag"] and not _RELEASE.fullmatch(image["tag"]):
            take_new(f"{key}.tag", image["tag"], where, imported)


def take_pulling(found: list[ImportedWorkload], imported: Imported) -> None:
    """Take pull policies and pull secrets, for all images if they share them, else for each image."""
    policies = {workload.container.get("imagePullPolicy") or "IfNotPresent" for workload in found}
    secrets = [workload.pod.get("imagePullSecrets") or [] for workload in found]
    shared = [secret for secret in secrets[0] if all(secret in own for own in secrets)] if secrets else []
    if shared:
        imported.take("images.pullSecrets", shared, found[0].line("imagePullSecrets"))
    if len(policies) == 1:
        take_new("images.pullPolicy", policies.pop(), found[0].line("containers"), imported)
    for workload, own in zip(found, secrets, strict=True):
        _take_own_pulling(workload, [one for one in own if one not in shared], len(policies) > 1, imported)


def _take_own_pulling(
    workload: ImportedWorkload, secrets: list[Any], differs: bool, imported: Imported
) -> None:
    """Take the pull secrets and, where policies differ, the pull policy of one workload."""
    key = f"{workload.section}.image"
    if secrets:
        imported.take(f"{key}.pullSecrets", secrets, workload.line("imagePullSecrets"))
    policy = workload.container.get("imagePullPolicy")
    if differs and policy not in (None, "IfNotPresent"):
        imported.take(f"{key}.pullPolicy", policy, workload.line("containers"))


def _prefix(workload: ImportedWorkload) -> str | None:
    """Return the prefix of the usual repository, "" for none; None for another repository."""
    repository, standard = workload.image["repository"], WORKLOADS[workload.program][1]
    if repository == standard:
        return ""
    return repository.removesuffix(f"/{standard}") if repository.endswith(f"/{standard}") else None
