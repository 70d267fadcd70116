"""The objects of ci/gitops/ and docs/gitops.md, checked with the CRDs of the tools."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from generator import paths
from tests.gitops.crds import problems, schemas
from tests.gitops.examples import FOLDER, TOOLS, files, objects, objects_of_page

pytestmark = pytest.mark.crds

FILES = {f"{tool}/{name}": text for tool in TOOLS for name, text in files(FOLDER / tool).items()}
BUILT_IN = ("v1",)
KINDS = {
    "Application", "ApplicationSet", "ExternalSecret", "HelmRelease", "Kustomization", "OCIRepository",
}  # fmt: skip


def example(name: str, kind: str) -> dict[str, Any]:
    """Return an object of an example."""
    (found,) = (one for one in objects(FILES[name]) if one["kind"] == kind)
    return found


@pytest.mark.parametrize("name", FILES)
def test_example_fits_the_crds(name: str) -> None:
    found = [one for one in objects(FILES[name]) if one["apiVersion"] not in BUILT_IN]
    assert [line for one in found for line in problems(one)] == []


def test_objects_of_the_page_fit_the_crds() -> None:
    found = [one for one in objects_of_page() if one["apiVersion"] not in BUILT_IN]
    assert {one["kind"] for one in found} == {"Application", "Kustomization"}
    assert [line for one in found for line in problems(one)] == []


def test_there_is_a_schema_for_each_kind() -> None:
    assert {kind for _, kind in schemas()} >= KINDS


CLOUDCORE = "argocd/sites/factory/cloudcore.yaml"
ONE_SECRET = "argocd/sites/factory/secrets/mesh-key.yaml"


@pytest.mark.parametrize(
    ("name", "kind", "path", "value"),
    [
        (CLOUDCORE, "Application", "spec.sorce", {}),
        (CLOUDCORE, "Application", "spec.source.helm.valuesObjekt", {}),
        (CLOUDCORE, "Application", "spec.syncPolicy.automated.prune", "yes"),
        ("argocd/applicationset.yaml", "ApplicationSet", "spec.template.spec.destination.nam", "x"),
        ("flux/cloudcore.yaml", "HelmRelease", "spec.install.disableWaiting", True),
        ("flux/cloudcore.yaml", "HelmRelease", "spec.driftDetection.mode", "on"),
        ("flux/cloudcore.yaml", "OCIRepository", "spec.ref.tagg", "0.1.0"),
        (ONE_SECRET, "ExternalSecret", "spec.target.nam", "x"),
    ],
)
def test_misspelt_keys_and_wrong_values_are_found(name: str, kind: str, path: str, value: Any) -> None:
    changed = copy.deepcopy(example(name, kind))
    paths.put(changed, path, value)
    (problem,) = problems(changed)
    # An unknown key is a problem of the map around it.
    assert path.startswith(problem.partition(": ")[0])
