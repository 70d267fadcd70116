"""Reads from the certificates in a folder how far a rotation has come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509

from generator.certs import chain, pem
from generator.certs.ca import Names
from generator.certs.plan import CertPlan
from generator.certs.signers import STEMS
from generator.errors import InvalidInput, plain
from generator.io.files import is_there, names_in

SETTLED, TRUSTED, MIXED, RENEWED = "settled", "trusted", "mixed", "renewed"
_NEXT = {SETTLED: "trust", TRUSTED: "leaves", MIXED: "leaves", RENEWED: "drop"}
_WORDS = {
    SETTLED: "one authority, which signed every leaf",
    TRUSTED: "both authorities are trusted, the old one signed every leaf",
    MIXED: "both authorities are trusted, the new one signed some of the leaves",
    RENEWED: "both authorities are trusted, the new one signed every leaf",
}


@dataclass(frozen=True)
class Leaf:
    """A pair in the folder: its path without ending, and what it is for."""

    stem: str
    use: str
    names: Names
    certificate: x509.Certificate


@dataclass(frozen=True)
class State:
    """Where an authority and its leaves stand: `new` is None unless two are trusted."""

    stem: str
    name: str
    old: x509.Certificate
    new: x509.Certificate | None
    leaves: tuple[Leaf, ...]

    def __str__(self) -> str:
        return f"{self.stem}.crt: {self.name}: {_WORDS[self.name]}; next: {_NEXT[self.name]}"


def states(plan: CertPlan, folder: Path) -> list[State]:
    """Read the stage of every authority from the certificates in a folder; raise InvalidInput."""
    stems = dict.fromkeys(STEMS[pair.name] for pair in plan.pairs)
    found = [_state(plan, folder, stem) for stem in stems if is_there(folder / f"{stem}.crt")]
    if not found:
        what = "holds no authority of this site"
        raise InvalidInput([plain(str(folder), "", what, "make one: generator certs issue")])
    return found


def of_nodes(folder: Path, name: str) -> list[Path]:
    """Return the files of a name that single nodes have; raise UnreadableFile."""
    paths = [folder / "nodes" / node / name for node in names_in(folder / "nodes")]
    return [path for path in paths if is_there(path)]


def _state(plan: CertPlan, folder: Path, stem: str) -> State:
    path = folder / f"{stem}.crt"
    roots = pem.certificates(pem.read_bytes(path), str(path))
    leaves = tuple(_leaves(plan, folder, stem))
    if len(roots) > 2:
        what = f"holds {len(roots)} authorities; a rotation has two"
        raise InvalidInput([plain(str(path), "", what)])
    strange = [leaf for leaf in leaves if not any(chain.issued(leaf.certificate, root) for root in roots)]
    if strange:
        what = f"is signed by none of the authorities in {path.name}"
        raise InvalidInput([plain(str(folder / f"{leaf.stem}.crt"), "", what) for leaf in strange])
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
