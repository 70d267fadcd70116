"""Measure the generator against Helm and dyff, and print the table of docs/performance.md: `make bench`.

`python -m tests.bench NAME...` measures parts: start, renders, charts, diffs, bases, fleets, checks, calls.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from tests.bench import manifests
from tests.bench.measure import Run, call, machine, paired, process, together

ROOT = Path(__file__).parent.parent.parent
GENERATOR = str(Path(sys.executable).with_name("generator"))
DYFF = str(ROOT / ".tools/bin/dyff")
HELM = {name: str(ROOT / f".tools/bin/helm-{name}") for name in ("3.10", "4.3")}
# The fixed measure: the project as it was when these targets were set.
FIXED_COMMIT = "84b7cc9"
CHARTS = ("cloudcore", "edgecore", "edgemesh")
FIXED = "against the fixed commit"
RUNS = 9

Row = tuple[str, str, str]


def generator(
    *arguments: str, folder: Path | None = None, helm: str = "4.3", codes: tuple[int, ...] = (0,)
) -> Run:
    """Run the command in a new process."""
    return process([GENERATOR, *arguments], {"HELM_BIN": HELM[helm]}, folder, codes)


@contextmanager
def fixed_project() -> Iterator[Path]:
    """Give a folder with the project at the fixed commit."""
    with TemporaryDirectory() as name:
        yield manifests.project(ROOT, FIXED_COMMIT, Path(name) / "fixed")


def module(project: Path, *arguments: str, folder: Path | None = None) -> Run:
    """Run the command of a project in a new process, by its package."""
    command = [sys.executable, "-m", "generator", *arguments]
    # Python looks for the package in the current folder first.
    return process(command, {"PYTHONPATH": str(project)}, folder or project)


def render_site(project: Path) -> Run:
    """Measure render_site of a project, in a process where the site is loaded."""
    environment = {**os.environ, "PYTHONPATH": str(project)}
    command = [sys.executable, str(ROOT / "tests/bench/render_site.py")]
    run = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    ms, cpu, mb = map(float, run.stdout.split())
    return Run(ms, cpu, mb)


def template(chart: Path, helm: str = "4.3") -> Run:
    """Render one chart with Helm alone."""
    flags = ("--namespace", "kubeedge", "--set", "profile=mtls")
    return process([HELM[helm], "template", chart.name, str(chart), *flags])


def three(charts: Path, helm: str = "4.3") -> Run:
    """Render the three charts with Helm alone, one process after the other."""
    return together([template(charts / chart, helm) for chart in CHARTS])


def start() -> Iterator[Row]:
    """Measure the start of the command."""
    with fixed_project() as fixed:
        for option in ("--help", "--version"):
            before, now, ratio = paired(partial(module, fixed, option), partial(module, ROOT, option), RUNS)
            yield f"`generator {option}`, {FIXED}", f"{ratio}; {now}; fixed: {before}", "0.87 × (45 ms of 52)"
    command = [sys.executable, "-X", "importtime", "-m", "generator", "render", "--profile", "mtls"]
    imports = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stderr
    times = [int(found) for found in re.findall(r"^import time: +(\d+) ", imports, re.MULTILINE)]
    yield "imports of a render (`-X importtime`)", f"{len(times)} modules, {sum(times) / 1000:.0f} ms", ""


def renders() -> Iterator[Row]:
    """Measure whole renders against Helm alone, with the charts of the fixed commit."""
    highest = 0.0
    with fixed_project() as fixed:
        charts = fixed / "charts"
        ours = partial(generator, "render", "--profile", "mtls", "--engine", "embedded")
        alone, found, ratio = paired(partial(template, charts / "edgemesh"), ours, RUNS)
        highest = found.mb
        what = "`generator render --profile mtls`, embedded Helm"
        yield (
            f"{what}, against one `helm template charts/edgemesh`",
            f"{ratio}; {found}; Helm: {alone}",
            "3.0 ×",
        )
        alone, found, ratio = paired(partial(three, charts), ours, RUNS)
        yield f"{what}, against three `helm template`", f"{ratio}; {found}; Helm: {alone}", "1.0 ×"
        for helm in HELM:
            binary = partial(generator, "render", "--profile", "mtls", "--engine", "helm", helm=helm)
            alone, found, ratio = paired(partial(three, charts, helm), binary, RUNS)
            highest = max(highest, found.mb)
            yield f"the same with `--engine helm`, {helm}", f"{ratio}; {found}; Helm: {alone}", "1.5 ×"
    yield "peak memory, the highest of these", f"{highest:.0f} MB", "110 MB"


def charts() -> Iterator[Row]:
    """Measure what the rules and the CRDs of a chart cost plain Helm."""
    with TemporaryDirectory() as name:
        plain = manifests.without_rules_and_crds(ROOT / "charts/cloudcore", Path(name))
        one, other, ratio = paired(
            partial(template, plain), partial(template, ROOT / "charts/cloudcore"), RUNS
        )
    what = "`helm template charts/cloudcore`, against the same without rules and CRDs"
    yield what, f"{ratio}; {other}; without: {one}", "1.5 ×"


def diffs() -> Iterator[Row]:
    """Measure `generator diff`: streams against dyff, and a repository against a commit."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        for objects, runs in ((1500, 5), (15000, 2)):
            for side in ("v1", "v2"):
                (folder / f"{side}.yaml").write_text(manifests.stream(objects, side), "utf-8")
            size = (folder / "v1.yaml").stat().st_size / 1000
            theirs = partial(process, [DYFF, "between", "v1.yaml", "v2.yaml"], None, folder)
            ours = partial(generator, "diff", "v1.yaml", "v2.yaml", folder=folder, codes=(1,))
            alone, found, ratio = paired(theirs, ours, runs)
            what = (
                f"`generator diff` of two streams of {size:.0f} KB, one object in ten changed, against dyff"
            )
            yield what, f"{ratio}; {found}, {found.mb:.0f} MB; dyff: {alone}, {alone.mb:.0f} MB", "1.5 ×"


