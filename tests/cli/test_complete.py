"""Shell completion: what is completed, and the scripts of bash, zsh and fish."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.shell_completion import get_completion_class

from generator.catalogue import area, catalogue
from generator.cli.complete import ASKED
from generator.cli.completion import use_scripts
from generator.cli.main import cli, main
from generator.components import EDGEMESH, KUBEEDGE
from generator.diff.impact import CLASSES
from generator.upstream.releases import tags

GENERATOR = Path(sys.executable).with_name("generator")
SITE = """
kubeedgeVersion: v1.16.6
edgeCore:
  nodeGroups:
    line-a: {}
    line-b: {}
  labels: {example.com/line: b}
"""
Complete = Callable[..., list[str]]


@pytest.fixture
def complete(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Complete:
    """Return a function that completes a line in a folder with a site file, as a shell does."""
    use_scripts()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COMP_WORDBREAKS", raising=False)
    (tmp_path / "site.yaml").write_text(SITE, "utf-8")
    (tmp_path / "sites").mkdir()

    def answer(line: str, shell: str = "zsh") -> list[str]:
        found = get_completion_class(shell)
        assert found is not None
        # fish passes the last word, the others its number.
        cword = line.rpartition(" ")[2] if shell == "fish" else str(line.count(" "))
        monkeypatch.setenv("COMP_WORDS", line)
        monkeypatch.setenv("COMP_CWORD", cword)
        text = found(cli, {}, "generator", ASKED).complete()
        # zsh reads three lines for each completion: its type, the text, the help.
        return text.split("\n")[1::3] if shell == "zsh" else text.splitlines()

    return answer


# --- names ---------------------------------------------------------------------------------

PROFILES = ["plain", "one-way", "one-way-verified", "mtls"]
DIFF = "generator diff --fail-on "


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("generator render --profile ", PROFILES),
        ("generator init --profile one", ["one-way", "one-way-verified"]),
        ("generator profiles m", ["mtls"]),
        ("generator check --intend m", ["mtls"]),
        ("generator diff mt", ["mtls"]),
        ("generator diff plain m", ["mtls"]),
        ("generator diff s", ["site.yaml", "sites/"]),
        ("generator diff pro", ["profile:"]),
        ("generator diff profile:pl", ["profile:plain"]),
        ("generator diff values:s", ["values:site.yaml", "values:sites/"]),
        ("generator diff git:", []),
        ("generator diff --output mark", ["markdown="]),
        ("generator check --output ", ["text=", "html=", "json=", "sarif="]),
        ("generator graph plain p", ["plain", "profile:"]),
        ("generator graph git", []),
        ("generator diff --output text=site", ["text=site.yaml", "text=sites/"]),
        ("generator schema --kubeedge-version ", [*reversed(tags(KUBEEDGE).values())]),
        ("generator schema --kubeedge-version 1.1", [f"1.{minor}" for minor in range(19, 9, -1)]),
        ("generator schema --edgemesh-version ", [*reversed(tags(EDGEMESH).values())]),
        ("generator check --target-version 1.2", ["1.23", "1.22", "1.21", "1.20"]),
        (DIFF, [*area("impacts")]),
        (f"{DIFF}tls-", ["tls-weakened", "tls-strengthened"]),
        (f"{DIFF}tls-weakened,tls-", ["tls-weakened,tls-strengthened"]),
        ("generator explain server-is", ["server-issuer", "server-is-url"]),
        ("generator expl", ["explain"]),
        ("generator render --prof", ["--profile"]),
        ("generator render --profile=m", ["--profile=mtls"]),
    ],
)
def test_names_are_completed(complete: Complete, line: str, expected: list[str]) -> None:
    assert complete(line) == expected


def test_every_class_and_code_is_completed(complete: Complete) -> None:
    assert complete(DIFF) == [*CLASSES]
    assert complete("generator explain ") == [*catalogue()]


def options() -> list[tuple[str, click.Parameter]]:
    """List the parameters of all commands and subcommands, each with its command."""
    found = []
    for name, command in cli.commands.items():
        below = command.commands.items() if isinstance(command, click.Group) else ()
        for words, one in ((name, command), *((f"{name} {sub}", group) for sub, group in below)):
            found += [(words, param) for param in one.params]
    return found


def test_every_file_and_folder_is_completed_by_the_shell(complete: Complete) -> None:
    kinds = {"FILE": "file", "KUBECONFIG": "file", "SITE": "file", "DIR": "dir"}
    asked = [
        (f"generator {command} {param.opts[-1]} ", kinds[param.metavar or param.type.name])
        for command, param in options()
        if isinstance(param, click.Option) and (param.metavar or param.type.name) in kinds
    ]
    assert len(asked) > 20
    for line, kind in asked:
        assert complete(f"{line}s", "bash") == [f"{kind},s"], line
    for line in ("check", "import", "certs inspect", "certs verify"):
        assert complete(f"generator {line} s", "bash") == ["file,s"], line
    assert complete("generator charts export s", "bash") == ["dir,s"]


# --- --set ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("edgeC", ["edgeCore."]),
        ("streams.", ["streams.enable="]),
        ("streams.enable=", ["streams.enable=true", "streams.enable=false"]),
        ("profile=one", ["profile=one-way", "profile=one-way-verified"]),
        ("images.pullPolicy=A", ["images.pullPolicy=Always"]),
        ("kubeedgeVersion=1.23", ["kubeedgeVersion=1.23"]),
        ("edgemeshVersion=v1.17", [f"edgemeshVersion={tags(EDGEMESH)['1.17']}"]),
        ("agent.psk=", []),
        ("agent.rel", ["agent.relayNodes[0]."]),
        ("agent.relayNodes[1", ["agent.relayNodes[1]."]),
        ("agent.relayNodes[1].n", ["agent.relayNodes[1].nodeName="]),
        ("agent.relayNodes[x", []),
        ("cloudCore.extraArgs", ["cloudCore.extraArgs[0]="]),
        ("streams.enable=true,cluster.d", ["streams.enable=true,cluster.domain="]),
        ("a={b,c},cluster.d", ["a={b,c},cluster.domain="]),
        ("a={b,cluster.d", []),
        (r"a=b\,cluster.d", []),
        ("cluster.domain.x", []),
        ("nonsense.", []),
        ("edgeCore.nodeGroups.", []),
        ("tests.image=", []),
    ],
)
def test_set_is_completed(complete: Complete, text: str, expected: list[str]) -> None:
    assert complete(f"generator render --set {text}".replace("\\", "\\\\")) == expected


def test_the_files_on_the_command_line_name_groups_and_the_release(complete: Complete) -> None:
    line = "generator render -f site.yaml --set edgeCore."
    groups = f"{line}nodeGroups."
    server = "modules.metaManager.metaServer"
    assert complete(groups) == ["edgeCore.nodeGroups.line-a.", "edgeCore.nodeGroups.line-b."]
    for key in (server, f"nodeGroups.line-a.{server}"):
        assert complete(f"{line}{key}.dummy") == []
        assert complete(f"{line}{key}.tlsCa") == [f"edgeCore.{key}.tlsCaFile="]
        assert complete(f"generator render --set edgeCore.{key}.dummy") == [f"edgeCore.{key}.dummyServer="]
    # Helm needs a backslash before a dot in a key.
    labels = "edgeCore.labels."
    assert complete(f"generator render -f site.yaml --set {labels}") == [rf"{labels}example\.com/line="]


@pytest.mark.parametrize("flag", ["--set-string", "--set-json", "--set-file"])
def test_the_other_flags_complete_keys(complete: Complete, flag: str) -> None:
    assert complete(f"generator render {flag} cluster.d") == ["cluster.domain="]
    files = ["agent.psk=site.yaml", "agent.psk=sites/"] if flag == "--set-file" else []
    assert complete(f"generator render {flag} agent.psk=si") == files


@pytest.mark.parametrize("command", ["certs issue", "install", "diff", "images", "gitops"])
def test_set_is_completed_in_other_commands(complete: Complete, command: str) -> None:
    assert complete(f"generator {command} --set cluster.d") == ["cluster.domain="]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "generator render -f missing.yaml --set edgeCore.nodeGroups.",
        "generator render -f - --set edgeCore.nodeGroups.",
        "generator render -f sites --set edgeCore.nodeGroups.",
        "generator render -f broken.yaml --set edgeCore.nodeGroups.",
        "generator render -f list.yaml --set edgeCore.nodeGroups.",
        "generator render -f release.yaml --set edgeCore.nodeGroups.",
        "generator render -f pipe --set edgeCore.nodeGroups.",
        "generator render --set [0].",
        "generator render --set =x",
        "generator render --set a[[]].",
        "generator render --set 'a b",
        "generator nonsense --set a",
        "generator diff --fail-on nonsense,",
        "generator diff values:missing/",
        "generator status --timeout never --set nonsense.",
    ],
)
def test_completion_prints_nothing_and_never_fails(
    complete: Complete,
    line: str,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "broken.yaml").write_bytes(b"a: [\xff")
    (tmp_path / "list.yaml").write_text("[1]")
    (tmp_path / "release.yaml").write_text("kubeedgeVersion: 7\nedgeCore: {nodeGroups: {a: {}}}")
    os.mkfifo(tmp_path / "pipe")
    complete("")
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv(ASKED, "bash_complete")
    with pytest.raises(SystemExit) as end:
        main([])
    assert end.value.code == 0
    out, err = capfd.readouterr()
    assert err == ""
    if "--set" in line or ("--fail-on" not in line and line):
        assert out.strip() == ""


# --- shells --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "breaks", "expected"),
    [
        ("generator render --set streams.enable=t", None, ["plain,true"]),
        ("generator render --set streams.enable=", None, ["plain,true", "plain,false"]),
        ("generator render --set=streams.enable=t", None, ["plain,true"]),
        ("generator render --set=streams.e", None, ["plain,streams.enable="]),
        ("generator render --set streams.e", None, ["plain,streams.enable="]),
        ("generator render --profile=m", None, ["plain,mtls"]),
        ("generator render --profile=m", " :", ["plain,--profile=mtls"]),
        ("generator diff profile:m", None, ["plain,mtls"]),
        ("generator diff profile:m", " =", ["plain,profile:mtls"]),
        ('generator render --set "streams.enable=t', None, ["plain,streams.enable=true"]),
        ("generator render --set a= --profile m", None, ["plain,mtls"]),
        ("generator render -f si", None, ["file,si"]),
        ("generator status --kubeconfig=si", None, ["file,si"]),
    ],
)
def test_bash_gets_what_follows_the_last_break(
    complete: Complete, monkeypatch: pytest.MonkeyPatch, line: str, breaks: str | None, expected: list[str]
) -> None:
    if breaks is not None:
        monkeypatch.setenv("COMP_WORDBREAKS", breaks)
    assert complete(line, "bash") == expected


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_get_the_whole_word(complete: Complete, shell: str) -> None:
    for line in ("--set streams.enable=t", "--set=streams.enable=t", "--profile=m"):
        [found] = complete(f"generator render {line}", shell)
        word = {"--profile=m": "--profile=mtls"}.get(line, f"{line}rue".removeprefix("--set "))
        assert found.removeprefix("plain,") == word


BASH = r"""
PATH="{folder}:$PATH"
eval "$(generator completion bash)"
compopt() {{ echo "compopt $1 $2"; }}
COMP_LINE='{line}'
COMP_POINT=${{#COMP_LINE}}
COMP_WORDS=({words})
COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
_generator_completion generator
printf '%s\n' "${{COMPREPLY[@]}}"
"""


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("generator render --pro", ["--profile"]),
        ("generator render --profile=m", ["mtls"]),
        ("generator render --set streams.e", ["compopt -o nospace", "streams.enable="]),
        ("generator render --set streams.enable=", ["true", "false"]),
        ("generator render --set streams.enable=f", ["false"]),
        ("generator diff profile:m", ["mtls"]),
        ("generator render -f si", ["compopt -o default", ""]),
        # A file of this name must not replace the completion.
        ("generator render --set agent.rel", ["compopt -o nospace", "agent.relayNodes[0]."]),
        ("generator render --set-file agent.psk=b", [r"b\ c"]),
    ],
)
def test_bash_completes(line: str, expected: list[str], tmp_path: Path) -> None:
    (tmp_path / "agent.relayNodes0.").touch()
    (tmp_path / "b c").touch()
    # bash breaks words at = and :.
    words = re.sub("[=:]", r" \g<0> ", line)
    script = BASH.format(folder=GENERATOR.parent, line=line, words=words)
    ran = subprocess.run(
        ["bash", "--norc", "-c", script], cwd=tmp_path, capture_output=True, check=False, text=True
    )
    assert (ran.stdout.splitlines(), ran.stderr) == (expected, "")
