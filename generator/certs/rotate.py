"""Changes an authority and its leaves without downtime, in three stages that can be repeated.

    trust    both authorities are trusted; the old one still signs
    leaves   the new one has signed every leaf; the old one is still trusted
    drop     the old one is trusted no more

The stage that a folder is in is read from its certificates. edgecore up to 1.16 trusts the first
authority of rootCA.crt only, so the old one stays first until it is dropped, and client.crt brings
the new authority along, signed by the old.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509

from generator.certs import ca as made
from generator.certs import chain, pem, secrets
from generator.certs.ca import CA
from generator.certs.plan import CLUSTER, FILES, CertPlan
from generator.certs.signers import STEMS, TITLES, IssueOptions, leaf_files, load_ca
from generator.certs.states import RENEWED, TRUSTED, State, of_nodes, states
from generator.errors import InvalidInput, plain
from generator.io.files import is_there, names_in
from generator.io.write import File

STAGES = ("status", "trust", "leaves", "drop", "abandon")


@dataclass(frozen=True)
class RotationStep:
    """What a stage does to the folder, and what must be done with it then."""

    files: dict[str, File] = field(default_factory=dict, repr=False)
    keep: frozenset[str] = frozenset()
    remove: tuple[str, ...] = ()
    says: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Work:
    """What every stage works with."""

    plan: CertPlan
    folder: Path
    wish: IssueOptions
    new_cert: str | None
    new_key: str | None


def rotate(
    plan: CertPlan,
    folder: Path,
    stage: str,
    wish: IssueOptions,
    new: tuple[str | None, str | None] = (None, None),
) -> RotationStep:
    """Work out one stage for all authorities of a folder; raise InvalidInput if it is not its turn.

    `new` are certificate and key of the authority to change to; without them one is made.
    """
    found = states(plan, folder)
    if stage == "status":
        return RotationStep(says=tuple(map(str, found)))
    do = {"trust": _trust, "leaves": _renew, "drop": _drop, "abandon": _abandon}[stage]
    work = _Work(plan, folder, wish, *new)
    files: dict[str, File] = {}
    keep: set[str] = set()
    remove: list[str] = []
    says: list[str] = []
    for state in found:
        step = do(work, state)
        files.update(step.files)
        keep |= step.keep
        remove += step.remove
        says += step.says
    files.update(_secrets(plan, folder, wish, files))
    if files:
        says += _to_do(plan, stage, found)
    return RotationStep(files, frozenset(keep), tuple(remove), tuple(says))


def finished(plan: CertPlan, folder: Path, stage: str) -> RotationStep:
    """Return what is still to be done after a stage whose files an earlier run wrote."""
    return RotationStep(says=tuple(_to_do(plan, stage, states(plan, folder))))


# --- the stages ----------------------------------------------------------------------------


def _trust(work: _Work, state: State) -> RotationStep:
    if state.new is not None:
        return RotationStep(says=(f"{state.stem}.crt trusts both already",))
    if not chain.in_time(state.old, work.wish.now):
        what = "is out of date, so nothing works that a rotation could keep working"
        fix = "move the folder away and issue everything anew"
        raise InvalidInput([plain(str(work.folder / f"{state.stem}.crt"), "", what, fix)])
    key = f"ca/next-{state.stem}.key"
    files: dict[str, File] = {}
    if work.new_cert:
        certificate = pem.certificates(pem.read_bytes(work.new_cert), work.new_cert)[0]
        if not made.signs(certificate) or not chain.in_time(certificate, work.wish.now):
            raise InvalidInput([plain(work.new_cert, "", "is no authority that can sign now")])
    elif work.plan.tls_mode == CLUSTER and state.stem == "rootCA":
        what = "from 1.17 on the authority is the cluster's, which Kubernetes' own steps rotate"
        raise InvalidInput([plain("--new-ca-cert", "", what, "give the cluster's new authority")])
    else:
        fresh = made.make_ca(
            TITLES[state.stem], work.wish.now, kind=work.wish.key_type, days=work.wish.ca_days
        )
        certificate = fresh.certificate
        files[key] = File(pem.key_text(fresh.key, work.wish.password), 0o600)
    files.update(_bundles(work.folder, state, pem.certificate_text(state.old, certificate)))
    return RotationStep(files, frozenset([key]) & files.keys())


def _renew(work: _Work, state: State) -> RotationStep:
    if state.new is None:
        raise _not_yet(work.folder, state, "trust comes first")
    if state.name == RENEWED:
        return RotationStep(says=(f"every leaf of {state.stem}.crt is renewed already",))
    signer = _signer(work, state)
    cross = _cross(work, state)
    files: dict[str, File] = {}
    for leaf in state.leaves:
        if chain.issued(leaf.certificate, state.new):
            continue
        for ending in ("crt", "key"):
            name = f"{leaf.stem}.{ending}"
            mode = 0o600 if ending == "key" else 0o644
            files[f"previous/{name}"] = File(pem.read_bytes(work.folder / name).decode(), mode)
        files.update(leaf_files(leaf.stem, leaf.names, leaf.use, signer, work.wish))
        if leaf.use == "client":
            text = files[f"{leaf.stem}.crt"].text + cross
            files[f"{leaf.stem}.crt"] = File(text)
    return RotationStep(files)


def _drop(work: _Work, state: State) -> RotationStep:
    stale = [name for name in _previous(work.folder) if STEMS[Path(name).stem] == state.stem]
    key = f"ca/next-{state.stem}.key"
    if state.new is None:
        # What an interrupted run has left behind.
        return RotationStep(remove=(*stale, key))
    if state.name != RENEWED:
        raise _not_yet(work.folder, state, "leaves comes first")
    files = _bundles(work.folder, state, pem.certificate_text(state.new))
    if is_there(work.folder / key):
        files[f"ca/{state.stem}.key"] = File(pem.read_bytes(work.folder / key).decode(), 0o600)
        stale.append(key)
    return RotationStep(files, remove=tuple(stale))


def _abandon(work: _Work, state: State) -> RotationStep:
    """Go one stage back: leaves of the old authority first, then its trust alone."""
    if state.new is None:
        return RotationStep(says=(f"{state.stem}.crt: no rotation is under way",))
    if state.name == TRUSTED:
        key = f"ca/next-{state.stem}.key"
        return RotationStep(_bundles(work.folder, state, pem.certificate_text(state.old)), remove=(key,))
    there = [name for name in _previous(work.folder) if STEMS[Path(name).stem] == state.stem]
    files = {
        name.removeprefix("previous/"): File(
            pem.read_bytes(work.folder / name).decode(), 0o600 if name.endswith(".key") else 0o644
        )
        for name in there
    }
    return RotationStep(files, remove=tuple(there))


def _not_yet(folder: Path, state: State, what: str) -> InvalidInput:
    return InvalidInput([plain(str(folder / f"{state.stem}.crt"), "", f"is {state.name}", what)])


# --- their parts ---------------------------------------------------------------------------


def _signer(work: _Work, state: State) -> CA:
    """Return the new authority with its key."""
    bundle = str(work.folder / f"{state.stem}.crt")
    key = work.new_key or str(work.folder / "ca" / f"next-{state.stem}.key")
    if work.plan.tls_mode == CLUSTER and state.stem == "rootCA" and work.new_key is None:
        what = "the cluster signs the client pair: generator certs issue --force --signer csr --apply"
        raise InvalidInput(
            [plain("--new-ca-key", "", what, "or give the key of the cluster's new authority")]
        )
    found = load_ca(bundle, key, work.wish.password, work.wish.now)
    if found.certificate != state.new:
        raise InvalidInput([plain(key, "", f"is not the key of the new authority in {bundle}")])
    return found


def _cross(work: _Work, state: State) -> str:
    """Return the new authority as the old one vouches for it, "" where no client shows a certificate."""
    if (
        work.plan.tls_mode != FILES
        or not any(leaf.use == "client" for leaf in state.leaves)
        or state.new is None
    ):
        return ""
    key = work.wish.ca_key or str(work.folder / "ca" / f"{state.stem}.key")
    old = CA(state.old, pem.private_key(pem.read_bytes(key), key, work.wish.password))
    made.check(old, key, work.wish.now)
    limit = state.old.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length
    if limit == 0:
        what = (
            "may sign leaves only, so it cannot vouch for a new authority, and edgecore trusts one at a time"
        )
        raise InvalidInput([plain(f"{state.stem}.crt", "", what, "switch to one-way-verified meanwhile")])
    return pem.certificate_text(made.cross_sign(old, state.new, work.wish.now))


def _bundles(folder: Path, state: State, text: str) -> dict[str, File]:
    """Return the file of trusted authorities, and its copies for single nodes."""
    name = f"{state.stem}.crt"
    copies = [path.relative_to(folder).as_posix() for path in of_nodes(folder, name)]
    return {one: File(text) for one in [name, *copies]}


def _previous(folder: Path) -> list[str]:
    """Return the replaced pairs, those of single nodes included."""
    place = folder / "previous"
    there = [*(place / name for name in names_in(place)), *of_nodes(place, "server.crt")]
    there += of_nodes(place, "server.key")
    return sorted(path.relative_to(folder).as_posix() for path in there if path.stem in STEMS)


def _secrets(plan: CertPlan, folder: Path, wish: IssueOptions, files: dict[str, File]) -> dict[str, File]:
    """Return the Secrets as they must be with the new files."""
    names = {file for secret in plan.secrets for _, file in secret.entries}
    texts = {name: files[name].text for name in names if name in files}
    for name in names - texts.keys():
        if is_there(folder / name):
            texts[name] = pem.read_bytes(folder / name).decode()
    return secrets.files(plan.secrets, wish.namespace, texts) if files else {}


def _to_do(plan: CertPlan, stage: str, found: list[State]) -> Iterator[str]:
    """Say what must be restarted, and that it must be everywhere before the next stage."""
    stems = {state.stem for state in found}
    names = [secret.name for secret in plan.secrets]
    if names:
        yield f"apply the secrets: kubectl apply -f secrets/ ({', '.join(names)})"
    if "rootCA" in stems and plan.tls_mode == FILES:
        if stage == "trust":
            yield "edge nodes: nothing, edgecore goes on with the old authority"
        else:
            yield "edge nodes: bring rootCA.crt, server.crt and server.key, and restart edgecore"
    if "rootCA" in stems and any(client.verifies for client in plan.clients):
        yield "restart " + " and ".join(client.name for client in plan.clients if client.verifies)
    if "streamCA" in stems:
        yield "restart cloudcore"
    following = {"trust": "leaves", "leaves": "drop"}.get(stage)
    if following:
        yield f"when that is done everywhere: generator certs rotate {following}"
