"""The files of ci/gitops/ on an API server with the CRDs of Argo CD, Flux and External Secrets.

No controller of these tools runs: the API server checks the objects, with strict field validation.
"""

from __future__ import annotations

import copy
import re
from functools import partial
from typing import Any

import pytest

from generator import paths
from tests.cluster.api import Api, Denied, Object, until
from tests.cluster.conftest import add_namespace
from tests.cluster.leftovers import Leftovers
from tests.cluster.test_crds import established
from tests.gitops.crds import crds
from tests.gitops.examples import FOLDER, TOOLS, files, objects, objects_of_page

pytestmark = pytest.mark.crds

APPLIED = {"fieldManager": "test", "fieldValidation": "Strict"}
# The namespace of the controllers' own objects.
NAMESPACES = ("argocd", "flux-system")


@pytest.fixture
def namespaces(api: Api) -> None:
    """Create the namespaces; `leftovers` comes after it, because they stay."""
    for namespace in NAMESPACES:
        add_namespace(api, namespace)


@pytest.fixture
def defined(api: Api, namespaces: None, leftovers: Leftovers) -> None:  # noqa: ARG001 (the order)
    """Create the CRDs of the tools."""
    for one in crds():
        api.create(one)
    for one in crds():
        name = one["metadata"]["name"]
        until(partial(established, api, name), f"{name} is established")
        until(partial(served, api, one), f"{name} is served")


def served(api: Api, crd: Object) -> bool:
    """Return whether discovery has every version of a CRD, which can come later than its condition."""
    names, group = crd["spec"]["names"], crd["spec"]["group"]
    versions = [one["name"] for one in crd["spec"]["versions"] if one["served"]]
    try:
        for version in versions:
            api.place({"apiVersion": f"{group}/{version}", "kind": names["kind"], "metadata": {"name": "x"}})
    except Denied:
        return False
    return True


def example(tool: str) -> list[Object]:
    """Return the objects of an example, without the Namespace, which exists."""
    found = [one for text in files(FOLDER / tool).values() for one in objects(text)]
    return [one for one in found if one["kind"] != "Namespace"]


def apply(api: Api, found: Object) -> Any:
    """Apply an object on the server, as both tools do; raise Denied."""
    return api.do("PATCH", api.place(found), found, patch="apply", **APPLIED)


# The CRDs take longer than the tests, so each test has several cases.
MISSPELT = [
    ("argocd", "Application", "spec.source.helm.valuesObjekt"),
    ("argocd", "ApplicationSet", "spec.template.spec.destination.nam"),
    ("argocd", "ExternalSecret", "spec.target.nam"),
    ("flux", "HelmRelease", "spec.install.disableWaiting"),
    ("flux", "OCIRepository", "spec.ref.tagg"),
]


@pytest.mark.usefixtures("defined")
def test_the_api_server_accepts_the_examples_twice_and_the_objects_of_the_page(api: Api) -> None:
    for tool in TOOLS:
        assert example(tool)
        for found in example(tool):
            made = apply(api, found)
            assert keeps(made["spec"], found["spec"])
            again = apply(api, found)
            # The API server may add the default of a status to the stored object, which is no new generation.
            assert again["metadata"]["generation"] == made["metadata"]["generation"]
            assert again["spec"] == made["spec"]
    for found in objects_of_page():
        apply(api, found)


def keeps(made: Any, written: Any) -> bool:
    """Return whether an object has every written field; the CRD may add defaults."""
    if isinstance(written, dict):
        return isinstance(made, dict) and all(keeps(made.get(name), value) for name, value in written.items())
    if isinstance(written, list):
        return len(made) == len(written) and all(map(keeps, made, written))
    return bool(made == written)


@pytest.mark.usefixtures("defined")
def test_the_api_server_rejects_a_misspelt_key(api: Api) -> None:
    for tool, kind, key in MISSPELT:
        found = copy.deepcopy(next(one for one in example(tool) if one["kind"] == kind))
        paths.put(found, key, "x")
        with pytest.raises(Denied, match=re.escape(key)):
            apply(api, found)
