"""`check --fix`: only fixes that cause no finding; writes the backup first; keeps owner, mode and BOM."""

from __future__ import annotations

import codecs
import errno
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from generator.check import check_files
from generator.cli.main import cli

MISSPELT = "modules:\n  cloudHub:\n    advertiseAddress: [192.0.2.10]\n  dynamicControler: {enable: true}\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a cloudcore.yaml with one misspelt key."""
    path = tmp_path / "cloudcore.yaml"
    path.write_text(MISSPELT, "utf-8")
    return path


def fix(path: Path) -> Result:
    return CliRunner().invoke(cli, ["check", "--fix", str(path)])


# --- which fixes are offered -------------------------------------------------------------------

UNSAFE = {
    "an unknown gate becomes read, and ends the program": "featureGatse: {noSuchGate: true}\n",
    "a section that was ignored becomes null, which crashes": "modules: {cloudHubb: }\n",
    "a type that was never read becomes wrong": "modules: {cloudHubb: {nodeLimit: many}}\n",
}


@pytest.mark.parametrize("text", UNSAFE.values(), ids=UNSAFE)
def test_a_fix_that_causes_a_finding_is_not_offered(text: str, tmp_path: Path) -> None:
    path = tmp_path / "cloudcore.yaml"
    path.write_text(f"kind: CloudCore\n{text}", "utf-8")
    assert [
        finding.edit for finding in check_files([str(path)]).findings if finding.code == "unknown-key"
    ] == [None]
    fix(path)
    assert path.read_text("utf-8") == f"kind: CloudCore\n{text}"


def test_a_safe_fix_is_made_next_to_an_unsafe_one(file: Path) -> None:
    file.write_text(MISSPELT + "featureGatse: {noSuchGate: true}\n", "utf-8")
    fix(file)
    fixed = MISSPELT.replace("Controler", "Controller") + "featureGatse: {noSuchGate: true}\n"
    assert file.read_text("utf-8") == fixed


def test_a_misspelt_key_below_a_misspelt_key_needs_one_run(file: Path) -> None:
    file.write_text(MISSPELT.replace("enable", "enabel"), "utf-8")
    done = fix(file)
    assert file.read_text("utf-8") == MISSPELT.replace("Controler", "Controller")
    assert "2 fixed in " in done.stderr


# --- how fixes are written ---------------------------------------------------------------------


def test_file_and_backup_keep_bom_and_mode(file: Path) -> None:
    before = codecs.BOM_UTF8 + MISSPELT.encode()
    file.write_bytes(before)
    file.chmod(0o640)
    fix(file)
    backup = file.with_name("cloudcore.yaml.orig")
    assert file.read_bytes() == codecs.BOM_UTF8 + MISSPELT.replace("Controler", "Controller").encode()
    assert backup.read_bytes() == before
    assert [path.stat().st_mode & 0o7777 for path in (file, backup)] == [0o640, 0o640]


def test_file_and_backup_keep_the_owner(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    was, given = file.stat(), []
    monkeypatch.setattr(os, "geteuid", lambda: was.st_uid + 1)
    monkeypatch.setattr(os, "chown", lambda _, *owner: given.append(owner))
    fix(file)
    assert given == [(was.st_uid, was.st_gid)] * 2


def test_a_file_whose_owner_cannot_be_kept_is_not_changed(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(*_: Any) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted", str(file))

    monkeypatch.setattr(os, "geteuid", lambda: file.stat().st_uid + 1)
    monkeypatch.setattr(os, "chown", denied)
    assert "cannot be written: Operation not permitted" in fix(file).stderr
    assert [path.name for path in file.parent.iterdir()] == ["cloudcore.yaml"]


def test_a_full_disk_leaves_no_temporary_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    done = fix(file)
    assert done.stderr.endswith("cannot be written: No space left on device\n")
    assert [path.name for path in file.parent.iterdir()] == ["cloudcore.yaml"]
    assert file.read_text("utf-8") == MISSPELT


@pytest.mark.parametrize("stop", [1, 2])
def test_the_original_is_kept_if_a_fix_is_killed(
    file: Path, monkeypatch: pytest.MonkeyPatch, stop: int
) -> None:
    backup, replace, done = file.with_name("cloudcore.yaml.orig"), Path.replace, []

    class Killed(BaseException):
        pass

    def killed(path: Path, target: Path) -> Path:
        done.append(target.name)
        if len(done) == stop:
            assert file.read_text("utf-8") == MISSPELT
            assert backup.exists() == (stop == 2)
            raise Killed
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", killed)
    with pytest.raises(Killed):
        CliRunner().invoke(cli, ["check", "--fix", str(file)], catch_exceptions=False)
    assert done == ["cloudcore.yaml.orig", "cloudcore.yaml"][:stop]
    assert [path.name for path in file.parent.iterdir()] == ["cloudcore.yaml"]
