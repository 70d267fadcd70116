"""Every command that writes, stopped at each of its file operations and then run again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from generator.certs.material import collect
from generator.certs.states import states
from generator.certs.verify import verify
from generator.cli.certs import now
from tests.certs.sites import planned
from tests.cli.conftest import ADDRESS, Run, run  # noqa: F401 (a fixture)
from tests.stops import FAIL, INTERRUPT, KILL, Tree, stops, tree

SITE = ("--profile", "mtls", "--set-string", "kubeedgeVersion=1.16", "-o", "certs")
PLAN = planned("mtls", "1.16")


def visible(files: Tree) -> Tree:
    """Return the files without the hidden ones, which are of the writing itself."""
    return {name: what for name, what in files.items() if not Path(name).name.startswith(".generator")}


def keys_are_private(files: Tree) -> bool:
    """Say whether nobody else can read a private key, in whatever file it is."""
    return all(not mode & 0o077 for text, mode in files.values() if b"PRIVATE KEY" in text)


# --- certs ----------------------------------------------------------------------------------


@pytest.mark.parametrize("how", [KILL, INTERRUPT, FAIL])
@pytest.mark.parametrize(
    ("before", "verb", "state"),
    [
        ((), ("issue",), "settled"),
        (("issue",), ("issue", "--force"), "settled"),
        (("issue",), ("rotate", "trust"), "trusted"),
        (("issue", "trust"), ("rotate", "leaves"), "renewed"),
        (("issue", "trust", "leaves"), ("rotate", "drop"), "settled"),
        (("issue", "trust", "leaves"), ("rotate", "abandon"), "trusted"),
        (("issue", "trust"), ("rotate", "abandon"), "settled"),
    ],
    ids=["issue", "issue-force", "trust", "leaves", "drop", "abandon-leaves", "abandon-trust"],
)
def test_certs_stopped_and_run_again_is_one_stage_further(
    run: Run,  # noqa: F811
    tmp_path: Path,
    before: tuple[str, ...],
    verb: tuple[str, ...],
    state: str,
    how: str,
) -> None:
    (tmp_path / "before").mkdir()
    for stage in before:
        run("certs", *(["rotate"] if stage != "issue" else []), stage, *SITE[:-1], "before/certs")
    old = tree(tmp_path / "before")
    shutil.copytree(tmp_path / "before", tmp_path / "through")
    assert run("certs", *verb, *SITE[:-1], "through/certs").exit_code == 0
    expected = {name: mode for name, (_, mode) in tree(tmp_path / "through").items()}
    for stop in stops(tmp_path / "before", tmp_path / "work", ["certs", *verb, *SITE], how):
        assert keys_are_private(stop.left), stop.operation
        if how != KILL:
            # What is interrupted or fails puts back what there was, or has done all but tidying up.
            files = visible(stop.left)
            assert files == old or {n: m for n, (_, m) in files.items()} == expected, stop.operation
            assert stop.first == 3
        assert stop.again == 0, (stop.operation, stop.output)
        after = tree(stop.folder)
        assert {name: mode for name, (_, mode) in after.items()} == expected, stop.operation
        assert [one.name for one in states(PLAN, stop.folder / "certs")] == [state], stop.operation
        material = collect([str(stop.folder / "certs")], PLAN.secrets)
        assert verify(PLAN, material, now()).accepted, stop.operation
        shutil.rmtree(stop.folder)
