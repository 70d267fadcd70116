"""What a change can mean: the classes, and one finding of such."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from generator.kube.compare import Change
from generator.kube.objects import Object

# Every class with what it means, the gravest first.
CLASSES = {
    "immutable": "a field that cannot be changed: the upgrade would fail",
    "refused": "the charts refuse these values",
    "fatal": "a program does not run with its config",
    "deleted": "an object is deleted",
    "nodes-cut-off": "joined edge nodes lose cloudcore: what they dial is no longer there",
    "needs": "pods do not start without an object, or a key in it, that is not part of it",
    "crd-storage": "a definition stores another version, or no longer serves one",
    "tls-weakened": "less is encrypted or verified than before",
    "exposed": "something listens where nothing did",
    "rbac-widened": "somebody may do more than before",
    "privileged": "a pod may do more to its node than before",
    "secret": "a key or password is another one",
    "certificate": "a certificate, or who issues it, is another one",
    "dns": "pods need another DNS server",
    "edgecore-restart": "edgecore.yaml must be written on edge nodes, and edgecore restarted",
    "restart": "pods are restarted by the upgrade",
    "restart-by-hand": "pods must be restarted by hand to read it",
    "scaled": "pods are added or taken away",
    "kept": "an object that is no longer part of it stays in the cluster",
    "rbac-narrowed": "somebody may do less than before",
    "tls-strengthened": "more is encrypted or verified than before",
    "closed": "something no longer listens",
    "no-restart": "running programs see it by themselves",
}
GRAVE = ("immutable", "refused", "fatal")
WARNED = (
    "deleted",
    "nodes-cut-off",
    "needs",
    "crd-storage",
    "tls-weakened",
    "exposed",
    "rbac-widened",
    "privileged",
)


@dataclass(frozen=True)
class Impact:
    """What some changes of one object mean; `where` is the file and line of a value that caused it.

    `reader` is the name of the workload that reads the subject, where its pods are concerned.
    """

    name: str
    subject: Object
    says: str
    places: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    where: str = ""
    reader: str = ""

    @property
    def told(self) -> str:
        """Return the class with what is said, which names it among those of an object."""
        return f"{self.name}: {self.says}"

    @property
    def level(self) -> str:
        """Return error, warning or note, as CI systems know them."""
        return "error" if self.name in GRAVE else "warning" if self.name in WARNED else "note"


def impact(name: str, subject: Object, says: str, changes: Iterable[Change] = ()) -> Impact:
    """Make an impact of some changes."""
    if name not in CLASSES:
        raise KeyError(name)
    return Impact(name, subject, says, tuple(dict.fromkeys(change.place for change in changes)))
