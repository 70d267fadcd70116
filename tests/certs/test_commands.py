"""The commands: output and exit codes; they print no private key."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from generator import go_yaml
from generator.certs import pem
from generator.io import journal, yaml_reader
from tests.certs.endpoint import server_context, serving
from tests.certs.pki import DAY, Kit, make, server
from tests.cli.conftest import Run, run  # noqa: F401 (a fixture)

SITE = ("--profile", "mtls", "--set-string", "kubeedgeVersion=1.16")
STREAM = (*SITE, "--set", "cloudCore.streamCertificate.existingSecret=stream")
NEW = ("--profile", "mtls", "--set-string", "kubeedgeVersion=1.23")
PASSWORD = "hunter2-is-the-password"

# A fake kubectl: it signs nothing, and prints KUBECTL_SAYS as the state of each request.
KUBECTL = """#!/bin/sh
case "$*" in
*"get csr"*) printf '%s' "$KUBECTL_SAYS" ;;
*) cat >/dev/null; echo done ;;
esac
"""


def secrets_below(folder: Path) -> set[str]:
    """Return every part of every private key below a folder, as PEM and in base64 as in a Secret."""
    found: set[str] = set()
    for path in folder.rglob("*"):
        if path.is_file() and "PRIVATE KEY" in path.read_text("utf-8"):
            text = path.read_text("utf-8")
            lines = [line for line in text.splitlines() if line and "-----" not in line]
            found |= {line for line in lines if len(line) > 20}
            found.add(base64.b64encode(text.encode()).decode()[40:80])
    return found


@pytest.fixture
def silent(run: Run, tmp_path: Path) -> Callable[..., Result]:  # noqa: F811
    """Return a function that runs a command and searches its output for private keys."""

    def invoke(*arguments: str) -> Result:
        ran = run("certs", *arguments)
        assert "PRIVATE KEY" not in ran.output
        assert PASSWORD not in ran.output
        assert [piece for piece in secrets_below(tmp_path) if piece in ran.output] == []
        return ran

    return invoke


Silent = Callable[..., Result]


# --- private keys are not printed ----------------------------------------------------------


def test_no_command_prints_a_key(silent: Silent, tmp_path: Path) -> None:
    (tmp_path / "password").write_text(f"{PASSWORD}\n")
    locked = ("--ca-password-file", "password")
    assert silent("plan", *STREAM).exit_code == 0
    assert silent("plan", *STREAM, "--json").exit_code == 0
    assert silent("issue", *STREAM, *locked, "-o", "out", "--dry-run").exit_code == 0
    assert silent("issue", *STREAM, *locked, "-o", "out", "--node", "edge-1").exit_code == 0
    assert silent("issue", *STREAM, *locked, "-o", "out").exit_code == 0
    assert secrets_below(tmp_path)
    assert silent("issue", *STREAM, *locked, "-o", "out", "--force").exit_code == 0
    every = [str(p.relative_to(tmp_path)) for p in sorted((tmp_path / "out").rglob("*")) if p.is_file()]
    for name in every:
        for more in ([], ["--json"]):
            assert silent("inspect", name, *more).exit_code == 0, name
    for more in ([], ["--json"]):
        assert silent("verify", "out", "out/secrets/metaserver-certs.yaml", *STREAM, *more).exit_code == 0
        assert silent("needs-renewal", "out", "out/secrets/metaserver-certs.yaml", *more).exit_code == 1
    for stage in ("status", "trust", "abandon", "trust", "leaves", "status", "drop"):
        assert silent("rotate", stage, *STREAM, *locked, "-o", "out").exit_code == 0


def test_no_error_prints_a_key(silent: Silent, tmp_path: Path) -> None:
    (tmp_path / "password").write_text(PASSWORD)
    silent("issue", *SITE, "-o", "out", "--ca-password-file", "password")
    key = tmp_path / "out/server.key"
    attempts = [
        ("issue", *SITE, "-o", "out"),  # the key of the CA is encrypted
        ("issue", *SITE, "-o", "out", "--ca-cert", "out/server.crt", "--ca-key", "out/server.key"),
        ("issue", *SITE, "-o", "out", "--ca-cert", "out/server.key", "--ca-key", "out/server.crt"),
        ("issue", *SITE, "-o", "out/server.key"),
        ("rotate", "leaves", *SITE, "-o", "out"),
        ("verify", *SITE, "out/server.key", "server-cert=out/client.key"),
        ("verify", *SITE, "client-key=out/server.key", "client-cert=out/client.crt"),
        ("plan", "-f", "out/server.key"),
        ("plan", "-f", "out/secrets/metaserver-certs.yaml"),
        ("needs-renewal", "out/server.key"),
        ("inspect", "out/missing.key"),
        ("inspect", "out"),
    ]
    for arguments in attempts:
        silent(*arguments)
    # A truncated key is invalid; messages do not quote it either.
    key.write_text(key.read_text()[:120])
    for arguments in attempts:
        silent(*arguments)
    (tmp_path / "s.yaml").write_text(
        f"kind: Secret\nmetadata: {{name: metaserver-certs}}\ndata: {{server.key: '{PASSWORD}!'}}\n"
    )
    silent("verify", *SITE, "s.yaml")
    silent("inspect", "s.yaml")


def test_secrets_are_printed_on_request(run: Run, tmp_path: Path) -> None:  # noqa: F811
    ran = run("certs", "issue", *STREAM, "-o", "out", "--secrets")
    assert ran.exit_code == 0
    found = [d.value for d in yaml_reader.read_all(ran.stdout, "stdout")]
    assert {one["metadata"]["name"] for one in found} == {"metaserver-certs", "stream"}
    key = base64.b64decode(found[0]["data"]["server.key"]).decode()
    assert key == (tmp_path / "out/client.key").read_text()
    assert "PRIVATE KEY" not in ran.stderr
    assert "create" in ran.stderr


# --- the CSR API ---------------------------------------------------------------------------


@pytest.fixture
def kubectl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return a function that puts a kubectl on PATH that prints this for every request."""

    def says(text: str) -> None:
        script = tmp_path / "kubectl"
        script.write_text(KUBECTL)
        script.chmod(0o755)
        monkeypatch.setenv("KUBECTL", str(script))
        monkeypatch.setenv("KUBECTL_SAYS", text)

    return says


