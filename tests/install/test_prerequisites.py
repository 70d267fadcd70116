"""Which Secrets pods require, and the command that creates each."""

from __future__ import annotations

from typing import Any

import pytest

from generator.install.prerequisites import (
    missing_namespaces,
    missing_secrets,
    required_secrets,
    with_certificate_keys,
)
from generator.kube.objects import Object
from generator.load import LoadedSite, load_site
from generator.render.site import render_site
from tests.cli.conftest import ADDRESS


def site_of(profile: str, *flags: str) -> LoadedSite:
    """Load a site with an address of cloudcore."""
    return load_site(profile=profile, set=(ADDRESS, *flags))


def objects_of(site: LoadedSite) -> list[Object]:
    """Render a site to objects."""
    return [Object(document.data) for document in render_site(site).documents]


@pytest.mark.parametrize(
    ("profile", "flags", "expected"),
    [
        ("plain", (), {"edgemesh-psk": {"psk"}}),
        ("plain", ("agent.psk=a-key-of-its-own-for-this-test",), {}),
        (
            "mtls",
            (),
            {"edgemesh-psk": {"psk"}, "metaserver-certs": {"rootCA.crt", "server.crt", "server.key"}},
        ),
        (
            "one-way-verified",
            ("cloudCore.streamCertificate.existingSecret=logs",),
            {"edgemesh-psk": {"psk"}, "logs": {"streamCA.crt", "stream.crt", "stream.key"}},
        ),
    ],
)
def test_required_secrets(profile: str, flags: tuple[str, ...], expected: dict[str, set[str]]) -> None:
    site = site_of(profile, *flags)
    found = with_certificate_keys(required_secrets(objects_of(site), "kubeedge"), site)
    assert {one.name: set(one.keys) for one in found if not one.optional} == expected


def test_pull_secrets_are_optional() -> None:
    site = site_of("plain", "images.pullSecrets[0]=mirror")
    found = required_secrets(objects_of(site), "kubeedge")
    assert {one.name for one in found if one.optional} == {"mirror"}
    assert [one.where for one in missing_secrets(found, {}, site, "")] == ["secret kubeedge/edgemesh-psk"]


def test_missing_secret_has_the_command_that_creates_it() -> None:
    site = site_of("mtls")
    found = with_certificate_keys(required_secrets(objects_of(site), "kubeedge"), site)
    psk, certs = (str(one) for one in missing_secrets(found, {}, site, " --profile mtls"))
    assert psk == (
        "secret kubeedge/edgemesh-psk: does not exist; DaemonSet kubeedge/edgemesh-agent needs it "
        "(openssl rand -base64 32 | tr -d '\\n' | kubectl --namespace kubeedge create secret generic "
        "edgemesh-psk --from-file=psk=/dev/stdin) [secret-missing]"
    )
    assert certs == (
        "secret kubeedge/metaserver-certs: does not exist; DaemonSet kubeedge/edgemesh-agent needs it "
        "(generator certs issue --profile mtls --namespace kubeedge -o certs --apply --approve --secrets "
        "| kubectl apply -f -) [secret-missing]"
    )


def test_missing_stream_secret_has_its_own_command() -> None:
    site = site_of("mtls", "streams.enable=true", "cloudCore.streamCertificate.existingSecret=logs")
    found = with_certificate_keys(required_secrets(objects_of(site), "kubeedge"), site)
    (missing,) = (
        one
        for one in missing_secrets(found, {}, site, " -f site.yaml")
        if one.where == "secret kubeedge/logs"
    )
    assert str(missing) == (
        "secret kubeedge/logs: does not exist; Deployment kubeedge/cloudcore needs it (generator certs issue "
        "-f site.yaml --for streams --namespace kubeedge -o certs --secrets | kubectl apply -f -) "
        "[secret-missing]"
    )


def test_namespace_of_missing_secrets_is_reported_once() -> None:
    found = required_secrets(objects_of(site_of("mtls")), "kubeedge")
    there: dict[tuple[str, str], dict[str, Any]] = {("kubeedge", one.name): {} for one in found}
    (found_one,) = missing_namespaces(found, {}, {"default"})
    assert found_one.where == "namespace kubeedge"
    assert found_one.fix == "kubectl create namespace kubeedge"
    assert (
        list(missing_namespaces(found, there, ())) == list(missing_namespaces(found, {}, {"kubeedge"})) == []
    )


def test_missing_key_is_reported() -> None:
    site = site_of("plain")
    there: dict[tuple[str, str], dict[str, Any]] = {("kubeedge", "edgemesh-psk"): {"data": {"key": "eA=="}}}
    (found,) = missing_secrets(required_secrets(objects_of(site), "kubeedge"), there, site, "")
    assert found.what == "has no key psk; DaemonSet kubeedge/edgemesh-agent needs it"
