"""Calls of kubectl by the package."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.errors import ClusterError
from generator.io.kubectl import Kubectl

# Prints a page for the token in the path, and fails for other paths.
SCRIPT = """\
#!/bin/sh
case "$3" in
--subresource=*) echo "Error: unknown flag: --subresource" >&2; exit 1 ;;
'/api/v1/nodes?labelSelector=edge&limit=1000')
    echo '{"metadata":{"continue":"a/b"},"items":[{"n":1},{"n":2}]}' ;;
'/api/v1/nodes?labelSelector=edge&limit=1000&continue=a%2Fb') echo '{"metadata":{},"items":[{"n":3}]}' ;;
/apis/*) echo 'Error from server (NotFound): the server could not find the requested resource' >&2; exit 1 ;;
*) echo "Error from server (Forbidden): $3" >&2; exit 1 ;;
esac
"""


@pytest.fixture
def kubectl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kubectl:
    """Return a kubectl that has one list of two pages."""
    program = tmp_path / "kubectl"
    program.write_text(SCRIPT, "utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("KUBECTL", str(program))
    return Kubectl()


def test_long_lists_are_read_page_by_page(kubectl: Kubectl) -> None:
    found = kubectl.pages("/api/v1/nodes", labelSelector="edge")
    assert [one["n"] for one in found] == [1, 2, 3]


def test_list_of_an_unknown_type_is_empty(kubectl: Kubectl) -> None:
    assert list(kubectl.pages("/apis/policy.kubeedge.io/v1alpha1/serviceaccountaccesses")) == []


def test_a_list_that_rbac_denies_is_an_error(kubectl: Kubectl) -> None:
    with pytest.raises(ClusterError, match="Forbidden"):
        list(kubectl.pages("/api/v1/secrets"))


def test_an_old_kubectl_is_reported_with_the_release_to_install(
    kubectl: Kubectl,
) -> None:
    with pytest.raises(ClusterError) as raised:
        kubectl.run("patch", "serviceaccountaccess", "--subresource=status")
    assert "unknown flag: --subresource" in str(raised.value)
    assert raised.value.fix == "install kubectl 1.24 or newer, or set KUBECTL to one"
