"""Note the fields and objects of the files that the imported site does not render."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator import paths
from generator.catalogue.message import Message, say
from generator.check.sources import ObjectInFile, Source
from generator.errors import Problem
from generator.helm import Document
from generator.importer.imported_workload import ImportedWorkload, workloads
from generator.importer.site_file import Imported, key_of
from generator.importer.surplus import POD, cleaned, counterparts, extra_mounts, more, mounts, surplus
from generator.kube.compare import NOTHING, Change, path_text
from generator.kube.namespaces import namespace_of
from generator.kube.objects import Object
from generator.kube.pods import as_list, as_map
from generator.kube.rbac import beyond, permission_lines, permissions
from generator.render.site import Rendering

_NO_KEY = say("field-not-imported")
_OTHER = say("field-differs")
_FOLLOWS_RELEASE = ("CustomResourceDefinition",)


def note_leftovers(objects: list[ObjectInFile], rendering: Rendering, imported: Imported) -> None:
    """Note every field and every object that the rendering lacks."""
    for own, rendered in counterparts(objects, rendering):
        if rendered is None:
            imported.left_out(_note(own.object, (), say("object-not-rendered")))
            continue
        for note in (*_of_workload(own, rendered, imported), *_of_volumes(own, rendered)):
            imported.left_out(note)
    pods = {id(found.object.value) for found in workloads(objects)}
    for item in objects:
        if id(item.value) not in pods:
            for note in _of_object(item, objects, rendering, imported.configs):
                imported.left_out(note)


def _note(item: ObjectInFile, path: paths.Path, message: Message, place: paths.Path = ()) -> Problem:
    """Return a note about a field of an object; `place` is its path in the file if that is another."""
    key = f"{item.value.get('kind')} {paths.first(item.value, 'metadata.name')}"
    where = f"{item.file}:{item.line(place or path)}"
    return Problem(where, f"{key}: {path_text(path)}" if path else key, message)


# --- workloads -----------------------------------------------------------------------------------


def _of_workload(own: ImportedWorkload, rendered: ImportedWorkload, imported: Imported) -> Iterator[Problem]:
    for change in surplus(own, rendered):
        field = change.path[len(POD) + 2 :] if change.path[: len(POD) + 1] == (*POD, "containers") else ()
        noted = field[:1] == ("resources",) and _is_noted(own, change, imported)
        noted = noted or key_of((own.section, *field)) in imported.noted
        noted = noted or (change.path == (*POD, "nodeName") and "gateway.nodeName" in imported.keys)
        if not noted:
            place = (*own.at(str(field[0])), *field[1:]) if field else change.path
            yield _note(own.object, change.path, _why(change, field), place)
    name, theirs = (paths.first(one.object.value, "metadata.name") for one in (own, rendered))
    if name != theirs:
        yield _note(own.object, ("metadata", "name"), say("workload-renamed", name=theirs))
    for part in ("initContainers", "containers"):
        for number, one in enumerate(as_list(own.pod.get(part))):
            if one is not own.container:
                yield _note(own.object, (*POD, part, number), say("field-not-imported", "container"))


def _is_noted(own: ImportedWorkload, change: Change, imported: Imported) -> bool:
    """Return whether every quantity of a change was noted already, as a default of upstream's charts."""
    field = change.path[len(POD) + 2 :]
    value = change.after if isinstance(change.after, dict) else None
    below = [f"{name}" for name in value] if value else [""]
    return all(key_of((own.section, *field, *([name] if name else []))) in imported.noted for name in below)


def _why(change: Change, field: paths.Path) -> Message:
    if field == ("image",):
        return say("image-of-other-release")
    return _NO_KEY if change.before is NOTHING or change.partial else _OTHER


def _of_volumes(own: ImportedWorkload, rendered: ImportedWorkload) -> Iterator[Problem]:
    for mount, _, replaced in extra_mounts(own, rendered):
        code = "field-differs" if replaced else "field-not-imported"
        yield _note(own.object, (*POD, "volumes"), say(code, "volume", mount=mount.get("mountPath")))
    used = {volume.get("name") for _, volume in mounts(own)}
    for number, volume in enumerate(as_list(own.pod.get("volumes"))):
        name = as_map(volume).get("name")
        if name not in used:
            message = say("field-not-imported", "unused", volume=name)
            yield _note(own.object, (*POD, "volumes", number), message)


# --- other objects -------------------------------------------------------------------------------


