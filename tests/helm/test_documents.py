"""The output of Helm, split into documents and sorted."""

from __future__ import annotations

import pytest

from generator.errors import HelmError
from generator.helm import in_order
from generator.helm.documents import Document, split

TEXT = """\
---
# Source: c/templates/a.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: a
data:
  text: |
    ---
    not a document
---
# Source: c/templates/empty.yaml
---
# Source: c/templates/comments.yaml
# only a comment
--- \n\
# Source: c/templates/b.yaml
# a comment that stays
kind: Pod
metadata:
  name: b
  annotations: {helm.sh/hook: test}
"""


def documents(text: str) -> list[Document]:
    return list(split("c", text, "helm"))


def test_split() -> None:
    first, second = documents(TEXT)
    assert (first.kind, first.name, first.chart) == ("ConfigMap", "a", "c")
    assert first.data["data"]["text"] == "---\nnot a document\n"
    assert first.text.startswith("apiVersion: v1\n")
    assert first.text.endswith("    not a document\n")
    assert second.text.startswith("# a comment that stays\nkind: Pod\n")
    assert [document.is_test for document in (first, second)] == [False, True]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: [1", "c: helm renders invalid YAML: "),
        ("- a\n- b\n", "c: helm renders a document that is not an object"),
        ("text", "c: helm renders a document that is not an object"),
    ],
)
def test_documents_that_are_not_objects_are_rejected(text: str, says: str) -> None:
    with pytest.raises(HelmError) as caught:
        documents(text)
    assert str(caught.value).startswith(says)


def test_an_object_without_metadata() -> None:
    (document,) = documents("kind: List\nmetadata:\nitems: []\n")
    assert (document.kind, document.name, document.is_test) == ("List", "", False)


def test_order_is_crds_then_helms_order_then_chart_and_name() -> None:
    def document(chart: str, kind: str, name: str) -> Document:
        return Document(chart, "", {"kind": kind, "metadata": {"name": name}})

    wanted = [
        document("b", "CustomResourceDefinition", "z"),
        document("a", "ServiceAccount", "z"),
        document("b", "ServiceAccount", "a"),
        document("b", "ServiceAccount", "b"),
        document("a", "Service", "a"),
        document("a", "Deployment", "a"),
        document("a", "Certificate", "a"),
        document("a", "Issuer", "a"),
    ]
    assert in_order(reversed(wanted)) == wanted
