"""Runs the commands of docs/ unchanged."""

from __future__ import annotations

import os
import re
import subprocess
import textwrap
from pathlib import Path

from tests.charts.conftest import ROOT
from tests.cluster.helm import Done, Failed
from tests.levels import TOOLS


def commands(document: str, heading: str) -> list[str]:
    """Return the blocks of commands under a heading of a document, in order."""
    text = (ROOT / "docs" / document).read_text("utf-8")
    _, found, rest = text.partition(f"\n{heading}\n")
    assert found, f"docs/{document} has no heading {heading}"
    section = re.split(r"^#+ ", rest, maxsplit=1, flags=re.MULTILINE)[0]
    fenced = re.findall(r"^ *```sh\n(.*?)^ *```$", section, re.MULTILINE | re.DOTALL)
    indented = re.findall(r"(?:^ {4,}\S.*\n)+", section, re.MULTILINE)
    return [textwrap.dedent(block) for block in fenced or indented]


def shell(script: str, kubeconfig: str, home: Path, helm: str = "helm-4.3", *, folder: Path = ROOT) -> Done:
    """Run commands in a folder with kubectl, helm and generator on PATH; raise Failed."""
    tools = home / "bin" / helm
    tools.mkdir(parents=True, exist_ok=True)
    for name, target in (("helm", TOOLS / helm), ("kubectl", TOOLS / "kubectl")):
        if not (tools / name).exists():
            (tools / name).symlink_to(target.resolve())
    path = f"{tools}:{ROOT / '.venv/bin'}:{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-eu", "-c", script],
        cwd=folder,
        env={"HOME": str(home), "KUBECONFIG": kubeconfig, "PATH": path},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if done.returncode:
        raise Failed(f"{script}: {done.stderr or done.stdout}")
    return Done(done.returncode, done.stdout, done.stderr)
