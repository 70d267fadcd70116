"""Replaces a CA and its leaves in three stages that can be repeated; clients are served meanwhile.

    trust    both CAs are trusted; the old CA still signs
    leaves   the new CA has signed every leaf; the old CA is still trusted
    drop     the old CA is no longer trusted

The stage of a folder is read from its certificates. edgecore trusts the first CA only. Up to 1.16 that of
rootCA.crt, so the old CA stays first until it is dropped, and client.crt contains the new CA, signed by the
old. From 1.17 on that of the cluster's kube-root-ca.crt, which changes with the leaves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509

from generator.catalogue.message import Message, say
from generator.certs import chain, pem, secrets
from generator.certs.ca import CA, can_sign, check_ca, cross_sign, make_ca, minute
from generator.certs.plan import CLUSTER, FILES, CertPlan
from generator.certs.signers import STEMS, TITLES, IssueOptions, leaf_files, load_ca
from generator.certs.states import RENEWED, TRUSTED, State, of_nodes, states
from generator.errors import InvalidInput, Problem
from generator.io.files import is_there, names_in
from generator.io.write import File

STAGES = ("status", "trust", "leaves", "drop", "abandon")


@dataclass(frozen=True)
class RotationStep:
    """The changes of a stage to the folder, and the next steps for the user."""

    files: dict[str, File] = field(default_factory=dict, repr=False)
    keep: frozenset[str] = frozenset()
    remove: tuple[str, ...] = ()
    notes: tuple[Message, ...] = ()


@dataclass(frozen=True)
class _Work:
    """The input of every stage."""

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
    """Return one stage for all CAs of a folder; raise InvalidInput if another stage comes first.

    `new` are certificate and key of the new CA; without them one is made.
    """
    found = states(plan, folder)
    if stage == "status":
        return RotationStep(notes=tuple(state.report for state in found))
    do = {"trust": _trust, "leaves": _renew, "drop": _drop, "abandon": _abandon}[stage]
    work = _Work(plan, folder, wish, *new)
    files: dict[str, File] = {}
    keep: set[str] = set()
    remove: list[str] = []
    notes: list[Message] = []
    for state in found:
        step = do(work, state)
        files.update(step.files)
        keep |= step.keep
        remove += step.remove
        notes += step.notes
    files.update(_secrets(plan, folder, wish, files))
    if files:
        notes += _to_do(plan, stage, found)
    return RotationStep(files, frozenset(keep), tuple(remove), tuple(notes))


def finished(plan: CertPlan, folder: Path, stage: str) -> RotationStep:
    """Return the next steps after a stage whose files an earlier run wrote."""
    return RotationStep(notes=tuple(_to_do(plan, stage, states(plan, folder))))


# --- the stages ----------------------------------------------------------------------------


def _trust(work: _Work, state: State) -> RotationStep:
    if state.new is not None:
        return RotationStep(notes=(say("already-trusted", bundle=state.bundle),))
    if not chain.in_time(state.old, work.wish.now):
        raise InvalidInput([Problem(str(work.folder / state.bundle), "", _not_in_time(state.old, work))])
    key = f"ca/next-{state.stem}.key"
    files: dict[str, File] = {}
    if work.new_cert:
        certificate = pem.certificates(pem.read_bytes(work.new_cert), work.new_cert)[0]
        if not can_sign(certificate) or not chain.in_time(certificate, work.wish.now):
            raise InvalidInput([Problem(work.new_cert, "", say("new-ca-unusable"))])
    elif work.plan.tls_mode == CLUSTER and state.stem == "rootCA":
        raise InvalidInput([Problem("--new-ca-cert", "", say("cluster-rotates-ca"))])
    else:
        fresh = make_ca(TITLES[state.stem], work.wish.now, kind=work.wish.key_type, days=work.wish.ca_days)
        certificate = fresh.certificate
        files[key] = File(pem.key_text(fresh.key, work.wish.password), 0o600)
    files.update(_bundles(work.folder, state, pem.certificate_text(state.old, certificate)))
    return RotationStep(files, frozenset([key]) & files.keys())


def _renew(work: _Work, state: State) -> RotationStep:
    if state.new is None:
        raise _not_yet(work.folder, state, "trust")
    if state.name == RENEWED:
        return RotationStep(notes=(say("already-renewed", bundle=state.bundle),))
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
        # An interrupted run left these.
        return RotationStep(remove=(*stale, key))
    if state.name != RENEWED:
        raise _not_yet(work.folder, state, "leaves")
    files = _bundles(work.folder, state, pem.certificate_text(state.new))
    if is_there(work.folder / key):
        files[f"ca/{state.stem}.key"] = File(pem.read_bytes(work.folder / key).decode(), 0o600)
        stale.append(key)
    return RotationStep(files, remove=tuple(stale))


def _abandon(work: _Work, state: State) -> RotationStep:
    """Go one stage back: restore the leaves of the old CA, or trust the old CA only."""
    if state.new is None:
        return RotationStep(notes=(say("nothing-to-abandon", bundle=state.bundle),))
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


def _not_yet(folder: Path, state: State, first: str) -> InvalidInput:
    message = say("rotation-too-early", state=state.name, first=first)
    return InvalidInput([Problem(str(folder / state.bundle), "", message)])


def _not_in_time(old: x509.Certificate, work: _Work) -> Message:
    if work.wish.now < old.not_valid_before_utc:
        return say("ca-not-yet-valid", begins=minute(old.not_valid_before_utc))
    return say("ca-expired", "rotate", ended=minute(old.not_valid_after_utc))


# --- parts of stages -----------------------------------------------------------------------


def _signer(work: _Work, state: State) -> CA:
    """Return the new CA with its key."""
    bundle = str(work.folder / f"{state.stem}.crt")
    key = work.new_key or str(work.folder / "ca" / f"next-{state.stem}.key")
    if work.plan.tls_mode == CLUSTER and state.stem == "rootCA" and work.new_key is None:
        raise InvalidInput([Problem("--new-ca-key", "", say("cluster-rotates-ca", "key"))])
    found = load_ca(bundle, key, work.wish.password, work.wish.now)
    if found.certificate != state.new:
        message = say("key-of-other-certificate", certificate=f"the new CA in {bundle}")
        raise InvalidInput([Problem(key, "", message)])
    return found


def _cross(work: _Work, state: State) -> str:
    """Return the new CA, signed by the old CA, or "" if no client presents a certificate."""
    if (
        work.plan.tls_mode != FILES
        or not any(leaf.use == "client" for leaf in state.leaves)
        or state.new is None
    ):
        return ""
    key = work.wish.ca_key or str(work.folder / "ca" / f"{state.stem}.key")
    old = CA(state.old, pem.private_key(pem.read_bytes(key), key, work.wish.password))
    check_ca(old, state.bundle, key, work.wish.now)
    limit = state.old.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length
    if limit == 0:
        raise InvalidInput([Problem(state.bundle, "", say("ca-signs-leaves-only"))])
    return pem.certificate_text(cross_sign(old, state.new, work.wish.now))


def _bundles(folder: Path, state: State, text: str) -> dict[str, File]:
    """Return the bundle of trusted CAs, and its copies for single nodes."""
    name = f"{state.stem}.crt"
    copies = [path.relative_to(folder).as_posix() for path in of_nodes(folder, name)]
    return {one: File(text) for one in [name, *copies]}


def _previous(folder: Path) -> list[str]:
    """Return the replaced pairs, including the pairs of single nodes."""
    place = folder / "previous"
    there = [*(place / name for name in names_in(place)), *of_nodes(place, "server.crt")]
    there += of_nodes(place, "server.key")
    return sorted(path.relative_to(folder).as_posix() for path in there if path.stem in STEMS)


def _secrets(plan: CertPlan, folder: Path, wish: IssueOptions, files: dict[str, File]) -> dict[str, File]:
    """Return the Secrets with the new files."""
    names = {file for secret in plan.secrets for _, file in secret.entries}
    texts = {name: files[name].text for name in names if name in files}
    for name in names - texts.keys():
        if is_there(folder / name):
            texts[name] = pem.read_bytes(folder / name).decode()
    return secrets.files(plan.secrets, wish.namespace, texts) if files else {}


def _to_do(plan: CertPlan, stage: str, found: list[State]) -> Iterator[Message]:
    """Yield the next steps: what to apply, what to restart, and the next stage."""
    stems = {state.stem for state in found}
    names = tuple(secret.name for secret in plan.secrets)
    if names:
        yield say("apply-secrets", names=names)
    if "rootCA" in stems:
        yield from _on_nodes(plan, stage)
    if "rootCA" in stems and any(client.verifies for client in plan.clients):
        yield say("restart-programs", programs=tuple(c.name for c in plan.clients if c.verifies))
    if "streamCA" in stems:
        yield say("restart-programs", programs="cloudcore")
    following = {"trust": "leaves", "leaves": "drop"}.get(stage)
    if following:
        yield say("next-stage", stage=following)


def _on_nodes(plan: CertPlan, stage: str) -> Iterator[Message]:
    """Yield what a stage needs on edge nodes."""
    if plan.tls_mode == FILES:
        yield say("nodes-unchanged" if stage == "trust" else "copy-to-nodes")
    elif plan.tls_mode == CLUSTER and stage == "trust":
        yield say("nodes-unchanged", "cluster")
    elif plan.tls_mode == CLUSTER and stage == "leaves":
        yield say("nodes-renew-endpoint")
