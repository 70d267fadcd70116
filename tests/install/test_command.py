"""`generator install` and `uninstall` without a cluster: flags of each Helm version, and usage errors."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from generator.errors import HelmError
from generator.helm.flags import UpgradeOptions, upgrade_flags
from generator.helm.releases import LiveRelease
from generator.install.recover import age
from tests.cli.conftest import ADDRESS, Run, run

__all__ = ["run"]


@pytest.mark.parametrize(
    ("helm", "expected"),
    [
        ((3, 10), ["--wait", "--timeout", "90s", "--atomic"]),
        ((3, 22), ["--wait", "--timeout", "90s", "--atomic"]),
        (
            (4, 3),
            [
                "--wait",
                "--timeout",
                "90s",
                "--rollback-on-failure",
                "--server-side=true",
                "--force-conflicts",
            ],
        ),
    ],
)
def test_flags_depend_on_the_version_of_helm(helm: tuple[int, ...], expected: list[str]) -> None:
    assert upgrade_flags(helm, UpgradeOptions(90, roll_back=True)) == expected


def test_old_helm_cannot_adopt_objects() -> None:
    with pytest.raises(HelmError, match=r"helm 3\.10 has no --take-ownership"):
        upgrade_flags((3, 10), UpgradeOptions(take_ownership=True))


def test_rollback_on_failure_needs_waiting(run: Run) -> None:
    done = run("install", "--yes", "--no-wait", "--rollback-on-failure")
    assert done.exit_code == 2
    assert "leave out --no-wait" in done.stderr


@pytest.mark.parametrize("command", ["install", "uninstall"])
def test_missing_terminal_is_a_usage_error(run: Run, command: str) -> None:
    done = run(command)
    assert done.exit_code == 2
    assert "no terminal to confirm on: use --yes or --dry-run" in done.stderr


@pytest.mark.parametrize("time", ["", "soon", "5 m", "-1s", "0s"])
def test_wrong_timeout_is_a_usage_error(run: Run, time: str) -> None:
    assert run("install", "--yes", "--timeout", time).exit_code == 2


def test_site_is_validated_before_the_cluster_is_contacted(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HELM_BIN", "/nowhere/helm")
    done = run("install", "--yes", "--set", "agent.pks=x")
    assert done.exit_code == 1
    assert "--set: agent.pks: unknown key (did you mean psk?)" in done.stderr


def test_missing_or_old_helm_is_an_error(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HELM_BIN", "/nowhere/helm")
    done = run("install", "--yes", "--profile", "plain", "--set", ADDRESS)
    assert (done.exit_code, "helm not found: /nowhere/helm" in done.stderr) == (3, True)
    old = tmp_path / "helm"
    old.write_text("#!/bin/sh\necho v3.8.2+gabc\n")
    old.chmod(0o755)
    monkeypatch.setenv("HELM_BIN", str(old))
    done = run("install", "--yes", "--profile", "plain", "--set", ADDRESS)
    assert done.exit_code == 3
    assert f"{old} is helm 3.8 (install Helm 3.10 or newer, or set HELM_BIN)" in done.stderr


@pytest.mark.parametrize("form", ["%Y-%m-%dT%H:%M:%S.123456789Z", "%Y-%m-%dT%H:%M:%S.5+00:00"])
def test_age_of_a_revision_is_read(form: str) -> None:
    began = datetime.now(timezone.utc) - timedelta(seconds=40)
    found = LiveRelease("a", "kubeedge", "a", 1, "pending-install", "", updated=began.strftime(form))
    assert 39 < age(found) < 45
    assert age(LiveRelease("a", "kubeedge", "a", 1, "pending-install", "")) == float("inf")