def test_csr_writes_a_request_to_be_signed(silent: Silent, tmp_path: Path) -> None:
    ran = silent("issue", *NEW, "-o", "out")
    assert ran.exit_code == 0
    assert "kubectl apply -f out/pending/client-csr.yaml" in ran.stderr
    assert {p.name for p in (tmp_path / "out").rglob("*") if p.is_file()} == {"client.key", "client-csr.yaml"}
    assert (tmp_path / "out/pending/client.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("says", "message"),
    [
        ("{}", "not approved after 2 s (kubectl certificate approve"),
        ('{"status": {"conditions": [{"type": "Denied", "message": "no"}]}}', "denied: no"),
        ('{"status": {"conditions": [{"type": "Approved"}]}}', "approved, but not signed after 2 s"),
    ],
)
def test_csr_reports_a_denied_or_failed_request(
    silent: Silent, kubectl: Callable[[str], None], says: str, message: str, tmp_path: Path
) -> None:
    kubectl(says)
    ran = silent("issue", *NEW, "-o", "out", "--apply", "--wait", "2")
    assert (ran.exit_code, ran.stdout) == (3, "")
    assert message in ran.stderr
    assert not (tmp_path / "out/client.key").exists()


def test_csr_reports_a_missing_kubectl(silent: Silent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECTL", "/nowhere/kubectl")
    assert silent("issue", *NEW, "-o", "out", "--apply").exit_code == 3


# --- cert-manager and none -----------------------------------------------------------------


@pytest.mark.parametrize("kubeedge", ["1.16", "1.23"])
def test_cert_manager_wires_the_charts(silent: Silent, run: Run, kubeedge: str, tmp_path: Path) -> None:  # noqa: F811
    site = ("--profile", "mtls", "--set-string", f"kubeedgeVersion={kubeedge}")
    ran = silent("issue", *site, "-o", "out", "--signer", "cert-manager")
    assert ran.exit_code == 0
    objects = [
        d.value for d in yaml_reader.read_all((tmp_path / "out/issuer.yaml").read_text(), "issuer.yaml")
    ]
    kinds = [one["kind"] for one in objects if one]
    assert kinds == (["Issuer", "Certificate", "Issuer"] if kubeedge == "1.16" else ["Issuer"])
    rendered = run("render", *site, "-f", "out/values.yaml")
    assert rendered.exit_code == 0, rendered.stderr
    certificates = [
        d.value for d in yaml_reader.read_all(rendered.stdout, "stdout") if d.value["kind"] == "Certificate"
    ]
    expected = {"edgemesh-agent"} | ({"edgecore-endpoint"} if kubeedge == "1.16" else set())
    assert {one["metadata"]["name"] for one in certificates} == expected
    issuers = {one["metadata"]["name"] for one in objects if one and one["kind"] == "Issuer"}
    assert {one["spec"]["issuerRef"]["name"] for one in certificates} <= issuers
    assert ("kubernetes-ca" in ran.stderr) is (kubeedge == "1.23")


def test_cert_manager_with_an_issuer_that_exists(silent: Silent, tmp_path: Path) -> None:
    more = ("--signer", "cert-manager", "--issuer", "corp", "--issuer-kind", "ClusterIssuer")
    assert silent("issue", *SITE, "-o", "out", *more).exit_code == 0
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["values.yaml"]
    values = go_yaml.load((tmp_path / "out/values.yaml").read_text())
    reference = values["metaServer"]["clientCertificate"]["certManager"]["issuerRef"]
    assert reference == {"name": "corp", "kind": "ClusterIssuer"}


def test_signer_none_writes_no_files(silent: Silent, tmp_path: Path) -> None:
    assert silent("issue", *SITE, "-o", "out", "--signer", "none").exit_code == 0
    assert not (tmp_path / "out").exists()


# --- plan, verify, inspect -----------------------------------------------------------------


def test_plan_is_deterministic(silent: Silent) -> None:
    assert silent("plan", *STREAM).stdout == silent("plan", *STREAM).stdout
    data = json.loads(silent("plan", *STREAM, "--json").stdout)
    assert [pair["name"] for pair in data["pairs"]] == ["server", "client", "stream"]


def test_plan_rejects_a_site_with_mistakes(silent: Silent) -> None:
    ran = silent("plan", "--set", "agent.pks=x")
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert "unknown key (did you mean psk?)" in ran.stderr


def test_verify_quotes_the_log_of_the_program(silent: Silent, tmp_path: Path) -> None:
    kit = Kit.fill(tmp_path)
    kit.put("server", server(make("another", ca=True)))
    ran = silent("verify", *SITE, "rootCA.crt", "server.crt", "server.key", "client.crt", "client.key")
    assert ran.exit_code == 1
    assert ran.stdout.startswith(
        "server.crt: edgemesh-agent: x509: certificate signed by unknown authority: issued by CN=another"
    )
    data = json.loads(silent("verify", *SITE, "--json", ".").stdout)
    assert data["accepted"] is False
    assert data["rejections"][0]["program"] == "edgemesh-agent"
    assert data["rejections"][0]["ruleId"] == "ca-unknown"


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["stray.crt"], "the name of the file does not tell its role (write ROLE=stray.crt"),
        (["ca=missing.crt"], "missing.crt: does not exist"),
        (["rootCA.crt", "ca=stray.crt"], "ca was given twice with different content; also rootCA.crt"),
        (["empty"], "empty: has none of rootCA.crt"),
        (["other.yaml"], "the site does not use the Secret other (it uses metaserver-certs)"),
    ],
)
def test_verify_reports_files_of_unknown_use(
    silent: Silent, names: list[str], message: str, tmp_path: Path
) -> None:
    Kit.fill(tmp_path).write("stray.crt", make("x").cert_text)
    (tmp_path / "empty").mkdir()
    (tmp_path / "other.yaml").write_text("kind: Secret\nmetadata: {name: other}\ndata: {}\n")
    ran = silent("verify", *SITE, *names)
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert message in ran.stderr


