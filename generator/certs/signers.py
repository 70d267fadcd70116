"""Makes what a plan asks for: which signer signs what, and the files that come of it.

Returns files; writing them, all or none, is the caller's. What Kubernetes or cert-manager signs is
in csr.py and certmanager.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography import x509

from generator.certs import ca as made
from generator.certs import chain, pem, program_logs, secrets
from generator.certs.ca import CA, Names
from generator.certs.plan import CLUSTER, FILES, CertPlan, KeyPair
from generator.errors import InvalidInput, plain
from generator.io.files import is_there
from generator.io.write import File

SIGNERS = ("own-ca", "cluster-ca", "csr", "cert-manager", "none")
KUBEADM = ("/etc/kubernetes/pki/ca.crt", "/etc/kubernetes/pki/ca.key")
STEMS = {"server": "rootCA", "client": "rootCA", "stream": "streamCA"}
TITLES = {"rootCA": "KubeEdge endpoint CA", "streamCA": "KubeEdge stream CA"}
_NODE = re.compile(r"[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?")


@dataclass(frozen=True)
class IssueOptions:
    """How certificates are to be made; `now` is the time that they begin at."""

    now: datetime
    signer: str | None = None
    key_type: str = "p-256"
    days: int = made.LEAF_DAYS
    ca_days: int = made.CA_DAYS
    ca_cert: str | None = None
    ca_key: str | None = None
    password: bytes | None = field(default=None, repr=False)
    nodes: tuple[str, ...] = ()
    force: bool = False
    namespace: str = "kubeedge"


@dataclass(frozen=True)
class Issue:
    """Files to be written together, those of them that may not replace anything, and what to say.

    `remove` names files that are of no use once the others are written.
    """

    files: dict[str, File] = field(default_factory=dict, repr=False)
    keep: frozenset[str] = frozenset()
    says: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()

    def joined(self, other: Issue) -> Issue:
        """Return both as one."""
        return Issue(
            {**self.files, **other.files},
            self.keep | other.keep,
            (*self.says, *other.says),
            (*self.remove, *other.remove),
        )


def signer_of(pair: KeyPair, plan: CertPlan, wish: IssueOptions) -> str:
    """Name who signs a pair: the plan's choice unless another is asked for and can."""
    wanted = wish.signer or pair.signer
    # The CSR API has no signer for cloudcore's server certificate.
    return "own-ca" if wanted == "csr" and pair.name == "stream" and plan.tls_mode == CLUSTER else wanted


def check_wish(plan: CertPlan, wish: IssueOptions) -> None:
    """Raise InvalidInput for a signer whose certificates could not work, or cannot be had."""
    problems = []
    if plan.tls_mode == FILES and wish.signer == "csr":
        what = "csr signs no server certificate for files on a node, and edgecore trusts one authority only"
        problems.append(plain("--signer", "", what, "use own-ca or cluster-ca"))
    if plan.tls_mode == CLUSTER and plan.pair("client") and wish.signer == "own-ca":
        what = (
            f"edgecore trusts the cluster's own authority only: {program_logs.VERIFY}{program_logs.UNKNOWN}"
        )
        problems.append(plain("--signer", "own-ca", what, "use csr or cluster-ca"))
    if (wish.ca_cert is None) != (wish.ca_key is None):
        problems.append(plain("--ca-cert", "", "the authority's certificate and key go together"))
    odd = [node for node in wish.nodes if not _NODE.fullmatch(node)]
    problems += [plain("--node", node, "must be the name of a node") for node in odd]
    if wish.nodes and plan.pair("server") is None:
        problems.append(plain("--node", wish.nodes[0], "this site needs no certificate on its nodes"))
    if problems:
        raise InvalidInput(problems)