def bases() -> Iterator[Row]:
    """Measure the comparison of a whole repository with a commit."""
    with fixed_project() as fixed, TemporaryDirectory() as name:
        compared = []
        for project in (fixed, ROOT):
            place = Path(name) / project.name
            manifests.repository(project, place, examples=True)
            compared.append(partial(module, project, "diff", "--base", "git:HEAD", folder=place))
        before, now, ratio = paired(compared[0], compared[1], 3)
    what = "`generator diff --base git:REF`, charts × profiles × examples, every chart changed"
    yield f"{what}, {FIXED}", f"{ratio}; {now}, {now.mb:.0f} MB; fixed: {before}", "0.48 × (1.5 s of 3.1)"


def fleets() -> Iterator[Row]:
    """Measure a site with many node groups, each with its own edgecore.yaml and rollout."""
    before = Run(0, 0, 0)
    for groups in (10, 100, 1000):
        with TemporaryDirectory() as name:
            (Path(name) / "site.yaml").write_text(manifests.fleet(groups), "utf-8")
            run = generator("render", "-f", "site.yaml", "-o", "out", folder=Path(name))
        each = (run.cpu - before.cpu) / (groups * 0.9) if before.cpu else 0
        more = f"; {each:.1f} ms of CPU for each further group" if each else ""
        yield f"`generator render -o`, {groups} node groups", f"{_shown(run)}{more}", "10 ms a group, 400 MB"
        before = run


def checks() -> Iterator[Row]:
    """Measure `generator check` with the edgecore.yaml of many nodes."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        generator("render", "--profile", "plain", "-o", "out", folder=folder)
        config = (folder / "out/edgecore/default/edgecore.yaml").read_text("utf-8")
        manifests.edge_configs(folder, config, 10_000)
        before = Run(0, 0, 0)
        for number in (100, 1000, 10_000):
            files = [f"node-{node}.yaml" for node in range(number)]
            run = generator("check", *files, folder=folder, codes=(0, 1))
            each = (run.cpu - before.cpu) / (number * 0.9) if before.cpu else 0
            more = f"; {each:.1f} ms of CPU for each further file" if each else ""
            yield (
                f"`generator check`, {number} edgecore.yaml",
                f"{_shown(run)}{more}",
                "2 ms a file, flat memory",
            )
            before = run


def _shown(run: Run) -> str:
    return f"{run.ms / 1000:.1f} s, CPU {run.cpu / 1000:.1f} s, {run.mb:.0f} MB"


def calls() -> Iterator[Row]:
    """Measure the Python interface inside this process."""
    import generator as api

    yield "`generator.load_site`, in process", f"{call(lambda: api.load_site([], profile='mtls')):.1f} ms", ""
    with fixed_project() as fixed:
        before, now, ratio = paired(partial(render_site, fixed), partial(render_site, ROOT), RUNS)
    what = f"`generator.render_site`, in process, {FIXED}"
    yield what, f"{ratio}; {now}; fixed: {before}", "0.16 × (15 ms of 91)"
    begin = process_time()
    for number in range(100):
        address = f"cloudCore.modules.cloudHub.advertiseAddress[0]=192.0.2.{number}"
        api.render_site(api.load_site([], profile="mtls", set=[address]))
    each = 100 / (process_time() - begin)
    what = "load and render, 100 sites that differ in the address of cloudcore, one process"
    yield what, f"{each:.0f} sites for each second of CPU", "40"


PARTS: dict[str, Callable[[], Iterator[Row]]] = {
    part.__name__: part for part in (start, renders, charts, diffs, bases, fleets, checks, calls)
}


def main(names: list[str]) -> None:
    """Print each line of the table as soon as it is measured."""
    write = sys.stdout.write
    write(f"{machine()}; medians of {RUNS} paired runs, with their range\n\n")
    write("| measured | result | target |\n|---|---|---|\n")
    for name in names or PARTS:
        for row in PARTS[name]():
            write("| " + " | ".join(row) + " |\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
