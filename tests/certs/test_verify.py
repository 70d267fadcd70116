"""Rejected files, with the log messages of the programs; a real handshake rejects them too."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generator.certs import pem, program_logs
from generator.certs.material import collect
from generator.certs.verdict import CertVerdict
from generator.certs.verify import verify
from tests.certs.endpoint import TOKEN, Answer, call, client_context, server_context, serving
from tests.certs.pki import DAY, NOW, Kit, client, make, server, with_parameters
from tests.certs.sites import CLUSTER_RELEASES, FILES_RELEASES, RELEASES, TLS_PROFILES, planned

AGENT, EDGECORE = "edgemesh-agent", "edgecore"


@pytest.fixture
def kit(tmp_path: Path) -> Kit:
    """Return a folder with valid files only."""
    return Kit.fill(tmp_path)


def judge(kit: Kit, kubeedge: str = "1.16", profile: str = "mtls", *flags: str) -> CertVerdict:
    """Verify the folder."""
    found = planned(profile, kubeedge, *flags)
    return verify(found, collect([str(kit.folder)], found.secrets), NOW)


def shake(kit: Kit, host: str = "127.0.0.1") -> Answer:
    """Connect the stand-ins for 1.16 and mtls with the files of the folder."""
    at = kit.folder
    context = server_context(at / "server.crt", at / "server.key", at / "rootCA.crt", first_only=True)
    with serving(context, 16) as endpoint:
        return call(
            endpoint, client_context(at / "rootCA.crt", at / "client.crt", at / "client.key"), TOKEN, host
        )


@pytest.mark.parametrize("kubeedge", FILES_RELEASES)
@pytest.mark.parametrize("profile", TLS_PROFILES)
def test_valid_files_are_accepted(kit: Kit, kubeedge: str, profile: str) -> None:
    assert judge(kit, kubeedge, profile).rejections == ()


def test_valid_files_work_in_a_handshake(kit: Kit) -> None:
    assert shake(kit) == Answer(status=200)


# --- certificates that the other program rejects -------------------------------------------


Spoil = Callable[[Kit], None]


def _other() -> str:
    return make("another CA", ca=True).cert_text


def _through(kit: Kit) -> None:
    """Sign the server's certificate with an intermediate CA in the same file."""
    between = make("intermediate CA", by=kit.ca, ca=True)
    made = server(between)
    kit.put("server", made)
    kit.write("server.crt", made.cert_text + between.cert_text)


def _not_a_ca(kit: Kit) -> None:
    root = make("no CA", ca=False)
    kit.write("rootCA.crt", root.cert_text)
    kit.put("server", server(root))


def _old_ca(kit: Kit) -> None:
    root = make("old CA", ca=True, start=-20 * DAY, end=-DAY)
    kit.write("rootCA.crt", root.cert_text)
    kit.put("server", server(root))


def _second_in_bundle(kit: Kit) -> None:
    kit.write("rootCA.crt", _other() + kit.ca.cert_text)


def _for_clients_only(kit: Kit) -> None:
    root = make("client CA", ca=True, uses=("client",))
    kit.write("rootCA.crt", root.cert_text)
    kit.put("server", server(root))


def _long_chain(kit: Kit) -> None:
    root = make("short CA", ca=True, path_length=0)
    between = make("one too many", by=root, ca=True)
    kit.write("rootCA.crt", root.cert_text)
    kit.put("server", server(root))
    made = client(between)
    kit.put("client", made)
    kit.write("client.crt", made.cert_text + between.cert_text)


def _may_not_sign(kit: Kit) -> None:
    root = make("c", ca=True, cert_sign=False)
    kit.write("rootCA.crt", root.cert_text)
    kit.put("server", server(root))


def _server(**more: Any) -> Spoil:
    return lambda kit: kit.put("server", server(kit.ca, **more))


def _client(**more: Any) -> Spoil:
    return lambda kit: kit.put("client", client(kit.ca, **more))