def issue(plan: CertPlan, folder: Path, wish: IssueOptions) -> Issue:
    """Make every pair that an authority at hand signs and that is not there yet; raise InvalidInput.

    An own authority is made once and then found in `folder` (`ca/` holds its key). With `force` the
    pairs are made anew, the authority stays.
    """
    check_wish(plan, wish)
    files: dict[str, File] = {}
    texts: dict[str, str] = {}
    says: list[str] = []
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
                says += _kept(f"{where}{pair.name}", pair, there)
                if not there:
                    files.update(leaf_files(f"{where}{pair.name}", names, pair.use, signer, wish))
                if where:
                    files[f"{where}{stem}.crt"] = File(texts[f"{stem}.crt"])
    texts.update({name: file.text for name, file in files.items()})
    files.update(secrets.files(plan.secrets, wish.namespace, texts))
    return Issue(files, keys_among(files), tuple(says))


def keys_among(files: dict[str, File]) -> frozenset[str]:
    """Return the names of keys and authorities, which are not replaced unasked."""
    return frozenset(name for name in files if name.endswith(("CA.crt", ".key")))


def _copies(pair: KeyPair, wish: IssueOptions) -> Iterator[tuple[str, Names]]:
    """Yield folder and names of each copy of a pair: one, or with nodes named a server pair for each."""
    if pair.name != "server" or not wish.nodes:
        yield "", pair.names
        return
    for node in dict.fromkeys(wish.nodes):
        yield f"nodes/{node}/", Names(f"{pair.names.common} {node}", pair.names.ips, pair.names.dns)


def leaf_files(stem: str, names: Names, use: str, signer: CA, wish: IssueOptions) -> dict[str, File]:
    """Make a key and its certificate, as `stem`.key and .crt."""
    key = made.make_key(wish.key_type)
    certificate = made.sign(signer, key, names, use, wish.now, days=wish.days)
    return {
        f"{stem}.crt": File(pem.certificate_text(certificate)),
        f"{stem}.key": File(pem.key_text(key), 0o600),
    }


def _there(folder: Path, stem: str) -> dict[str, str]:
    """Return the texts of a pair that is in the folder, nothing unless both files are."""
    both = [f"{stem}.crt", f"{stem}.key"]
    if not all(is_there(folder / name) for name in both):
        return {}
    return {name: pem.read_bytes(folder / name).decode() for name in both}


def _kept(stem: str, pair: KeyPair, there: dict[str, str]) -> Iterator[str]:
    """Say that a pair is left alone, and what it lacks by now."""
    if not there:
        return
    found = pem.certificates(there[f"{stem}.crt"].encode(), f"{stem}.crt")[0]
    lost = {*pair.names.ips, *pair.names.dns} - {*chain.addresses(found), *chain.dns_names(found)}
    lacks = f", though it lacks {', '.join(sorted(lost))} among its names" if lost else ""
    yield f"{stem}.crt and its key are kept{lacks} (--force makes them anew)"


# --- authorities ---------------------------------------------------------------------------


def find_ca(folder: Path, stem: str, wish: IssueOptions, signer: str) -> tuple[CA, dict[str, File]]:
    """Return the authority that signs, and the files that are new with it.

    The one that is given, kubeadm's for cluster-ca, that of an earlier run in `folder`, or a new one.
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
        what = f"{lost} is missing, so this authority cannot sign"
        fix = "bring it back, or give --ca-cert and --ca-key"
        raise InvalidInput([plain(str(there[0]), "", what, fix)])
    new = made.make_ca(TITLES[stem], wish.now, kind=wish.key_type, days=wish.ca_days)
    return new, {
        f"{stem}.crt": File(pem.certificate_text(new.certificate)),
        f"ca/{stem}.key": File(pem.key_text(new.key, wish.password), 0o600),
    }


def load_ca(cert: str, key: str, password: bytes | None, now: datetime) -> CA:
    """Read an authority that can sign now; raise InvalidInput.

    Of several certificates in the file it is the one that the key belongs to.
    """
    known = pem.certificates(pem.read_bytes(cert), cert)
    own = pem.private_key(pem.read_bytes(key), key, password)
    certificate: x509.Certificate = next((one for one in known if pem.matches(own, one)), known[0])
    found = CA(certificate, own)
    made.check(found, cert, now)
    return found


def _bundle(folder: Path, stem: str, new: dict[str, File]) -> str:
    name = f"{stem}.crt"
    return new[name].text if name in new else pem.read_bytes(folder / name).decode()
