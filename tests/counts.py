"""Count the work of a command in a new process: calls of Helm, YAML texts, schemas of models.

    count(folder, [["render", "--profile", "mtls"]])  # one Counter for each command

The commands run one after the other in the same process. The numbers do not depend on the machine. Work that
is done twice is a higher number, so they replace tests with a time limit.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from threading import Lock
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CHARTS, RENDERINGS, BYTES = "charts loaded by Helm", "renderings by Helm", "bytes of values given to Helm"
YAML, AGAIN = "YAML texts parsed", "YAML texts parsed again"
BUILDS, MODELS = "schemas of models built", "sites validated by the model"
# The first word of a command in Python: load and render a site with the words after it, as of --set.
API = "load_site, render_site"
_LOCK = Lock()


def count(folder: Path, commands: Sequence[Sequence[str]]) -> list[dict[str, int]]:
    """Run commands one after the other in one new process, in `folder`; return the counts of each."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tests.counts", json.dumps(commands)]
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    found: list[dict[str, int]] = json.loads(run.stdout)
    return found


# --- in the other process -------------------------------------------------------------------


def _work(commands: Sequence[Sequence[str]]) -> list[Counter[str]]:
    counts: Counter[str] = Counter()
    _watch(counts)
    found = []
    for command in commands:
        counts.clear()
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            _run(list(command))
        found.append(+counts)
    return found


def _run(command: list[str]) -> None:
    if command[0] == API:
        from generator import load_site, render_site

        render_site(load_site(profile="mtls", set=command[1:]))
        return
    from generator.cli.main import main

    try:
        main(command)
    except SystemExit as end:
        # 1: the command found problems or differences.
        if end.code not in (0, 1, None):
            raise RuntimeError(f"generator {' '.join(command)} fails") from end


def _watch(counts: Counter[str]) -> None:
    """Count the calls of the functions that do the work."""
    import yaml
    from helm_python import _native
    from pydantic import BaseModel
    from ruamel import yaml as ruamel

    from generator.go_yaml import lines

    def helm(name: str, *arguments: Any) -> None:
        if name == "helm_render":
            counts[RENDERINGS] += 1
            counts[BYTES] += len((arguments[1] or "").encode())

    _before(_native, "call_string", helm)
    _before(
        _native, "call_handle", lambda name, *_: counts.update({CHARTS: name.startswith("helm_chart_load")})
    )
    texts: set[str] = set()

    def parsed(*arguments: Any, **_: Any) -> None:
        (text,) = (part for part in arguments if isinstance(part, str))
        counts.update({YAML: 1, AGAIN: text in texts})
        texts.add(text)

    real = lines.load

    def quick(text: str) -> Any:
        found = real(text)
        with _LOCK:
            parsed(text)
        return found

    # A text that it does not read is read by PyYAML, which makes a loader for each text, also for events.
    lines.load = quick
    _before(getattr(yaml, "CSafeLoader", yaml.SafeLoader), "__init__", parsed)
    _before(ruamel.YAML, "load_all", parsed)
    rebuild, validate = BaseModel.model_rebuild.__func__, BaseModel.model_validate.__func__  # type: ignore[attr-defined]

    def counted(what: str, real: Callable[..., Any]) -> Any:
        def call(model: type[BaseModel], *arguments: Any, **named: Any) -> Any:
            counts[what] += 1
            return real(model, *arguments, **named)

        return classmethod(call)

    BaseModel.model_rebuild = counted(BUILDS, rebuild)  # type: ignore[method-assign]
    BaseModel.model_validate = counted(MODELS, validate)  # type: ignore[method-assign]


def _before(owner: Any, name: str, watch: Callable[..., None]) -> None:
    """Call `watch` with the arguments of each call of a function, before the call."""
    real = getattr(owner, name)

    def call(*arguments: Any, **named: Any) -> Any:
        # Charts are rendered at the same time.
        with _LOCK:
            watch(*arguments, **named)
        return real(*arguments, **named)

    setattr(owner, name, call)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_work(json.loads(sys.argv[1]))))
