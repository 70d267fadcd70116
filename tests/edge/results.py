"""What a run has proven: its result file, and docs/tested.md made from it.

python -m tests.edge.results            compare docs/tested.md with the result file of the last whole run
python -m tests.edge.results --write    write docs/tested.md
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.edge.releases import releases, version

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "build" / "edge"
PAGE = ROOT / "docs" / "tested.md"
PROFILES = ("plain", "one-way", "one-way-verified", "mtls")
HEAD = """\
# What is tested on the real programs

`make test-edge` runs cloudcore, edgecore and keadm of the releases below with what `generator install` and
`generator render -o` write, unedited. This page is the result of the last whole run; CI compares it with its
own run. Everything else that these pages say is computed from tables that were read from the programs, and
checked with their config loaders and a real API server.

- **KubeEdge {oldest}** stands for 1.17 to 1.22, **KubeEdge {newest}** for 1.23 and newer. The older release
  runs every profile, the faults under mtls, and the upgrade; `python -m tests.edge --release 1.20` runs the
  rest.
- **KubeEdge up to 1.16 is only computed.** These releases cannot be built from the Go module proxy.
- **EdgeMesh is only computed**, for the same reason. A client takes the place of edgemesh-agent in its pod:
  it reads the agent's config as the agent does, and asks the endpoint, ten times a second in switches,
  upgrades and rotations.
- The node is a network namespace with containerd and runc. The images contain Debian's busybox. `systemctl`
  is a script, since the machine has no systemd. The pods of the cloud node, except cloudcore, do not run.

| what was shown | where | {columns} |
|---|---|{lines}|
"""


@dataclass(frozen=True, order=True)
class Result:
    """A test that passed: what it shows, its file and name, the release, and the profile ("" for none)."""

    shows: str
    test: str
    release: str
    profile: str


def write(results: Iterable[Result], path: Path) -> None:
    """Write the results of a run."""
    path.write_text(json.dumps([asdict(one) for one in results], indent=1), "utf-8")


def read(paths: Iterable[Path]) -> list[Result]:
    """Return the results of some runs."""
    return [Result(**one) for path in paths for one in json.loads(path.read_text("utf-8"))]


def page(results: list[Result]) -> str:
    """Return the text of docs/tested.md."""
    tested = releases()
    columns = [f"KubeEdge {version(one)[1:]}" for one in tested]
    head = HEAD.format(
        oldest=version(tested[0])[1:],
        newest=version(tested[-1])[1:],
        columns=" | ".join(columns),
        lines="|".join("---" for _ in columns),
    )
    rows = sorted({(one.test, one.shows) for one in results})
    return head + "".join(f"{_row(test, shows, results)}\n" for test, shows in rows)


def _row(test: str, shows: str, results: list[Result]) -> str:
    cells = [shows, f"`{test}`"]
    for release in releases():
        profiles = {
            one.profile for one in results if (one.test, one.shows, one.release) == (test, shows, release)
        }
        cells.append(_cell(profiles))
    return f"| {' | '.join(cells)} |"


def _cell(profiles: set[str]) -> str:
    if not profiles:
        return "–"
    if profiles == {*PROFILES}:
        return "every profile"
    return ", ".join(one for one in PROFILES if one in profiles) or "yes"


def main(arguments: list[str]) -> int:
    """Write the page, or exit with 1 if it differs from what the run has shown."""
    text = page(read(sorted(FOLDER.glob("*/*/results.json"))))
    if "--write" in arguments:
        PAGE.write_text(text, "utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text("utf-8") == text:
        return 0
    sys.stderr.write("docs/tested.md: differs from the results of this run (make tested)\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
