"""The commands as an operator runs them: output and exit codes; they print no private key."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from generator.cli.main import cli
from tests.certs.endpoint import server_context, serving

ROOT = Path(__file__).resolve().parents[2]
SITE = ("-f", str(ROOT / "values/examples/legacy-1.16.yaml"), "--profile", "mtls")

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs `generator certs` in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(cli, ["certs", *arguments])


@pytest.fixture
def issued(run: Run) -> Path:
    """Issue all files that the site needs into `certs`."""
    done = run("issue", *SITE, "-o", "certs")
    assert done.exit_code == 0, done.output
    return Path("certs")


def test_inspect_prints_the_uses_of_a_certificate(run: Run, issued: Path) -> None:
    done = run("inspect", str(issued / "server.crt"))
    assert done.exit_code == 0
    assert "names: 127.0.0.1, 169.254.30.10" in done.stdout
    assert "good for: use as server.crt of edgecore 1.12 to 1.16" in done.stdout


def test_inspect_reads_a_secret(run: Run, issued: Path) -> None:
    done = run("inspect", "--json", str(issued / "secrets/metaserver-certs.yaml"))
    found = json.loads(done.stdout)
    assert [(one["kind"], one.get("subject")) for one in found][1] == (
        "certificate",
        "CN=edgemesh-metaserver-client",
    )
    assert found[0]["kind"] == "CA"


def test_inspect_reads_the_certificate_of_a_server(run: Run, issued: Path) -> None:
    context = server_context(
        issued / "server.crt", issued / "server.key", issued / "rootCA.crt", first_only=True
    )
    with serving(context, 16) as endpoint:
        done = run("inspect", "--json", f"127.0.0.1:{endpoint.port}")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)[0]["subject"] == "CN=edgecore-metaserver"


def test_inspect_reports_a_server_that_does_not_answer(run: Run) -> None:
    done = run("inspect", "127.0.0.1:1")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("127.0.0.1:1: cannot be reached: ")


@pytest.mark.parametrize(
    ("at", "code", "word"), [("66%", 1, "fine"), ("0%", 0, "renew now"), ("10h", 1, "fine")]
)
def test_needs_renewal(run: Run, issued: Path, at: str, code: int, word: str) -> None:
    done = run("needs-renewal", "--at", at, str(issued))
    assert done.exit_code == code
    assert done.stdout.count(f": {word}: ") == 3


def test_needs_renewal_of_short_lived_certificates(run: Run) -> None:
    run("issue", *SITE, "-o", "certs", "--days", "1")
    done = run("needs-renewal", "--at", "30d", "certs")
    assert done.exit_code == 0
    assert done.stdout.count("renew now") == 2


def test_rotation_runs_through_all_stages(run: Run, issued: Path) -> None:
    before = {name: (issued / name).read_bytes() for name in ("rootCA.crt", "server.crt", "client.crt")}
    said = []
    for stage in ("trust", "trust", "leaves", "leaves", "drop", "drop"):
        done = run("rotate", stage, *SITE, "-o", "certs")
        assert done.exit_code == 0, done.output
        said.append(run("rotate", "status", *SITE, "-o", "certs").stdout.split(": ")[1])
        assert run("verify", *SITE, "certs").exit_code == 0
    assert said == ["trusted", "trusted", "renewed", "renewed", "settled", "settled"]
    assert all((issued / name).read_bytes() != text for name, text in before.items())


def test_rotation_can_be_abandoned(run: Run, issued: Path) -> None:
    before = (issued / "rootCA.crt").read_bytes()
    run("rotate", "trust", *SITE, "-o", "certs")
    done = run("rotate", "abandon", *SITE, "-o", "certs")
    assert done.exit_code == 0, done.output
    assert (issued / "rootCA.crt").read_bytes() == before


@pytest.mark.usefixtures("issued")
def test_a_stage_in_the_wrong_order_is_rejected(run: Run) -> None:
    done = run("rotate", "leaves", *SITE, "-o", "certs")
    assert done.exit_code == 1
    assert "the stage trust comes first" in done.stderr


def test_no_command_prints_a_key(run: Run, issued: Path, tmp_path: Path) -> None:
    lines = {
        line
        for path in tmp_path.rglob("*.key")
        for line in path.read_text("utf-8").splitlines()
        if len(line) > 20 and not line.startswith("-----")
    }
    assert lines
    shutil.copy(issued / "server.key", "spoilt.key")
    Path("spoilt.key").write_text(Path("spoilt.key").read_text("utf-8").replace("M", "N", 1), "utf-8")
    outputs = [
        run(*arguments).output
        for arguments in (
            ("plan", *SITE),
            ("plan", *SITE, "--json"),
            ("issue", *SITE, "-o", "certs"),
            ("issue", *SITE, "-o", "other", "--ca-cert", "certs/rootCA.crt", "--ca-key", "certs/server.key"),
            ("inspect", *map(str, sorted(issued.rglob("*.*")))),
            ("inspect", "spoilt.key", "certs/server.key"),
            ("verify", *SITE, "certs"),
            ("verify", *SITE, "server-cert=certs/client.crt", "server-key=spoilt.key", "ca=certs/rootCA.crt"),
            ("needs-renewal", "certs"),
            ("rotate", "trust", *SITE, "-o", "certs"),
            ("rotate", "status", *SITE, "-o", "certs"),
        )
    ]
    assert all(outputs)
    assert [line for output in outputs for line in lines if line in output] == []
    assert not any("PRIVATE KEY" in output for output in outputs)
