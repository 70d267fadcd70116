"""`generator diff release:NAME`: the installed release compared with the values."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cluster.command import Generator
from tests.cluster.helm import Helm, newest_helm

KEY = "dGhpcyBrZXkgaXMgb25seSBmb3IgdGhpcyB0ZXN0ISE="
SITE = f"agent:\n  psk: {KEY}\n"
VALUES = {"agent": {"psk": KEY}}


@pytest.fixture
def generator(helm: Helm, tmp_path: Path) -> Generator:
    """Return the command with each Helm, in a folder with a site."""
    made = Generator(helm, tmp_path)
    made.site(SITE)
    return made


pytestmark = pytest.mark.usefixtures("leftovers")


def test_release_is_compared_with_its_values(generator: Generator) -> None:
    generator.helm.install(
        "edgemesh", "--set", "profile=one-way", release="mesh", namespace="mesh", values=VALUES
    )
    beside = ("-f", "site.yaml", "--namespace", "mesh")
    done = generator("diff", "release:mesh", "one-way", *beside)
    assert done.out == "release mesh (revision 1) -> profile one-way: no difference; 6 objects the same\n"

    done = generator("diff", "release:mesh", "plain", *beside, "--format", "json", code=1)
    report = json.loads(done.out)
    assert {one["ruleId"] for one in report["impacts"]} == {"restart", "tls-weakened"}
    assert {one["name"] for one in report["objects"]} == {"mesh-agent", "mesh-agent-cfg"}
    assert report["notes"] == []
    assert KEY not in done.out + done.err


@newest_helm
def test_failed_release_is_noted(generator: Generator) -> None:
    # Nothing makes its pods ready.
    failed = generator.helm.attempt(
        *generator.helm.command("edgemesh", "--wait", "--timeout", "2s", release="mesh", namespace="mesh"),
        values=VALUES,
    )
    assert failed.code
    done = generator("diff", "release:mesh", "values:site.yaml", "--namespace", "mesh")
    note = (
        "note: release mesh: revision 1 is failed, not deployed; the cluster may run something else "
        "(check it with helm history) [revision-not-deployed]"
    )
    assert note in done.out.splitlines()


@newest_helm
def test_missing_release_and_unreachable_cluster(generator: Generator) -> None:
    done = generator("diff", "release:nothing", "plain", "--namespace", "mesh", code=3)
    assert (done.out, done.err) == (
        "",
        "release:nothing: not found in namespace mesh (see `helm list --all --namespace mesh`)\n",
    )
    nobody = generator.folder / "kubeconfig"
    nobody.write_text(
        "apiVersion: v1\nkind: Config\ncurrent-context: x\n"
        "clusters: [{name: x, cluster: {server: 'https://127.0.0.1:1'}}]\n"
        "contexts: [{name: x, context: {cluster: x, user: x}}]\n"
        "users: [{name: x, user: {token: a-token-that-nobody-may-see}}]\n",
        "utf-8",
    )
    done = generator("diff", "release:mesh", "plain", "--kubeconfig", str(nobody), code=3)
    assert "127.0.0.1:1" in done.err
    assert "a-token-that-nobody-may-see" not in done.out + done.err