def _of_object(
    item: ObjectInFile, objects: list[ObjectInFile], rendering: Rendering, configs: list[Source]
) -> Iterator[Problem]:
    kind = str(item.value.get("kind"))
    other = _same(item, rendering.documents)
    if kind in ("Role", "ClusterRole"):
        yield from _of_role(item, rendering.documents)
    elif kind in ("RoleBinding", "ClusterRoleBinding"):
        yield from _of_binding(item, objects)
    elif kind == "Secret":
        yield _note(item, (), say("secret-left-out", "object"))
    elif kind == "ConfigMap":
        yield from (*_of_metadata(item, other), *_of_config_map(item, other, configs))
    elif kind == "Namespace":
        yield from _of_namespace(item, objects, rendering)
    elif kind == "ServiceAccount" and _is_used(item, objects):
        yield from (*_of_metadata(item, other), *_of_account(item))
    elif other is None:
        yield _note(item, (), say("object-not-rendered"))
    elif kind not in _FOLLOWS_RELEASE:
        yield from _of_counterpart(item, other)


def _of_counterpart(item: ObjectInFile, other: Document) -> Iterator[Problem]:
    for change in more(other.data, item.value):
        # The API server assigns these ports to a Service.
        if change.path[-1] not in ("nodePort", "healthCheckNodePort"):
            yield _note(item, change.path, _why(change, ()))


def _of_namespace(item: ObjectInFile, objects: list[ObjectInFile], rendering: Rendering) -> Iterator[Problem]:
    """Note what the Namespace that `generator render` renders lacks, or a namespace without objects."""
    name = paths.first(item.value, "metadata.name")
    found = namespace_of((Object(one.data) for one in rendering.documents), rendering.namespace)
    if found is None or all(paths.first(one.value, "metadata.namespace") != name for one in objects):
        yield _note(item, (), say("object-not-rendered"))
        return
    for change in more(found, item.value):
        yield _note(item, change.path, _why(change, ()))


def _of_account(item: ObjectInFile) -> Iterator[Problem]:
    names = (
        name for name in cleaned(item.value) if name not in ("apiVersion", "kind", "metadata", "secrets")
    )
    return (_note(item, (name,), _NO_KEY) for name in names)


def _of_metadata(item: ObjectInFile, other: Document | None) -> Iterator[Problem]:
    """Note labels, and annotations without a key of the site, that the rendered object lacks."""
    there = as_map(other.data.get("metadata")) if other else {}
    for kind in ("labels",) if item.value.get("kind") == "ServiceAccount" else ("labels", "annotations"):
        for name in as_map(paths.first(cleaned(item.value), f"metadata.{kind}")):
            if name not in as_map(there.get(kind)):
                yield _note(item, ("metadata", kind, name), _NO_KEY)


def _same(item: ObjectInFile, documents: Iterable[Document]) -> Document | None:
    name = paths.first(item.value, "metadata.name")
    same = (one for one in documents if one.kind == item.value.get("kind") and one.name == name)
    return next(same, None)


def _of_role(item: ObjectInFile, documents: Iterable[Document]) -> Iterator[Problem]:
    rules = [one.data.get("rules") for one in documents if one.kind in ("Role", "ClusterRole")]
    had = {permission for one in rules for permission in permissions(one)}
    missing = beyond(permissions(item.value.get("rules")), had)
    if missing:
        lines = "; ".join(permission_lines(missing))
        yield _note(item, ("rules",), say("permissions-not-granted", missing=lines))


def _of_binding(item: ObjectInFile, objects: list[ObjectInFile]) -> Iterator[Problem]:
    """Note a role that no file contains, and subjects other than service accounts of workloads."""
    role = paths.first(item.value, "roleRef.name")
    roles = {
        paths.first(one.value, "metadata.name") for one in objects if "Role" in str(one.value.get("kind"))
    }
    accounts = {found.pod.get("serviceAccountName") for found in workloads(objects)}
    subjects = item.value.get("subjects")
    others = [
        number
        for number, one in enumerate(map(as_map, as_list(subjects)))
        if one.get("kind") != "ServiceAccount" or one.get("name") not in accounts
    ]
    if role not in roles:
        yield _note(item, ("roleRef",), say("role-not-in-files", role=role))
    for number in others:
        yield _note(item, ("subjects", number), say("subject-not-bound"))


def _is_used(item: ObjectInFile, objects: list[ObjectInFile]) -> bool:
    name = paths.first(item.value, "metadata.name")
    return any(found.pod.get("serviceAccountName") == name for found in workloads(objects))


def _of_config_map(item: ObjectInFile, other: Document | None, configs: list[Source]) -> Iterator[Problem]:
    """Note the keys of a ConfigMap that are not configs and that the site does not render the same."""
    name = paths.first(item.value, "metadata.name")
    read = {config.inside for config in configs if config.file == item.file and config.name == name}
    for key, text in as_map(item.value.get("data")).items():
        there = paths.at(other.data, ("data", key)) if other else None
        # The PSK has a note of its own.
        if key not in read and there != text and key != "psk":
            yield _note(item, ("data", key), _NO_KEY if there is None else _OTHER)
