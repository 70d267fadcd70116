"""YAML streams, valid and invalid: read completely, or rejected with the line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator import go_yaml
from generator.diff.formats import writer
from generator.errors import InvalidInput
from tests.cli.conftest import Run
from tests.diff.sides import compared, everything, places, read, stream, texts_compared

ONE = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one}\ndata: {a: '1'}\n"
TWO = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: two}\ndata: {a: '2'}\n"

QUOTED = "'1'"
DATA = f"{{a: {QUOTED}}}"
STREAMS = {
    "plain": f"{ONE}---\n{TWO}",
    "begins with a mark": f"---\n{ONE}---\n{TWO}---\n",
    "comments at the marks": f"--- # one\n{ONE}--- # two\n# more\n{TWO}",
    "ends with dots": f"{ONE}...\n---\n{TWO}...\n",
    "dots alone": f"{ONE}...\n{TWO}",
    "empty documents": f"---\n---\n# nothing\n---\n{ONE}---\n\n---\n{TWO}---\nnull\n---\n",
    "directive": f"%YAML 1.1\n---\n{ONE}---\n{TWO}",
    "CRLF": f"{ONE}---\n{TWO}".replace("\n", "\r\n"),
    "BOM": f"\ufeff{ONE}---\n{TWO}",
    "BOM in every document": f"\ufeff{ONE}---\n\ufeff{TWO}",
    "no line end": f"{ONE}---\n{TWO}".rstrip("\n"),
    "on the line of the mark": f"--- {json.dumps(go_yaml.load(ONE))}\n---\n{TWO}",
    "anchors": f"{ONE.replace('v1', '&v v1').replace('name: one', 'name: &n one')}---\n{TWO}",
    "merge keys": f"{ONE.replace(DATA, '{<<: {a: &a ' + QUOTED + '}}')}---\n{TWO}",
    "List": json.dumps(
        {
            "apiVersion": "v1",
            "kind": "List",
            "items": [
                {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": {"a": value}}
                for name, value in (("one", "1"), ("two", "2"))
            ],
        }
    ),
}


@pytest.mark.parametrize("text", STREAMS.values(), ids=STREAMS)
def test_other_yaml_styles_are_no_difference(text: str, run: Run) -> None:
    Path("a.yaml").write_bytes(text.encode())
    Path("b.yaml").write_text(STREAMS["plain"], "utf-8")
    ran = run("diff", "a.yaml", "b.yaml")
    assert (ran.exit_code, ran.stderr) == (0, ""), ran.stdout
    assert ran.stdout.endswith("no difference; 2 objects the same\n")


def test_json_files_and_folders_are_read(run: Run) -> None:
    Path("a/deep").mkdir(parents=True)
    one = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "one"}, "data": {"a": "1"}}
    Path("a/one.json").write_text(json.dumps(one, indent="\t"), "utf-8")
    Path("a/deep/two.yml").write_text(TWO, "utf-8")
    Path("a/README.md").write_text("no manifest", "utf-8")
    Path("b.yaml").write_text(STREAMS["plain"], "utf-8")
    assert run("diff", "a", "b.yaml").exit_code == 0


BROKEN = {
    "second document": (f"{ONE}---\na: [1\nb: 2\n", "a.yaml:7: not YAML: "),
    "behind empty ones": (f"---\n---\n{ONE}---\na: 'x\n", ": not YAML: "),
    "a tab": (f"{ONE}--- # x\na:\n\tb: 1\n", "a.yaml:7: not YAML: "),
    "too deep": (f"{ONE}---\na: {'[' * 150}{']' * 150}\n", "nested too deeply"),
    "unknown alias": (f"{ONE}---\na: *nothing\n", "a.yaml:6: not YAML: "),
    "a key of a list": (f"{ONE}---\n? [a]\n: b\n", "a key must be text"),
    "a control character": (f"{ONE}---\na: \x00\n", ": not YAML: "),
    "a tag": (f"{ONE}---\na: !!python/object:os.system x\n", "a.yaml:6: unsupported YAML tag "),
}


@pytest.mark.parametrize(("text", "says"), BROKEN.values(), ids=BROKEN)
def test_unreadable_input_is_rejected(text: str, says: str, run: Run) -> None:
    Path("a.yaml").write_text(text, "utf-8")
    Path("b.yaml").write_text(ONE, "utf-8")
    for sides in (("a.yaml", "b.yaml"), ("b.yaml", "a.yaml")):
        ran = run("diff", *sides)
        assert (ran.exit_code, ran.stdout) == (1, "")
        assert says in ran.stderr
        assert ran.stderr.startswith("a.yaml")
        assert ran.stderr.endswith("1 problem found.\n")


def test_every_unreadable_document_is_reported() -> None:
    with pytest.raises(InvalidInput) as raised:
        read(f"a: [\n---\n{ONE}---\nb: '\n")
    assert len(raised.value.problems) == 2


def test_expansion_of_aliases_is_limited(run: Run) -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{name}: &{name} [{', '.join(['*' + chr(ord(name) - 1)] * 10)}]\n" for name in "bcdefghi"
    )
    Path("a.yaml").write_text(ONE + bomb, "utf-8")
    Path("b.yaml").write_text(ONE + bomb.replace("x]", "y]", 1), "utf-8")
    ran = run("diff", "a.yaml", "b.yaml")
    assert ran.exit_code == 1
    assert "its aliases expand to more than" in ran.stderr


NO_OBJECTS = {
    "values": ("replicas: 3\n", "it has no apiVersion and no kind"),
    "no name": (
        "apiVersion: v1\nkind: ConfigMap\n",
        "ConfigMap without metadata.name is not an object",
    ),
    "a list": ("- a\n", "is a list"),
    "text": ("hello\n", "not a Kubernetes object"),
    "a number": ("7\n", "not a Kubernetes object"),
    "empty kind": ("apiVersion: v1\nkind: ''\nmetadata: {name: a}\n", "it has no kind"),
    "kind that is a number": ("apiVersion: v1\nkind: 7\nmetadata: {name: a}\n", "it has no kind"),
    "name that is a map": ("apiVersion: v1\nkind: A\nmetadata: {name: {a: b}}\n", "metadata.name"),
    "in a List": ("apiVersion: v1\nkind: List\nitems: [7]\n", "not a Kubernetes object"),
}


@pytest.mark.parametrize(("text", "says"), NO_OBJECTS.values(), ids=NO_OBJECTS)
def test_documents_that_are_not_objects_are_counted_and_listed(text: str, says: str, run: Run) -> None:
    Path("a.yaml").write_text(f"{ONE}---\n# head\n{text}", "utf-8")
    Path("b.yaml").write_text(ONE, "utf-8")
    ran = run("diff", "a.yaml", "b.yaml")
    assert ran.exit_code == 0
    assert "1 document left out:" in ran.stdout
    assert f"a.yaml:7: document 2: {says}" in ran.stdout or says in ran.stdout
    skipped = json.loads(run("diff", "a.yaml", "b.yaml", "--format", "json").stdout)["skipped"]
    assert [(one["file"], one["document"], one["line"]) for one in skipped] == [("a.yaml", 2, 7)]


def nested(depth: int, leaf: Any) -> Any:
    for _ in range(depth):
        leaf = {"a": leaf}
    return leaf


def widget(spec: Any, **more: Any) -> dict[str, Any]:
    return {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "a"}, "spec": spec, **more}


def test_deep_nesting_is_handled() -> None:
    found = texts_compared(stream([widget(nested(90, 1))]), stream([widget(nested(90, 2))]))
    (place,) = places(found)
    assert place.count(".a") == 90
    assert everything(found)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 400_000,
        "eyJ-" * 50_000,
        "--a " * 50_000,
        "password: |\n" + "  abc\n" * 20_000,
        "://a:" * 50_000,
        "LS0tLS1CRUdJTi" * 20_000,
        "k: " + " " * 100_000,
        '\\"' * 100_000,
        "".join(f"{number}\n" for number in range(20_000)),
    ],
    ids=range(9),
)
def test_huge_texts_are_compared(text: str) -> None:
    data = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}
    found = compared([{**data, "data": {"x": text}}], [{**data, "data": {"x": f"{text}y"}}])
    assert places(found) == ["ConfigMap a: data.x"]
    assert everything(found)


ODD = [
    "\u202e\u2066",
    "😀",
    "\x85",
    "\u2028",
    "\ufffe",
    "\x7f",
    "\x1b[31m",
    "a\u0301",
    "\U000e0001",
    "ﷺ",
    "\r",
    "\t",
]


@pytest.mark.parametrize("odd", ODD, ids=ascii)
def test_unusual_characters_are_escaped(odd: str) -> None:
    before = widget({"x": f"{odd}1", f"k{odd}": 1})
    after = widget({"x": f"{odd}2", f"k{odd}": 2})
    found = compared([before], [after])
    assert len(places(found)) == 2
    text = everything(found)
    text.encode("utf-8")
    # No characters that move the cursor of a terminal.
    for form in ("text", "markdown", "github"):
        assert not set(writer(form)(found)) & {"\x1b", "\x7f", "\x85", "\r", "\u202e"}


def test_keys_that_are_numbers_are_compared(run: Run) -> None:
    head = "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: a}\n"
    for name, value in (("a.yaml", 1), ("b.yaml", 2)):
        Path(name).write_text(f"{head}spec:\n  1: {value}\n  1.5: y\n  ~: z\n", "utf-8")
    ran = run("diff", "a.yaml", "b.yaml")
    assert ran.exit_code == 1
    assert ran.stdout.count("spec.1\n") == 1


STRANGE: list[Any] = [
    None,
    [],
    {},
    "x",
    7,
    True,
    [None],
    [[]],
    [{}],
    {"a": None},
    [{"name": None}],
    ["x", {}],
]
PARTS = ("template", "containers", "volumes", "ports", "rules", "versions", "replicas", "tolerations", "env")
KINDS = {
    "Deployment": ("apps/v1", ("spec", "metadata", "status")),
    "Pod": ("v1", ("spec",)),
    "CronJob": ("batch/v1", ("spec",)),
    "ConfigMap": ("v1", ("data", "binaryData", "immutable")),
    "Secret": ("v1", ("data", "stringData", "type")),
    "ClusterRole": ("rbac.authorization.k8s.io/v1", ("rules", "aggregationRule")),
    "RoleBinding": ("rbac.authorization.k8s.io/v1", ("roleRef", "subjects")),
    "Service": ("v1", ("spec",)),
    "Ingress": ("networking.k8s.io/v1", ("spec",)),
    "CustomResourceDefinition": ("apiextensions.k8s.io/v1", ("spec",)),
    "Certificate": ("cert-manager.io/v1", ("spec",)),
}


def strange(field: str) -> Iterator[dict[str, Any]]:
    """Yield fields with values of unexpected types, in the field and deeper in it."""
    for value in STRANGE:
        pods = [{"template": {"spec": {part: value}}, part: value} for part in PARTS]
        for deeper in (value, {"template": value}, {"template": {"spec": value}}, *pods):
            yield {"labels": deeper, "annotations": deeper} if field == "metadata" else {field: deeper}


def objects(version: str, kind: str, field: str, values: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return one object for each value, with names of their own."""
    found = []
    for number, value in enumerate(values):
        name = {"name": f"a-{number}"}
        more = {"metadata": name | value} if field == "metadata" else {"metadata": name, **value}
        found.append({"apiVersion": version, "kind": kind, **more})
    return found


@pytest.mark.parametrize(
    ("kind", "version", "field"), [(k, v, f) for k, (v, fields) in KINDS.items() for f in fields]
)
def test_values_of_unexpected_types_cause_no_traceback(kind: str, version: str, field: str) -> None:
    values = list(strange(field))
    # Each object changes from one value to the next. One report has all of them: most of it is the same.
    before, after = (objects(version, kind, field, some) for some in (values, [*values[1:], values[0]]))
    assert compared(before, before).differences == []
    assert everything(compared(before, after))
    assert everything(compared([], after))


def test_an_immutable_config_map_cannot_be_changed() -> None:
    one = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "a"},
        "immutable": True,
        "data": {"a": "1"},
    }
    for after in (
        {**one, "data": {"a": "2"}},
        {**one, "immutable": False},
        {**one, "binaryData": {"b": "AA=="}},
    ):
        found = compared([one], [after])
        assert [impact.code for impact, _ in found.impacts if impact.level == "error"] == ["immutable"]
