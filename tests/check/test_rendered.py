"""Files that `generator render -o` writes: no errors, and only the warnings that render printed."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from generator.check import check_files
from generator.cli.main import cli
from generator.model.profiles import PROFILES

# Before and after each change of the endpoint's TLS.
RELEASES = ("1.8", "1.12", "1.16", "1.18", "1.23")
TLS_BEGAN = 12
WITH_ROLLOUT = ("1.16", "1.23")
CASES = [
    (profile, minor)
    for profile in (None, *PROFILES)
    for minor in RELEASES
    if profile in (None, "plain") or int(minor.split(".")[1]) >= TLS_BEGAN
]


@pytest.mark.parametrize(("profile", "minor"), CASES)
def test_rendered_files_have_no_finding_that_render_did_not_report(
    profile: str | None, minor: str, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    flags = ["--set", f"kubeedgeVersion={minor},cloudCore.modules.cloudHub.advertiseAddress[0]=192.0.2.10"]
    if minor in WITH_ROLLOUT:
        # Keys that only one chart reads, and another ConfigMap with a config of edgecore.
        flags += ["--set", "streams.enable=true,cloudCore.streamCertificate.existingSecret=cloudcore-stream"]
        flags += ["--set", "edgeCore.rollout.enable=true"]
    named = ["--profile", profile] if profile else []
    done = CliRunner().invoke(cli, ["render", *flags, *named, "-o", str(out)])
    assert done.exit_code == 0
    report = check_files([str(out)])
    assert report.kubeedge.minor == minor
    # Config files name keys without the sections of the values.
    new = [str(one) for one in report.findings if one.level == "error" or one.what[:40] not in done.stderr]
    assert new == []
    assert {tuple(verdict.profiles) for verdict in report.verdicts} == {(profile,) if profile else ()}