PAST = {"start": -9 * DAY, "end": -DAY / 24}
NO_IP = program_logs.NO_IP.format(host="127.0.0.1")
OTHER_IP = program_logs.OTHER_NAMES.format(names="10.0.0.1", host="127.0.0.1")
# A fault in server.crt, and the message of the agent.
SERVER: dict[str, tuple[Spoil, str]] = {
    "other CA": (lambda k: k.put("server", server(make("o", ca=True))), program_logs.UNKNOWN),
    "same name, other key": (
        lambda k: k.put("server", server(make("own CA", ca=True))),
        program_logs.UNKNOWN,
    ),
    "signed by itself": (lambda k: k.put("server", make("s", ips=("127.0.0.1",))), program_logs.UNKNOWN),
    "expired": (_server(**PAST), program_logs.EXPIRED),
    "not yet valid": (_server(start=DAY), program_logs.EXPIRED),
    "client use only": (_server(uses=("client",)), program_logs.USAGE),
    "no SAN": (_server(ips=()), NO_IP),
    "DNS SAN only": (_server(ips=(), dns=("edge",)), NO_IP),
    "address as DNS SAN": (_server(ips=(), dns=("127.0.0.1",)), NO_IP),
    "another address": (_server(ips=("10.0.0.1",)), OTHER_IP),
    "address as CN": (lambda k: k.put("server", make("127.0.0.1", by=k.ca)), program_logs.LEGACY),
    "chain in server file": (_through, program_logs.UNKNOWN),
    "CA is no CA": (_not_a_ca, program_logs.UNKNOWN),
    "CA may not sign": (_may_not_sign, program_logs.UNKNOWN),
    "CA expired": (_old_ca, program_logs.EXPIRED),
    "CA for other uses": (_for_clients_only, program_logs.USAGE),
}
# A fault in client.crt, and the message of edgecore.
CLIENT: dict[str, tuple[Spoil, str]] = {
    "other CA": (lambda k: k.put("client", client(make("o", ca=True))), program_logs.UNKNOWN),
    "signed by itself": (lambda k: k.put("client", make("a")), program_logs.UNKNOWN),
    "expired": (_client(**PAST), program_logs.EXPIRED),
    "not yet valid": (_client(start=DAY), program_logs.EXPIRED),
    "server use only": (_client(uses=("server",)), program_logs.USAGE),
    "CA is second in the bundle": (_second_in_bundle, program_logs.UNKNOWN),
    "chain too long": (_long_chain, program_logs.LONG_CHAIN),
}


def of(verdict: CertVerdict, file: str) -> list[tuple[str, str]]:
    """Return the programs that reject a file, with their log messages."""
    return [(r.program, r.log) for r in verdict.rejections if r.source.endswith(file)]


@pytest.mark.parametrize(("spoil", "message"), SERVER.values(), ids=SERVER)
def test_server_certificates_that_the_agent_rejects(kit: Kit, spoil: Spoil, message: str) -> None:
    spoil(kit)
    assert of(judge(kit), "server.crt") == [(AGENT, message)]
    expected = (
        message if message in (program_logs.UNKNOWN, program_logs.EXPIRED, program_logs.USAGE) else "names"
    )
    answer = shake(kit)
    assert (answer.status, answer.client_rejects) == (0, expected)


@pytest.mark.parametrize(("spoil", "message"), CLIENT.values(), ids=CLIENT)
def test_client_certificates_that_edgecore_rejects(kit: Kit, spoil: Spoil, message: str) -> None:
    spoil(kit)
    assert of(judge(kit), "client.crt") == [(EDGECORE, program_logs.VERIFY + message)]
    answer = shake(kit)
    assert answer.status == 0
    assert answer.server_rejects == message


@pytest.mark.parametrize("pair", ["server", "client"])
def test_a_certificate_without_usages_is_valid_for_server_and_client(kit: Kit, pair: str) -> None:
    kit.put(pair, make("certgen", by=kit.ca, ips=("127.0.0.1",), uses=None))
    assert judge(kit).rejections == ()
    assert shake(kit).status == 200


