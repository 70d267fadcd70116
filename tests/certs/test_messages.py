"""The messages about certificates, exactly as they are printed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed448

from generator.certs.as_text import line, sight_text
from generator.certs.inspect import inspect
from generator.certs.material import collect
from generator.certs.rotate import rotate
from generator.certs.signers import IssueOptions
from generator.certs.states import states
from generator.certs.verify import verify
from generator.errors import InvalidInput
from tests.certs.pki import DAY, NOW, Kit, client, make, server, with_parameters
from tests.certs.sites import planned
from tests.certs.test_rotate import PLAN, WISH, do, issued
from tests.certs.test_verify import (
    Spoil,
    _for_clients_only,
    _long_chain,
    _may_not_sign,
    _old_ca,
    _parameters,
    _through,
)


@pytest.fixture
def kit(tmp_path: Path) -> Kit:
    """Return a folder with valid files only."""
    return Kit.fill(tmp_path)


def _server(**more: Any) -> Spoil:
    return lambda kit: kit.put("server", server(kit.ca, **more))


ENDED, BEGINS = f"{NOW - DAY:%Y-%m-%d %H:%M} UTC", f"{NOW + DAY:%Y-%m-%d %H:%M} UTC"
TIME = "x509: certificate has expired or is not yet valid"
USAGE = "x509: certificate specifies an incompatible key usage"
UNKNOWN = "x509: certificate signed by unknown authority"
NOT_IN = "which rootCA.crt does not contain, or which did not sign it"
SIGN = "(sign it with the CA that the other side trusts) [ca-unknown]"
NAMES = "(issue one with 127.0.0.1 among its names)"

# A fault in a file of a site with KubeEdge 1.16 and mtls, and the message of `verify`.
VERIFY: dict[str, tuple[Spoil, str]] = {
    "other CA": (
        lambda k: k.put("server", server(make("other", ca=True))),
        f"server.crt: edgemesh-agent: {UNKNOWN}: issued by CN=other, {NOT_IN} {SIGN}",
    ),
    "chain in server.crt": (
        _through,
        (
            f"server.crt: edgemesh-agent: {UNKNOWN}: issued by CN=intermediate CA, {NOT_IN}; edgecore "
            f"does not send the blocks after the first {SIGN}"
        ),
    ),
    "CA may not sign": (
        _may_not_sign,
        f"server.crt: edgemesh-agent: {UNKNOWN}: issued by CN=c, {NOT_IN} {SIGN}",
    ),
    "expired": (
        _server(start=-9 * DAY, end=-DAY),
        (
            f"server.crt: edgemesh-agent: {TIME}: expired on {ENDED} "
            "(issue it again: generator certs issue --force) [certificate-expired]"
        ),
    ),
    "not yet valid": (
        _server(start=DAY),
        (
            f"server.crt: edgemesh-agent: {TIME}: not valid before {BEGINS} "
            "(check the clock of this machine) [certificate-not-yet-valid]"
        ),
    ),
    "CA expired": (
        _old_ca,
        (
            f"server.crt: edgemesh-agent: {TIME}: the CA CN=old CA in rootCA.crt expired on {ENDED} "
            "(issue a new CA and new certificates) [ca-expired]"
        ),
    ),
    "for clients": (
        _server(uses=("client",)),
        (
            f"server.crt: edgemesh-agent: {USAGE}: it is for client auth, not server auth "
            "(issue one for this use) [wrong-use]"
        ),
    ),
    "for code": (
        _server(uses=("code",)),
        (
            f"server.crt: edgemesh-agent: {USAGE}: it is for 1.3.6.1.5.5.7.3.3, not server auth "
            "(issue one for this use) [wrong-use]"
        ),
    ),
    "CA for clients": (
        _for_clients_only,
        (
            f"server.crt: edgemesh-agent: {USAGE}: its CA CN=client CA is for client auth, not server auth "
            "(sign with a CA for this use) [wrong-use]"
        ),
    ),
    "chain too long": (
        _long_chain,
        (
            "client.crt: edgecore: tls: failed to verify certificate: x509: too many intermediates for "
            "path length constraint: its issuer CN=one too many is an intermediate CA, and the path "
            "length of a CA above it does not allow one (sign with the CA itself) [chain-too-long]"
        ),
    ),
    "critical extension": (
        _server(critical="1.2.3.4"),
        (
            "server.crt: edgemesh-agent: x509: unhandled critical extension: it has the critical "
            "extension 1.2.3.4 (issue it without this extension) [critical-extension]"
        ),
    ),
    "other address": (
        _server(ips=("10.0.0.1",)),
        (
            "server.crt: edgemesh-agent: x509: certificate is valid for 10.0.0.1, not 127.0.0.1: its "
            f"names are 10.0.0.1 {NAMES} [host-not-in-certificate]"
        ),
    ),
    "no names": (
        _server(ips=()),
        (
            "server.crt: edgemesh-agent: x509: cannot validate certificate for 127.0.0.1 because it "
            f"doesn't contain any IP SANs: it has no subject alternative names {NAMES} "
            "[host-not-in-certificate]"
        ),
    ),
    "common name": (
        lambda k: k.put("server", make("127.0.0.1", by=k.ca)),
        (
            "server.crt: edgemesh-agent: x509: certificate relies on legacy Common Name field, use SANs "
            f"instead: it has no subject alternative names; the common name does not count {NAMES} "
            "[host-in-common-name-only]"
        ),
    ),
    "EC PARAMETERS": (
        lambda k: _parameters(k, "server"),
        (
            "server.key: edgecore: tls: failed to parse private key: the first PEM block is EC "
            "PARAMETERS; edgecore reads no other (keep only the PRIVATE KEY block) [first-block-not-key]"
        ),
    ),
    "no PEM": (
        lambda k: k.write("server.crt", "x"),
        (
            "server.crt: edgecore: panic: runtime error: invalid memory address or nil pointer dereference: "
            "has no PEM block (write it as PEM) [not-pem]"
        ),
    ),
    "certificate cut off": (
        lambda k: k.write("client.crt", k.client.cert_text.replace("M", "", 1)),
        (
            "client.crt: edgemesh-agent: tls: failed to find any PEM data in certificate input: has a "
            "certificate that cannot be read (issue it again: generator certs issue --force) "
            "[certificate-unreadable]"
        ),
    ),
    "CA is a key": (
        lambda k: k.write("rootCA.crt", k.ca.key_text),
        (
            "rootCA.crt: edgemesh-agent: unable to load root certificates: has no certificate (write it "
            "as PEM, from DER with: openssl x509 -inform der -in OLD.crt -out NEW.crt) [no-certificate]"
        ),
    ),
    "key of another": (
        lambda k: k.write("server.key", k.client.key_text),
        (
            "server.key: edgecore: tls: private key does not match public key: the private key does not "
            "belong to server.crt (use a key and a certificate from the same run of `generator certs issue`) "
            "[key-of-other-certificate]"
        ),
    ),
    "no key": (
        lambda k: k.remove("client.key"),
        (
            "client-key: edgemesh-agent: client-key-data or client-key must be specified: the file is "
            "missing (make it: generator certs issue) [certificate-file-missing]"
        ),
    ),
}


@pytest.mark.parametrize(("spoil", "message"), VERIFY.values(), ids=VERIFY)
def test_message_of_verify(spoil: Spoil, message: str, kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(kit.folder)
    spoil(kit)
    verdict = verify(PLAN, collect(["."], PLAN.secrets), NOW)
    assert message in list(map(str, verdict.rejections))


def test_messages_of_verify_from_1_17_on(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(kit.folder)
    kit.write("k8s.crt", make("kubernetes", ca=True).cert_text)
    verdict = verify(planned("mtls", "1.23"), collect([".", "cluster-ca=k8s.crt"]), NOW)
    assert list(map(str, verdict.rejections)) == [
        (
            f"rootCA.crt: edgemesh-agent: {UNKNOWN}: the cluster's CA, k8s.crt, signs the endpoint's "
            "certificate and is not in this file (put the cluster's CA into rootCA.crt) "
            "[cluster-ca-not-trusted]"
        ),
        (
            f"client.crt: edgecore: tls: failed to verify certificate: {UNKNOWN}: issued by CN=own CA, "
            "which k8s.crt does not contain, or which did not sign it; from 1.17 on it must be the "
            f"cluster's CA {SIGN}"
        ),
    ]
    assert list(map(str, verdict.notes)) == [
        "server.crt: edgecore ignores it from 1.17 on [server-file-ignored]",
    ]


# --- other files -----------------------------------------------------------------------------

FILES = {
    "text": ("x.crt", "x", "x.crt: has no certificate [no-certificate]"),
    "cut off": (
        "x.crt",
        make("x").cert_text.replace("M", "", 1),
        "x.crt: has a certificate that cannot be read [certificate-unreadable]",
    ),
    "no Secret": ("x.yaml", "kind: ConfigMap\n", "x.yaml: has no Secret [no-secret-object]"),
    "not base64": (
        "x.yaml",
        "kind: Secret\ndata: {a: '!'}\n",
        "x.yaml: data.a is not base64 (use stringData for plain text) [not-base64]",
    ),
}


@pytest.mark.parametrize(("name", "text", "message"), FILES.values(), ids=FILES)
def test_message_of_a_file_that_cannot_be_inspected(
    name: str, text: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_text(text)
    with pytest.raises(InvalidInput) as caught:
        inspect(name, NOW)
    assert list(map(str, caught.value.problems)) == [message]


def test_inspect_reports_a_certificate_for_another_use(kit: Kit) -> None:
    kit.put("server", server(kit.ca, uses=("code",)))
    (sight,) = inspect(str(kit.folder / "server.crt"), NOW)
    assert "  good for: not for the endpoint: it is for 1.3.6.1.5.5.7.3.3 [use-elsewhere]" in sight_text(
        sight
    )


def test_inspect_lists_the_blocks_of_a_key_file(kit: Kit) -> None:
    kit.write("x.key", with_parameters(kit.server.key))
    parameters, key = inspect(str(kit.folder / "x.key"), NOW)
    assert "good for: no use; edgecore up to 1.16 does not read the blocks after it" in sight_text(parameters)
    assert "good for: use with its certificate; the key is not shown [use-with-certificate]" in sight_text(
        key
    )


def test_inspect_reports_an_unsupported_key(kit: Kit) -> None:
    form = serialization.PrivateFormat.PKCS8
    key = ed448.Ed448PrivateKey.generate()
    text = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()
    kit.write("client.key", text)
    found = verify(PLAN, collect([str(kit.folder)]), NOW).rejections
    assert [str(one).partition("private key: ")[2] for one in found] == [
        "the type of the private key is not supported (use ECDSA or RSA) [key-type-unsupported]"
    ]


# --- rotation --------------------------------------------------------------------------------


def test_status_reports_an_interrupted_renewal(tmp_path: Path) -> None:
    issued(tmp_path)
    do(tmp_path, "trust")
    old = {name: (tmp_path / name).read_bytes() for name in ("client.crt", "client.key")}
    do(tmp_path, "leaves")
    for name, data in old.items():
        (tmp_path / name).write_bytes(data)
    assert do(tmp_path, "status") == (
        (
            "rootCA.crt: mixed: both CAs are trusted, the new one signed some certificates; next: run "
            "`generator certs rotate leaves` (renews the certificates) [rotation-mixed]"
        ),
    )


def test_status_reports_a_bundle_of_three_cas(tmp_path: Path) -> None:
    issued(tmp_path)
    bundle = tmp_path / "rootCA.crt"
    bundle.write_text(bundle.read_text() + make("a", ca=True).cert_text + make("b", ca=True).cert_text)
    with pytest.raises(InvalidInput) as caught:
        states(PLAN, tmp_path)
    assert [problem.code for problem in caught.value.problems] == ["too-many-cas"]
    assert "has 3 CAs; a rotation has two (keep the old and the new CA)" in str(caught.value)


def test_a_new_ca_that_cannot_sign_is_rejected(tmp_path: Path) -> None:
    issued(tmp_path)
    (tmp_path / "leaf.crt").write_text(client(make("x", ca=True)).cert_text)
    with pytest.raises(InvalidInput) as caught:
        rotate(PLAN, tmp_path, "trust", WISH, (str(tmp_path / "leaf.crt"), None))
    assert "leaf.crt: not a CA that can sign now" in str(caught.value)


def test_a_ca_that_is_not_valid_yet_is_not_rotated(tmp_path: Path) -> None:
    issued(tmp_path)
    with pytest.raises(InvalidInput) as caught:
        do(tmp_path, "trust", wish=IssueOptions(NOW - DAY))
    assert [problem.code for problem in caught.value.problems] == ["ca-not-yet-valid"]


# --- plan ------------------------------------------------------------------------------------


def test_a_plan_has_notes() -> None:
    hub = (
        "cloudHub: cloudcore signs its own certificate at its first start, for the address of its host "
        "[cloudhub-certificate]"
    )
    endpoint = (
        "endpoint: edgecore requests its certificate from the cluster (signer kubernetes.io/kubelet-serving) "
        "for 127.0.0.1:10550, 169.254.30.10:10550; cloudcore approves the request, kube-controller-manager "
        "signs it; edgecore ignores files on the node [endpoint-certificate-from-cluster]"
    )
    plain = "endpoint: off or plain HTTP, without a certificate [endpoint-without-certificate]"
    assert list(map(line, planned("mtls", "1.23").notes)) == [endpoint, hub]
    assert list(map(line, planned("plain", "1.23").notes)) == [plain, hub]
