"""`generator init` in a pseudo-terminal, as a user sees it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest

from tests.cli.test_init import GOLDEN
from tests.importer import files
from tests.init.kubectl import Cluster

pytestmark = pytest.mark.long

GENERATOR = Path(sys.executable).with_name("generator")
Begin = Callable[..., pexpect.spawn]
RELEASE, PROFILE, ADDRESSES = (
    "KubeEdge release, 1.7 to 1.23",
    "its name or number",
    "edge nodes, separated by commas",
)
GROUPS, REGISTRY, MESH, STREAMS = "one group for all", "empty: none", "EdgeMesh", "kubectl logs"


@pytest.fixture
def begin(tmp_path: Path) -> Begin:
    """Return a function that starts `generator init` in a wide terminal."""

    def start(*arguments: str, **env: str) -> pexpect.spawn:
        environment = {
            **os.environ,
            "NO_COLOR": "1",
            "PATH": f"{GENERATOR.parent}:{os.environ['PATH']}",
            **env,
        }
        return pexpect.spawn(
            str(GENERATOR),
            ["init", *arguments],
            cwd=str(tmp_path),
            env=environment,
            dimensions=(50, 400),
            timeout=60,
        )

    return start


def answer(terminal: pexpect.spawn, question: str, text: str | bytes) -> str:
    """Wait for a question and answer it; return the text above the question."""
    terminal.expect_exact(question)
    above: bytes = terminal.before
    terminal.expect(r"\)?[^\r\n]*: ")
    terminal.sendline(text)
    return above.decode(errors="replace")


def end(terminal: pexpect.spawn) -> tuple[int | None, str]:
    """Wait for the end; return the exit code and the last text."""
    terminal.expect(pexpect.EOF)
    rest: bytes = terminal.before
    terminal.close()
    return terminal.exitstatus, rest.decode().replace("\r\n", "\n")


def test_all_questions_with_bad_answers_first(begin: Begin, tmp_path: Path) -> None:
    terminal = begin("site")
    answer(terminal, RELEASE, "1.99")
    said = answer(terminal, RELEASE, "1.16")
    assert "1.99: unknown release KubeEdge 1.99 (use one of 1.7 to 1.23) [unknown-release]" in said
    said = answer(terminal, PROFILE, "5")
    assert "Profiles of the endpoint on KubeEdge 1.16:" in said
    assert "  4  mtls              https; callers send a service account token; server and client" in said
    assert "5: unknown profile" in answer(terminal, PROFILE, "4")
    answer(terminal, ADDRESSES, "")
    assert "[no-ip-address]" in answer(terminal, ADDRESSES, "192.0.2.10:10000")
    assert "192.0.2.10:10000: must be an IP address or a DNS name" in answer(terminal, ADDRESSES, "0.0.0.0")
    said = answer(terminal, ADDRESSES, "192.0.2.10, edge.example.com, 198.51.100.10")
    assert "cloudCore.modules.cloudHub.advertiseAddress[0]: no node can connect to 0.0.0.0" in said
    answer(terminal, GROUPS, "Line_A")
    assert "edgeCore.nodeGroups.Line_A: invalid name" in answer(terminal, GROUPS, "line-a on")
    answer(terminal, REGISTRY, "https://registry.example.com")
    assert "[not-a-registry]" in answer(terminal, REGISTRY, "registry.example.com/mirror")
    answer(terminal, MESH, "perhaps")
    assert "perhaps: must be yes or no [yes-or-no]" in answer(terminal, MESH, "")
    answer(terminal, STREAMS, "y")
    code, last = end(terminal)
    assert code == 0
    assert "   create  site/site.yaml\n\nNext:\n  generator certs plan -f site/site.yaml\n" in last
    golden = (GOLDEN / "init-all-answers.yaml").read_text("utf-8").replace("edgemeshVersion: v1.14.0", "")
    text = (tmp_path / "site/site.yaml").read_text("utf-8").replace("edgemeshVersion: v1.17.0", "")
    assert text == golden


def test_empty_lines_take_the_defaults(begin: Begin, tmp_path: Path) -> None:
    terminal = begin()
    for question in (RELEASE, PROFILE, ADDRESSES, GROUPS, REGISTRY, MESH, STREAMS):
        answer(terminal, question, "192.0.2.10" if question == ADDRESSES else "")
    assert end(terminal)[0] == 0
    assert (tmp_path / "site.yaml").read_bytes() == (GOLDEN / "init-defaults.yaml").read_bytes()


def test_options_answer_their_questions(begin: Begin, tmp_path: Path) -> None:
    given = ("--kubeedge-version", "1.23", "--node-group", "", "--registry", "", "--edgemesh", "--streams")
    terminal = begin(*given, "--profile", "one-way-verified")
    assert answer(terminal, ADDRESSES, "127.0.0.1").startswith("cloudcore's certificate names")
    code, last = end(terminal)
    assert code == 0
    assert "warning: cloudCore.modules.cloudHub.advertiseAddress[0]: only nodes on cloudcore's own" in last
    assert (tmp_path / "site.yaml").exists()


@pytest.mark.parametrize("encoding", ["utf-8:strict", "utf-8:surrogateescape"])
def test_bytes_that_are_not_text_are_asked_again(begin: Begin, encoding: str) -> None:
    terminal = begin(PYTHONIOENCODING=encoding)
    answer(terminal, RELEASE, b"\xff\xfe")
    said = answer(terminal, RELEASE, "1.23")
    assert "unknown-release" in said or "is not UTF-8 (use a UTF-8 terminal) [not-utf8]" in said
    terminal.expect_exact(PROFILE)
    terminal.close(force=True)


@pytest.mark.parametrize("key", ["\x03", "\x04"], ids=["Ctrl-C", "Ctrl-D"])
def test_leaving_writes_nothing(begin: Begin, tmp_path: Path, key: str) -> None:
    terminal = begin("site")
    answer(terminal, RELEASE, "")
    terminal.expect_exact(PROFILE)
    terminal.send(key)
    code, last = end(terminal)
    assert (code, last.splitlines()[-1]) == (3, "interrupted")
    assert list(tmp_path.iterdir()) == []


def test_an_existing_file_is_reported_before_the_first_question(begin: Begin, tmp_path: Path) -> None:
    (tmp_path / "site.yaml").write_text("mine")
    code, last = end(begin())
    assert code == 1
    assert last.startswith("site.yaml: exists already (choose another folder, or use --force)")


def test_a_cluster_leaves_only_some_questions(
    begin: Begin,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cluster = Cluster(tmp_path_factory.mktemp("cluster"), monkeypatch)
    cluster.has([*files.upstream_cloud(), *files.upstream_mesh()])
    terminal = begin("--from-cluster")
    said = answer(terminal, PROFILE, "none")
    assert "Profiles of the endpoint on KubeEdge 1.20:" in said
    assert "  5  none              keep the imported keys as they are" in said
    answer(terminal, ADDRESSES, "192.0.2.10")
    answer(terminal, GROUPS, "")
    answer(terminal, STREAMS, "")
    code, last = end(terminal)
    assert (code, "invalid: ConfigMap mesh-agent-cfg: " in last) == (1, True)
    assert (tmp_path / "site.yaml").exists()
