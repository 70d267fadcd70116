"""Reads the stage of a rotation from the certificates in a folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509

from generator.catalogue.message import Message, say
from generator.certs import chain, pem
from generator.certs.names import Names
from generator.certs.plan import CertPlan
from generator.certs.signers import STEMS
from generator.errors import InvalidInput, Problem
from generator.io.files import is_there, names_in

SETTLED, TRUSTED, MIXED, RENEWED = "settled", "trusted", "mixed", "renewed"


@dataclass(frozen=True)
class Leaf:
    """A pair in the folder: its path without suffix, its use and its names."""

    stem: str
    use: str
    names: Names
    certificate: x509.Certificate


@dataclass(frozen=True)
class State:
    """The state of a CA and its leaves: `new` is None unless the bundle has two CAs."""

    stem: str
    name: str
    old: x509.Certificate
    new: x509.Certificate | None
    leaves: tuple[Leaf, ...]

    @property
    def bundle(self) -> str:
        """Return the name of the file with the trusted CAs."""
        return f"{self.stem}.crt"

    @property
    def report(self) -> Message:
        """Return the state as a message."""
        return say(f"rotation-{self.name}", bundle=self.bundle)


def states(plan: CertPlan, folder: Path) -> list[State]:
    """Return the state of each CA in a folder; raise InvalidInput."""
    stems = dict.fromkeys(STEMS[pair.name] for pair in plan.pairs)
    found = [_state(plan, folder, stem) for stem in stems if is_there(folder / f"{stem}.crt")]
    if not found:
        raise InvalidInput([Problem(str(folder), "", say("no-ca-in-folder"))])
    return found


def of_nodes(folder: Path, name: str) -> list[Path]:
    """Return the files of this name in the folders of single nodes; raise UnreadableFile."""
    paths = [folder / "nodes" / node / name for node in names_in(folder / "nodes")]
    return [path for path in paths if is_there(path)]


def _state(plan: CertPlan, folder: Path, stem: str) -> State:
    path = folder / f"{stem}.crt"
    roots = pem.certificates(pem.read_bytes(path), str(path))
    leaves = tuple(_leaves(plan, folder, stem))
    if len(roots) > 2:
        raise InvalidInput([Problem(str(path), "", say("too-many-cas", number=len(roots)))])
    strange = [leaf for leaf in leaves if not any(chain.issued(leaf.certificate, root) for root in roots)]
    if strange:
        message = say("leaf-of-other-ca", bundle=path.name)
        raise InvalidInput([Problem(str(folder / f"{leaf.stem}.crt"), "", message) for leaf in strange])
    if len(roots) == 1:
        return State(stem, SETTLED, roots[0], None, leaves)
    by_new = [leaf for leaf in leaves if chain.issued(leaf.certificate, roots[1])]
    name = RENEWED if leaves and len(by_new) == len(leaves) else MIXED if by_new else TRUSTED
    return State(stem, name, roots[0], roots[1], leaves)


def _leaves(plan: CertPlan, folder: Path, stem: str) -> Iterator[Leaf]:
    for pair in plan.pairs:
        if STEMS[pair.name] != stem:
            continue
        where = [folder / f"{pair.name}.crt"]
        where += of_nodes(folder, f"{pair.name}.crt") if pair.name == "server" else []
        for path in where:
            if is_there(path):
                first = pem.certificates(pem.read_bytes(path), str(path))[0]
                name = path.relative_to(folder).as_posix().removesuffix(".crt")
                names = Names(chain.common_name(first), pair.names.ips, pair.names.dns)
                yield Leaf(name, pair.use, names, first)