def test_inspect_reads_a_server(silent: Silent, tmp_path: Path) -> None:
    Kit.fill(tmp_path)
    context = server_context(
        tmp_path / "server.crt", tmp_path / "server.key", tmp_path / "rootCA.crt", first_only=True
    )
    with serving(context, 16) as endpoint:
        ran = silent("inspect", f"127.0.0.1:{endpoint.port}")
    assert ran.exit_code == 0
    assert "good for: use as server.crt of edgecore 1.12 to 1.16" in ran.stdout
    with serving(None, 16) as endpoint:
        plain = silent("inspect", f"127.0.0.1:{endpoint.port}")
    assert plain.exit_code == 1
    assert "the server does not use TLS" in plain.stderr
    assert "cannot be reached" in silent("inspect", f"127.0.0.1:{endpoint.port}").stderr


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        ({}, "use as server.crt of edgecore 1.12 to 1.16 (newer ones make their own) at 127.0.0.1"),
        ({"uses": None}, "use as the certificate that edgemesh-agent presents with mtls"),
        ({"uses": ("client",)}, "good for: use as the certificate that edgemesh-agent presents with mtls"),
        ({"ips": ()}, "no client can verify a server with it: it has no subject alternative names"),
        ({"ips": (), "dns": ("edge",)}, "not for the endpoint, which clients reach by an IP address"),
        ({"start": -9 * DAY, "end": -DAY}, "good for: expired on"),
        ({"start": DAY}, "good for: not valid before"),
    ],
)
def test_inspect_prints_the_uses_of_a_certificate(
    silent: Silent, spoil: dict[str, object], sentence: str, tmp_path: Path
) -> None:
    kit = Kit.fill(tmp_path)
    kit.put("server", server(kit.ca, **spoil))
    assert sentence in silent("inspect", "server.crt").stdout