@pytest.mark.parametrize("kubeedge", FILES_RELEASES)
def test_one_way_does_not_verify_the_server(kit: Kit, kubeedge: str) -> None:
    kit.put("server", server(make("o", ca=True), end=-DAY / 24, start=-9 * DAY))
    assert judge(kit, kubeedge, "one-way").rejections == ()
    at = kit.folder
    context = server_context(at / "server.crt", at / "server.key", at / "rootCA.crt", first_only=True)
    with serving(context, 16) as endpoint:
        assert call(endpoint, client_context(None), TOKEN).status == 200


def test_a_host_name_in_the_url_must_be_in_the_certificate(kit: Kit) -> None:
    flag = "agent.kubeAPIConfig.metaServer.server=https://localhost:10550"
    (rejection,) = judge(kit, "1.16", "mtls", flag).rejections
    assert rejection.log == program_logs.NO_NAMES.format(host="localhost")
    assert shake(kit, "localhost").client_rejects == "names"


# --- files that a program cannot load ------------------------------------------------------


def _encrypted(kit: Kit, name: str) -> None:
    key = kit.server.key if name == "server" else kit.client.key
    kit.write(f"{name}.key", pem.key_text(key, b"secret"))


def _parameters(kit: Kit, name: str) -> None:
    kit.write(f"{name}.key", with_parameters(kit.server.key if name == "server" else kit.client.key))


MISSING = f"{program_logs.WAITING}, then {program_logs.NO_CA}"
NO_CLIENT = program_logs.UNREADABLE.format(what="client-cert", path="/etc/edgemesh/metaserver/server.crt")


def _write(name: str, text: Callable[[Kit], str]) -> Spoil:
    return lambda kit: kit.write(name, text(kit))


def _remove(name: str) -> Spoil:
    return lambda kit: kit.remove(name)


# How the test damages a file, which program cannot load it, its message, and the file it names.
LOADS: dict[str, tuple[Spoil, str, str, str]] = {
    "server key of another": (
        _write("server.key", lambda k: k.client.key_text), EDGECORE, program_logs.MISMATCH, "server.key"),
    "EC PARAMETERS": (lambda k: _parameters(k, "server"), EDGECORE, program_logs.BAD_KEY, "server.key"),
    "server key encrypted": (lambda k: _encrypted(k, "server"), EDGECORE, program_logs.BAD_KEY, "server.key"),
    "server key is a certificate": (
        _write("server.key", lambda k: k.server.cert_text), EDGECORE, program_logs.BAD_KEY, "server.key"),
    "chain the wrong way round": (
        _write("server.crt", lambda k: k.ca.cert_text + k.server.cert_text),
        EDGECORE, program_logs.MISMATCH, "server.key"),
    "server.crt begins with a key": (
        _write("server.crt", lambda k: k.server.key_text + k.server.cert_text),
        EDGECORE, program_logs.BAD_CERTIFICATE, "server.crt"),
    "server.crt is no PEM": (_write("server.crt", lambda k: "x"), EDGECORE, program_logs.NIL, "server.crt"),
    "server.key is empty": (_write("server.key", lambda k: ""), EDGECORE, program_logs.NIL, "server.key"),
    "rootCA.crt begins with a key": (
        _write("rootCA.crt", lambda k: k.ca.key_text + k.ca.cert_text),
        EDGECORE, program_logs.NO_CA, "rootCA.crt"),
    "no server.key": (_remove("server.key"), EDGECORE, MISSING, "server-key"),
    "no server.crt": (_remove("server.crt"), EDGECORE, MISSING, "server-cert"),
    "client key of another": (
        _write("client.key", lambda k: k.server.key_text), AGENT, program_logs.MISMATCH, "client.key"),
    "client key encrypted": (lambda k: _encrypted(k, "client"), AGENT, program_logs.BAD_KEY, "client.key"),
    "no client.key": (_remove("client.key"), AGENT, program_logs.NO_CLIENT_KEY, "client-key"),
    "no client.crt": (_remove("client.crt"), AGENT, NO_CLIENT, "client-cert"),
}  # fmt: skip


