"""`--for`: the certificates of the endpoint, or of kubectl logs and exec, alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from generator import go_yaml
from generator.certs.plan import SecretPlan
from generator.certs.targets import ENDPOINT, STREAMS, only, target_of
from tests.certs.sites import RELEASES, planned
from tests.cli.conftest import Run, run  # noqa: F401 (a fixture)

STREAM = "cloudCore.streamCertificate.existingSecret=stream"
OLDEST = ("--set", "kubeedgeVersion=v1.8.2")
ON = ("--set", "streams.enable=true")


@pytest.mark.parametrize("kubeedge", RELEASES)
def test_streams_need_only_the_stream_pair(kubeedge: str) -> None:
    found = only(planned("mtls", kubeedge, STREAM), STREAMS)
    assert [pair.name for pair in found.pairs] == ["stream"]
    assert [secret.name for secret in found.secrets] == ["stream"]
    assert (found.bundle, found.clients, found.notes) == (False, (), ())


@pytest.mark.parametrize("kubeedge", RELEASES)
def test_the_endpoint_needs_all_other_pairs(kubeedge: str) -> None:
    whole = planned("mtls", kubeedge, STREAM)
    found = only(whole, ENDPOINT)
    assert [pair.name for pair in found.pairs] == [pair.name for pair in whole.pairs if pair.name != "stream"]
    assert [secret.name for secret in found.secrets] == ["metaserver-certs"]
    assert (found.bundle, found.clients, found.notes) == (whole.bundle, whole.clients, whole.notes)


def test_no_target_keeps_the_whole_plan() -> None:
    whole = planned("mtls", "1.23", STREAM)
    assert only(whole, None) is whole


def test_the_target_of_a_secret_does_not_depend_on_its_names() -> None:
    entries = (("ca", "streamCA.crt"), ("tls.crt", "stream.crt"), ("tls.key", "stream.key"))
    assert target_of(SecretPlan("x", "cloudcore", entries)) == STREAMS
    assert target_of(SecretPlan("stream", "edgemesh-agent", (("rootCA.crt", "rootCA.crt"),))) == ENDPOINT


@pytest.mark.parametrize("flags", [(), OLDEST], ids=["newest", "oldest"])
def test_streams_are_issued_before_the_site_names_a_certificate(
    run: Run,  # noqa: F811
    tmp_path: Path,
    flags: tuple[str, ...],
) -> None:
    done = run("certs", "issue", "--for", "streams", *ON, *flags, "-o", "out", "--secrets")
    assert done.exit_code == 0, done.stderr
    secret = go_yaml.load(done.stdout.removeprefix("---\n"))
    assert secret["metadata"] == {"name": "cloudcore-stream", "namespace": "kubeedge"}
    assert set(secret["data"]) == {"streamCA.crt", "stream.crt", "stream.key"}
    names = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.*")}
    assert names == {
        "ca/streamCA.key",
        "secrets/cloudcore-stream.yaml",
        "stream.crt",
        "stream.key",
        "streamCA.crt",
    }
    assert done.stderr.endswith(
        "the site names no certificate for cloudStream; this is for the Secret cloudcore-stream (apply the "
        "Secret, and add it to the site: --set cloudCore.streamCertificate.existingSecret=cloudcore-stream) "
        "[stream-secret-to-set]\n"
    )


def test_a_secret_that_the_site_names_is_issued_without_the_note(run: Run) -> None:  # noqa: F811
    done = run("certs", "issue", "--for", "streams", *ON, "--set", STREAM, "-o", "out", "--secrets")
    assert done.exit_code == 0
    assert "name: stream\n" in done.stdout
    assert "stream-secret-to-set" not in done.stderr


def test_cert_manager_needs_no_secret(run: Run, tmp_path: Path) -> None:  # noqa: F811
    done = run("certs", "issue", "--for", "streams", *ON, "-o", "out", "--signer", "cert-manager")
    assert done.exit_code == 0
    assert "stream-secret-to-set" not in done.stderr
    values = go_yaml.load((tmp_path / "out" / "values.yaml").read_text())
    assert values["cloudCore"]["streamCertificate"]["certManager"]["enable"] is True
    assert run("render", *ON, "-f", "out/values.yaml").exit_code == 0


def test_the_endpoint_alone_has_no_stream_pair(run: Run, tmp_path: Path) -> None:  # noqa: F811
    site = ("--profile", "mtls", "--set", STREAM, "--set-string", "kubeedgeVersion=1.16")
    assert run("certs", "issue", "--for", "endpoint", *site, "-o", "out").exit_code == 0
    assert (tmp_path / "out" / "client.key").exists()
    assert not (tmp_path / "out" / "stream.key").exists()


def test_the_plan_has_the_note_too(run: Run) -> None:  # noqa: F811
    done = run("certs", "plan", "--for", "streams", *ON, "--json")
    found = json.loads(done.stdout)
    assert [pair["name"] for pair in found["pairs"]] == ["stream"]
    assert [note["ruleId"] for note in found["notes"]] == ["stream-secret-to-set"]


def test_without_a_target_the_site_must_name_a_certificate(run: Run) -> None:  # noqa: F811
    done = run("certs", "issue", *ON, "-o", "out")
    assert done.exit_code == 1
    assert "[streams-need-certificate]" in done.stderr
    assert "`generator certs issue --for streams`" in done.stderr


def test_an_unknown_target_is_a_usage_error(run: Run) -> None:  # noqa: F811
    assert run("certs", "issue", "--for", "agent", "-o", "out").exit_code == 2
