"""Makes the certificates of a plan: chooses the signer of each pair, and returns the files.

The caller writes the files, all or none. csr.py and certmanager.py are for the pairs that Kubernetes or
cert-manager signs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography import x509

from generator.catalogue.message import Message, say
from generator.certs import chain, pem, program_logs, secrets
from generator.certs.ca import CA, CA_DAYS, LEAF_DAYS, check_ca, make_ca, make_key, sign
from generator.certs.names import Names
from generator.certs.plan import CLUSTER, FILES, CertPlan, KeyPair
from generator.errors import InvalidInput, Problem
from generator.io.files import is_there
from generator.io.write import File

SIGNERS = ("own-ca", "cluster-ca", "csr", "cert-manager", "none")
KUBEADM = ("/etc/kubernetes/pki/ca.crt", "/etc/kubernetes/pki/ca.key")
STEMS = {"server": "rootCA", "client": "rootCA", "stream": "streamCA"}
TITLES = {"rootCA": "KubeEdge endpoint CA", "streamCA": "KubeEdge stream CA"}
_NODE = re.compile(r"[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?")


@dataclass(frozen=True)
class IssueOptions:
    """How to make certificates; their validity starts at `now`."""

    now: datetime
    signer: str | None = None
    key_type: str = "p-256"
    days: int = LEAF_DAYS
    ca_days: int = CA_DAYS
    ca_cert: str | None = None
    ca_key: str | None = None
    password: bytes | None = field(default=None, repr=False)
    nodes: tuple[str, ...] = ()
    force: bool = False
    namespace: str = "kubeedge"


@dataclass(frozen=True)
class Issue:
    """Files to write together, and notes for the user.

    Files in `keep` must not replace other content. Files in `remove` are useless once `files` are written.
    """

    files: dict[str, File] = field(default_factory=dict, repr=False)
    keep: frozenset[str] = frozenset()
    notes: tuple[Message, ...] = ()
    remove: tuple[str, ...] = ()

    def joined(self, other: Issue) -> Issue:
        """Return the files and notes of both."""
        return Issue(
            {**self.files, **other.files},
            self.keep | other.keep,
            (*self.notes, *other.notes),
            (*self.remove, *other.remove),
        )


def signer_of(pair: KeyPair, plan: CertPlan, wish: IssueOptions) -> str:
    """Return the signer of a pair: the one of --signer if it can sign the pair, else the one of the plan."""
    wanted = wish.signer or pair.signer
    # The CSR API has no signer for cloudcore's server certificate.
    return "own-ca" if wanted == "csr" and pair.name == "stream" and plan.tls_mode == CLUSTER else wanted


def check_wish(plan: CertPlan, wish: IssueOptions) -> None:
    """Raise InvalidInput for a signer whose certificates would not work, and for incomplete options."""
    problems = []
    if plan.tls_mode == FILES and wish.signer == "csr":
        problems.append(Problem("--signer", "csr", say("signer-csr-not-possible")))
    if plan.tls_mode == CLUSTER and plan.pair("client") and wish.signer == "own-ca":
        log = program_logs.VERIFY + program_logs.UNKNOWN
        problems.append(Problem("--signer", "own-ca", say("signer-not-trusted", log=log)))
    if (wish.ca_cert is None) != (wish.ca_key is None):
        given = "--ca-cert" if wish.ca_cert else "--ca-key"
        problems.append(Problem(given, "", say("ca-without-key")))
    odd = [node for node in wish.nodes if not _NODE.fullmatch(node)]
    problems += [Problem("--node", "", say("node-name", value=node)) for node in odd]
    if wish.nodes and plan.pair("server") is None:
        problems.append(Problem("--node", wish.nodes[0], say("node-needs-no-certificate")))
    if problems:
        raise InvalidInput(problems)


def issue(plan: CertPlan, folder: Path, wish: IssueOptions) -> Issue:
    """Make the missing pairs that own-ca or cluster-ca signs; raise InvalidInput.

    An own CA is made once and later found in `folder` (`ca/` has its key). `force` makes the pairs again
    and keeps the CA.
    """
    check_wish(plan, wish)
    files: dict[str, File] = {}
    texts: dict[str, str] = {}
    notes: list[Message] = []
    for stem in dict.fromkeys(STEMS[pair.name] for pair in plan.pairs):
        pairs = [p for p in plan.pairs if STEMS[p.name] == stem and signer_of(p, plan, wish) in SIGNERS[:2]]
        if not pairs:
            continue
        signer, new = find_ca(folder, stem, wish, signer_of(pairs[0], plan, wish))
        files.update(new)
        texts[f"{stem}.crt"] = _bundle(folder, stem, new)
        for pair in pairs:
            for where, names in _copies(pair, wish):
                there = {} if wish.force else _there(folder, f"{where}{pair.name}")
                texts.update(there)
                notes += _kept(f"{where}{pair.name}", pair, there)
                if not there:
                    files.update(leaf_files(f"{where}{pair.name}", names, pair.use, signer, wish))
                if where:
                    files[f"{where}{stem}.crt"] = File(texts[f"{stem}.crt"])
    texts.update({name: file.text for name, file in files.items()})
    files.update(secrets.files(plan.secrets, wish.namespace, texts))
    return Issue(files, keys_among(files), tuple(notes))


def keys_among(files: dict[str, File]) -> frozenset[str]:
    """Return the names of keys and CAs, which are replaced with --force only."""
    return frozenset(name for name in files if name.endswith(("CA.crt", ".key")))


def _copies(pair: KeyPair, wish: IssueOptions) -> Iterator[tuple[str, Names]]:
    """Yield folder and names of each copy of a pair: one, or a server pair for each node of --node."""
    if pair.name != "server" or not wish.nodes:
        yield "", pair.names
        return
    for node in dict.fromkeys(wish.nodes):
        yield f"nodes/{node}/", Names(f"{pair.names.common} {node}", pair.names.ips, pair.names.dns)


def leaf_files(stem: str, names: Names, use: str, signer: CA, wish: IssueOptions) -> dict[str, File]:
    """Make a key and its certificate, as `stem`.key and .crt."""
    key = make_key(wish.key_type)
    certificate = sign(signer, key, names, use, wish.now, days=wish.days)
    return {
        f"{stem}.crt": File(pem.certificate_text(certificate)),
        f"{stem}.key": File(pem.key_text(key), 0o600),
    }


def _there(folder: Path, stem: str) -> dict[str, str]:
    """Return the texts of a pair if both files are in the folder, else {}."""
    both = [f"{stem}.crt", f"{stem}.key"]
    if not all(is_there(folder / name) for name in both):
        return {}
    return {name: pem.read_bytes(folder / name).decode() for name in both}


def _kept(stem: str, pair: KeyPair, there: dict[str, str]) -> Iterator[Message]:
    """Report a pair that is kept, with the names that its certificate lacks."""
    if not there:
        return
    found = pem.certificates(there[f"{stem}.crt"].encode(), f"{stem}.crt")[0]
    lost = {*pair.names.ips, *pair.names.dns} - {*chain.addresses(found), *chain.dns_names(found)}
    yield say("pair-kept", "names" if lost else "", pair=stem, names=tuple(sorted(lost)))


# --- CAs -----------------------------------------------------------------------------------


def find_ca(folder: Path, stem: str, wish: IssueOptions, signer: str) -> tuple[CA, dict[str, File]]:
    """Return the CA that signs, and its files if they are new.

    It is the CA of --ca-cert, kubeadm's for cluster-ca, the CA in `folder`, or a new one.
    """
    given = (wish.ca_cert, wish.ca_key) if wish.ca_cert and wish.ca_key else None
    given = KUBEADM if signer == "cluster-ca" and given is None else given
    if given:
        found = load_ca(*given, wish.password, wish.now)
        return found, {f"{stem}.crt": File(pem.certificate_text(found.certificate))}
    cert, key = folder / f"{stem}.crt", folder / "ca" / f"{stem}.key"
    there = [path for path in (cert, key) if is_there(path)]
    if len(there) == 2:
        return load_ca(str(cert), str(key), wish.password, wish.now), {}
    if there:
        lost = key if there == [cert] else cert
        raise InvalidInput([Problem(str(there[0]), "", say("ca-file-missing", missing=str(lost)))])
    new = make_ca(TITLES[stem], wish.now, kind=wish.key_type, days=wish.ca_days)
    return new, {
        f"{stem}.crt": File(pem.certificate_text(new.certificate)),
        f"ca/{stem}.key": File(pem.key_text(new.key, wish.password), 0o600),
    }


def load_ca(cert: str, key: str, password: bytes | None, now: datetime) -> CA:
    """Read a CA that can sign now; raise InvalidInput.

    A file with several certificates has the CA that the key belongs to among them.
    """
    known = pem.certificates(pem.read_bytes(cert), cert)
    own = pem.private_key(pem.read_bytes(key), key, password)
    certificate: x509.Certificate = next((one for one in known if pem.matches(own, one)), known[0])
    found = CA(certificate, own)
    check_ca(found, cert, key, now)
    return found


def _bundle(folder: Path, stem: str, new: dict[str, File]) -> str:
    name = f"{stem}.crt"
    return new[name].text if name in new else pem.read_bytes(folder / name).decode()