@pytest.mark.parametrize(("spoil", "who", "message", "file"), LOADS.values(), ids=LOADS)
def test_files_that_a_program_cannot_load_are_rejected(
    kit: Kit, spoil: Spoil, who: str, message: str, file: str
) -> None:
    spoil(kit)
    assert (who, message) in of(judge(kit), file)
    with pytest.raises((ssl.SSLError, OSError, IndexError)):
        shake(kit)


def test_a_missing_ca_is_rejected(kit: Kit) -> None:
    kit.remove("rootCA.crt")
    unreadable = program_logs.UNREADABLE.format(
        what="certificate-authority", path="/etc/edgemesh/metaserver/rootCA.crt"
    )
    assert [(r.program, r.log) for r in judge(kit).rejections] == [(EDGECORE, MISSING), (AGENT, unreadable)]


def test_the_agent_loads_a_key_with_parameters(kit: Kit) -> None:
    # Go skips the block; only edgecore fails, because it reads the first block itself.
    _parameters(kit, "client")
    assert judge(kit).rejections == ()
    assert shake(kit).status == 200


# --- from 1.17 on --------------------------------------------------------------------------


@pytest.mark.parametrize("kubeedge", CLUSTER_RELEASES)
def test_from_1_17_on_a_client_of_another_ca_is_rejected(kit: Kit, kubeedge: str) -> None:
    kit.put("client", client(make("o", ca=True)))
    (rejection,) = judge(kit, kubeedge).rejections
    assert (rejection.program, rejection.log) == (EDGECORE, program_logs.VERIFY + program_logs.UNKNOWN)
    assert "from 1.17 on it must be the cluster's CA" in rejection.message.what


@pytest.mark.parametrize("kubeedge", CLUSTER_RELEASES)
def test_from_1_17_on_the_agent_must_trust_the_cluster(kit: Kit, kubeedge: str) -> None:
    cluster = make("kubernetes", ca=True)
    kit.write("k8s.crt", cluster.cert_text)
    found = planned("mtls", kubeedge)
    at = str(kit.folder)
    pairs = [
        f"{role}={at}/{name}" for role, name in (("client-cert", "client.crt"), ("client-key", "client.key"))
    ]
    given = collect([f"cluster-ca={at}/k8s.crt", f"ca={at}/rootCA.crt", *pairs])
    assert [(r.program, r.log) for r in verify(found, given, NOW).rejections] == [
        (AGENT, program_logs.UNKNOWN),
        (EDGECORE, program_logs.VERIFY + program_logs.UNKNOWN),
    ]


@pytest.mark.parametrize("kubeedge", CLUSTER_RELEASES)
def test_from_1_17_on_server_files_cause_only_a_note(kit: Kit, kubeedge: str) -> None:
    kit.put("server", server(make("o", ca=True)))
    verdict = judge(kit, kubeedge)
    assert verdict.rejections == ()
    assert [note.code for note in verdict.notes] == ["server-file-ignored"]


@pytest.mark.parametrize("kubeedge", CLUSTER_RELEASES)
def test_from_1_17_on_the_clusters_ca_is_required(kit: Kit, kubeedge: str) -> None:
    verdict = judge(kit, kubeedge)
    assert (verdict.rejections, verdict.accepted) == ((), False)
    (problem,) = verdict.unverified
    assert problem.what == (
        "not checked whether the cluster's CA signed these files; from 1.17 on edgecore accepts no other "
        f"CA: {kit.folder}/client.crt, {kit.folder}/rootCA.crt"
    )
    found = planned("mtls", kubeedge)
    names = [str(kit.folder), f"cluster-ca={kit.folder}/rootCA.crt"]
    assert verify(found, collect(names, found.secrets), NOW).accepted


@pytest.mark.parametrize("kubeedge", RELEASES)
def test_plain_needs_no_files(kit: Kit, kubeedge: str) -> None:
    kit.put("server", server(make("o", ca=True)))
    verdict = judge(kit, kubeedge, "plain")
    assert verdict.rejections == ()
    assert not verdict.accepted
    assert list(map(str, verdict.unverified)) == [
        "nothing was verified: this site needs no certificate files [no-certificate-needed]"
    ]