def test_inspect_prints_json(silent: Silent, tmp_path: Path) -> None:
    kit = Kit.fill(tmp_path)
    kit.write("chain.crt", kit.server.cert_text + kit.ca.cert_text)
    leaf, root = json.loads(silent("inspect", "chain.crt", "--json").stdout)
    assert (leaf["addresses"], leaf["uses"]) == (["127.0.0.1"], ["server auth"])
    assert leaf["issued_by"] == "a CA in the same file"
    assert (root["kind"], root["issued_by"]) == ("CA", "itself")
    assert re.fullmatch(r"([0-9A-F]{2}:){31}[0-9A-F]{2}", leaf["fingerprint"])


# --- needs-renewal -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("life", "at", "code"),
    [
        ((-50, 50), "66%", 1),
        ((-67, 33), "66%", 0),
        ((-67, 33), "70%", 1),
        ((-50, 50), "30d", 1),
        ((-50, 20), "30d", 0),
        ((-50, 20), "720h", 0),
        ((-50, -1), "100%", 0),
        ((-50, -1), "1h", 0),
        ((5, 50), "66%", 1),
    ],
)
def test_needs_renewal(silent: Silent, life: tuple[int, int], at: str, code: int, tmp_path: Path) -> None:
    made = make("x", start=life[0] * DAY, end=life[1] * DAY)
    (tmp_path / "x.crt").write_text(made.cert_text)
    ran = silent("needs-renewal", "x.crt", "--at", at)
    assert ran.exit_code == code
    assert ("renew now" if code == 0 else "fine") in ran.stdout


@pytest.mark.parametrize("arguments", [["missing.crt"], ["key"], ["."], ["x.crt", "--at", "soon"]])
def test_needs_renewal_without_a_readable_certificate_exits_with_2(
    silent: Silent, arguments: list[str], tmp_path: Path
) -> None:
    made = make("x")
    (tmp_path / "key").write_text(pem.key_text(made.key))
    if "x.crt" in arguments:
        (tmp_path / "x.crt").write_text(made.cert_text)
    ran = silent("needs-renewal", *arguments)
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert ran.stderr


def test_needs_renewal_reports_an_unreadable_folder(run: Run, unreadable: Path) -> None:  # noqa: F811
    for target in (str(unreadable), str(unreadable / "certs"), "x" * 300, "loop"):
        ran = run("certs", "needs-renewal", target)
        assert (ran.exit_code, ran.stdout) == (2, "")
        assert "cannot be read: " in ran.stderr


def test_needs_renewal_fails_on_a_full_disk(tmp_path: Path) -> None:
    (tmp_path / "x.crt").write_text(make("x").cert_text)
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "generator", "certs", "needs-renewal", str(tmp_path / "x.crt")],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert ran.returncode == 3
    assert b"standard output: cannot be written: No space left" in ran.stderr


# --- unreadable folders --------------------------------------------------------------------


