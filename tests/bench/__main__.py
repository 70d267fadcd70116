"""Measure the generator against Helm itself and print the table of the README; `make bench` runs it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from tests.bench.manifests import fleet, repository
from tests.bench.manifests import stream as manifests
from tests.bench.measure import Run, call, machine, middle, paired, process

ROOT = Path(__file__).parent.parent.parent
GENERATOR = str(Path(sys.executable).with_name("generator"))
HELM = {name: str(ROOT / f".tools/bin/helm-{name}") for name in ("3.10", "3.22", "4.3")}
RUNS = 20

Row = tuple[str, str, str]


def generator(engine: str, helm: str = "4.3") -> Run:
    """Render all three charts in one new process."""
    # As for an operator: bytecode is cached, whatever this environment sets.
    environment = {"HELM_BIN": HELM[helm], "PYTHONDONTWRITEBYTECODE": ""}
    return process([GENERATOR, "render", "--profile", "mtls", "--engine", engine], environment)


def template(helm: str) -> Run:
    """Render one chart with Helm alone."""
    return process([HELM[helm], "template", str(ROOT / "charts/edgemesh"), "--set", "profile=mtls"])


def processes() -> Iterator[Row]:
    """Measure whole processes; call this before the generator is imported."""
    highest = 0.0
    for engine, helm in (("embedded", "4.3"), ("helm", "4.3"), ("helm", "3.10")):
        alone, ours, ratio = paired(partial(template, helm), partial(generator, engine, helm), RUNS)
        highest = max(highest, ours.mb)
        what = "embedded Helm" if engine == "embedded" else f"helm {helm} binary"
        yield (
            f"`generator render --profile mtls`, three charts, {what}",
            f"{ours.ms:.0f} ms; {ratio:.1f} × `helm-{helm} template charts/edgemesh` ({alone.ms:.0f} ms)",
            "under 6 ×",
        )
    yield "its peak memory, the highest of these", f"{highest:.0f} MB", "under 300 MB"
    start = middle([process([GENERATOR, "--help"]) for _ in range(RUNS + 1)][1:])
    yield "`generator --help`", f"{start.ms:.0f} ms", "under 150 ms"


def diffs() -> Iterator[Row]:
    """Measure `generator diff` as whole processes, over streams of three sizes and against a commit."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        for objects, aim in ((150, ""), (1500, "under 1 s, under 400 MB"), (15000, "ten times that")):
            sizes = []
            for side in ("v1", "v2"):
                file = folder / f"{side}.yaml"
                file.write_text(manifests(objects, side), "utf-8")
                sizes.append(file.stat().st_size)
            run = middle([diff(["v1.yaml", "v2.yaml"], folder) for _ in range(5)])
            what = f"`generator diff` of two streams of {objects} objects, {sizes[0] / 1000:.0f} KB each"
            yield what, f"{run.ms / 1000:.2f} s; {run.mb:.0f} MB", aim
        for examples in (False, True):
            place = folder / f"examples-{examples}"
            repository(ROOT, place, examples=examples)
            run = middle([diff(["--base", "git:HEAD"], place) for _ in range(5)])
            what = "all charts × profiles × examples" if examples else "all charts × profiles"
            name = f"`generator diff --base git:REF`, {what}, every chart changed"
            yield name, f"{run.ms / 1000:.2f} s; {run.mb:.0f} MB", "under 3 s"


def diff(arguments: list[str], folder: Path) -> Run:
    """Compare in one new process; differences are not a failure here."""
    command = [GENERATOR, "diff", *arguments, "--fail-on", "immutable"]
    return process(command, {"PYTHONDONTWRITEBYTECODE": ""}, folder)


def fleets() -> Iterator[Row]:
    """Measure a site with many node groups, each with its own edgecore.yaml and rollout."""
    for groups, aim in ((100, ""), (1000, "under 20 s, under 500 MB")):
        with TemporaryDirectory() as name:
            (Path(name) / "site.yaml").write_text(fleet(groups), "utf-8")
            command = [GENERATOR, "render", "-f", "site.yaml", "-o", "out"]
            run = process(command, {"PYTHONDONTWRITEBYTECODE": ""}, Path(name))
        yield f"`generator render -o`, {groups} node groups", f"{run.ms / 1000:.1f} s; {run.mb:.0f} MB", aim


def calls() -> Iterator[Row]:
    """Measure the Python interface inside this process."""
    import generator as api

    load = call(lambda: api.load_site([], profile="mtls"))
    site = api.load_site([], profile="mtls")
    render = call(lambda: api.render_site(site))
    yield "`generator.load_site`, in process", f"{load:.1f} ms", ""
    yield (
        "`generator.render_site`, three charts, in process",
        f"{render:.1f} ms; {1000 / render:.0f} a second",
        "",
    )
    yield matrix()


def matrix() -> Row:
    """Render every chart for every profile and release that the rules accept."""
    import generator as api
    from generator.components import EDGEMESH, KUBEEDGE
    from generator.errors import InvalidInput
    from generator.model.profiles import PROFILES
    from generator.upstream.releases import tags

    rendered = refused = 0
    begin = perf_counter()
    for profile in PROFILES:
        for key, program in (("kubeedgeVersion", KUBEEDGE), ("edgemeshVersion", EDGEMESH)):
            for release in tags(program).values():
                try:
                    site = api.load_site([], profile=profile, set=[f"{key}={release}"])
                except InvalidInput:
                    refused += 1
                    continue
                api.render_site(site)
                rendered += 1
    seconds = perf_counter() - begin
    name = "every profile × every release, three charts each, in process"
    return name, f"{rendered} rendered, {refused} refused in {seconds:.1f} s", ""


def tests() -> Iterator[Row]:
    """Time the tests of the charts."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "auto", "tests/charts"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    output = run.stdout
    if run.returncode:
        sys.exit(f"the tests of the charts do not pass:\n{output[-2000:]}")
    passed = re.search(r"(\d+) passed", output)
    took = re.search(r" in ([\d.]+)s", output)
    if passed and took:
        each = float(took[1]) / int(passed[1]) * 300
        yield "`pytest tests/charts`", f"{passed[1]} in {took[1]} s; 300 in {each:.1f} s", "300 in under 20 s"


def main() -> None:
    """Print each line of the table as soon as it is measured."""
    write = sys.stdout.write
    write(f"{machine()}; median of {RUNS} runs\n\n| measured | result | target |\n|---|---|---|\n")
    for part in (processes, diffs, fleets, calls, tests):
        for row in part():
            write("| " + " | ".join(row) + " |\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