@pytest.fixture
def unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that not even root can read; `loop` is a link to itself."""
    closed = tmp_path / "closed"
    closed.mkdir()
    (tmp_path / "loop").symlink_to("loop")

    def denied(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(path: Path, *arguments: Any, **more: Any) -> Any:
            if path.is_relative_to("closed") or path.is_relative_to(closed):
                raise PermissionError(13, "Permission denied", str(path))
            return real(path, *arguments, **more)

        return call

    for name in ("stat", "lstat", "iterdir", "open"):
        monkeypatch.setattr(Path, name, denied(getattr(Path, name)))
    return Path("closed")


def test_unreadable_folders_are_reported(run: Run, unreadable: Path) -> None:  # noqa: F811
    for folder in (f"{unreadable}/certs", "x" * 300, "loop/certs"):
        for command in (
            ("verify", *SITE, folder),
            ("rotate", "status", *SITE, "-o", folder),
            ("rotate", "trust", *SITE, "-o", folder),
            ("issue", *SITE, "-o", folder),
            ("issue", *SITE, "-o", folder, "--dry-run"),
        ):
            ran = run("certs", *command)
            assert ran.exit_code in (1, 2, 3)
            assert ran.stderr.startswith(folder[:40])
            assert "cannot be" in ran.stderr


@pytest.mark.parametrize("name", ["rootCA.crt", "server.key", "ca/rootCA.key"])
def test_a_pipe_or_folder_in_the_place_of_a_file_is_reported(
    silent: Silent, name: str, tmp_path: Path
) -> None:
    assert silent("issue", *SITE, "-o", "certs").exit_code == 0
    before = sorted(path.name for path in (tmp_path / "certs").rglob("*"))
    path = tmp_path / "certs" / name
    path.unlink(missing_ok=True)
    for make_it, kind in ((os.mkfifo, "a named pipe"), (os.mkdir, "a folder")):
        make_it(path)
        ran = silent("issue", *SITE, "-o", "certs", "--force")
        assert ran.exit_code in (1, 3)
        assert kind in ran.stderr
        (os.unlink if kind == "a named pipe" else os.rmdir)(path) if path.exists() else None
    left = sorted(one.name for one in (tmp_path / "certs").rglob("*"))
    assert left == [one for one in before if one != path.name]


# --- files of an interrupted run -----------------------------------------------------------


def test_files_of_an_interrupted_run_are_not_checked(silent: Silent, tmp_path: Path) -> None:
    assert silent("issue", *SITE, "-o", "certs").exit_code == 0
    step = journal.JournalStep("server.crt", write=True, there=True)
    begun = journal.Journal.begin(tmp_path / "certs", "generator certs rotate leaves", (step,))
    for command in (
        ("verify", *SITE, "certs"),
        ("needs-renewal", "certs"),
        ("inspect", "certs"),
        ("rotate", "status", *SITE, "-o", "certs"),
        ("rotate", "drop", *SITE, "-o", "certs", "--dry-run"),
        ("issue", *SITE, "-o", "certs", "--dry-run"),
    ):
        # The interrupted run has moved no file yet, so the folder is unchanged.
        assert silent(*command).exit_code != 3
    (begun.folder / journal.STAGE).rename(begun.folder / journal.FINISH)
    for command in (
        ("verify", *SITE, "certs"),
        ("needs-renewal", "certs"),
        ("inspect", "certs"),
        ("rotate", "status", *SITE, "-o", "certs"),
        ("rotate", "drop", *SITE, "-o", "certs", "--dry-run"),
        ("issue", *SITE, "-o", "certs", "--dry-run"),
    ):
        ran = silent(*command)
        assert (ran.exit_code, ran.stdout) == (2, "")
        assert (
            "certs: `generator certs rotate leaves` was interrupted while it wrote these files" in ran.stderr
        )


def test_rotate_names_only_its_own_flags(silent: Silent, tmp_path: Path) -> None:
    assert silent("issue", *SITE, "-o", "certs").exit_code == 0
    (tmp_path / "certs/ca/next-rootCA.key").write_text("somebody's key")
    ran = silent("rotate", "trust", *SITE, "-o", "certs")
    assert ran.exit_code == 1
    assert "next-rootCA.key: exists already with other content" in ran.stderr
    assert "--force" not in ran.stderr
    assert "move them away first" in ran.stderr
