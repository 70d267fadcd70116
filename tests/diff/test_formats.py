"""The formats: valid, complete, within their limits, and safe from markup or commands in the input."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest

from generator.cli import diff as command
from generator.diff.formats import FORMATS, writer
from generator.diff.formats.markdown import LIMIT, MARKER
from generator.diff.impact import CLASSES
from generator.diff.report import DiffReport, report
from tests.diff.sides import compared, side, texts_compared

Data = dict[str, Any]

EVIL = (
    "</summary><script>x</script> ``` | [a](http://x) @user #1 *b* <!-- c\n"
    "::error::pwned\n%0A::warning::x & \" ' ]]>"
)


def workload(name: str = "a", image: str = "x:1", **more: Any) -> Data:
    pod = {"containers": [{"name": "main", "image": image, **more}]}
    head = {"name": name, "namespace": "b"}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": head,
        "spec": {"template": {"spec": pod}},
    }


def role(name: str, verbs: list[str]) -> Data:
    rules = [{"apiGroups": [""], "resources": ["pods"], "verbs": verbs}]
    head = {"name": name}
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": head,
        "rules": rules,
    }


def config_map(name: str, value: str, kind: str = "ConfigMap") -> Data:
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": name}, "data": {"k": value}}


def sample() -> DiffReport:
    """Return a report with an object of every status and impacts of every level."""
    selector = workload("fixed")
    selector["spec"]["selector"] = {"matchLabels": {"a": "1"}}
    other = workload("fixed")
    other["spec"]["selector"] = {"matchLabels": {"a": "2"}}
    before = [
        workload(),
        role("r", ["get"]),
        role("gone", ["watch"]),
        config_map("old", "1\n2\n3\n"),
        selector,
    ]
    after = [
        workload(image="x:2"),
        role("r", ["get", "list"]),
        role("n", ["get"]),
        config_map("new", "1\n2\n3\n"),
        other,
    ]
    return compared(before, after)


def evil() -> DiffReport:
    before = [
        config_map(EVIL, EVIL),
        workload(EVIL, "x:1"),
        role(EVIL, ["get"]),
        config_map("k", "x", f"Kind{EVIL}"),
    ]
    after = [config_map(EVIL, f"{EVIL}\n```\n~~~\n"), workload(EVIL, EVIL), role(EVIL, ["get", EVIL])]
    return compared(before, after)


KEYS = {
    "": {"version", "before", "after", "summary", "scenarios", "notes", "impacts", "objects", "skipped"},
    "summary": {"added", "deleted", "renamed", "changed", "unchanged", "skipped"},
    "change": {"path", "partial", "behaviour", "note", "because"},
}
IDENTITY = {"apiVersion", "kind", "namespace", "name"}


def test_json() -> None:
    found = json.loads(writer("json")(sample()))
    assert set(found) == KEYS[""]
    assert set(found["summary"]) == KEYS["summary"]
    assert found["version"] == 2
    assert {one["status"] for one in found["objects"]} == {"added", "deleted", "renamed", "changed"}
    for one in found["objects"]:
        assert set(one) >= IDENTITY | {
            "status",
            "file",
            "document",
            "line",
            "because",
            "scenarios",
            "changes",
        }
        assert ("renamedFrom" in one) is (one["status"] == "renamed")
        for change in one["changes"]:
            assert set(change) - {"before", "after"} == KEYS["change"]
            assert {"before", "after"} & set(change)
    for impact in found["impacts"]:
        assert set(impact) == {
            "ruleId", "level", "object", "message", "fix", "paths", "because", "scenarios",
        }  # fmt: skip
        assert impact["ruleId"] in CLASSES
        assert impact["level"] in ("error", "warning", "note")
        assert set(impact["object"]) == IDENTITY
    assert {impact["level"] for impact in found["impacts"]} == {"error", "warning", "note"}


def test_sarif_has_the_shape_of_2_1_0() -> None:
    for found in (sample(), evil()):
        log = json.loads(writer("sarif")(found))
        assert (log["version"], list(log)) == ("2.1.0", ["$schema", "version", "runs"])
        (run,) = log["runs"]
        rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
        assert rules == list(CLASSES)
        assert run["results"]
        for result in run["results"]:
            assert set(result) == {"ruleId", "level", "message", "locations"}
            assert result["ruleId"] in rules
            assert result["level"] in ("note", "warning", "error")
            assert result["message"]["text"]
            place = result["locations"][0]["physicalLocation"]
            assert unquote(place["artifactLocation"]["uri"]) == "side.yaml"
            assert place["region"]["startLine"] >= 1


def test_junit() -> None:
    for found in (sample(), evil()):
        suites = ET.fromstring(writer("junit")(found))
        (suite,) = suites
        cases = suite.findall("testcase")
        assert (suites.tag, suite.tag, suite.get("tests")) == ("testsuites", "testsuite", str(len(cases)))
        assert [str(case.get("name")).partition(":")[0] for case in cases] == list(CLASSES)
        failed = [case for case in cases if case.find("failure") is not None]
        assert suite.get("failures") == str(len(failed)) != "0"
        assert {child.tag for case in cases for child in case} <= {"failure", "system-out"}


COMMAND = re.compile(r"::(error|warning|notice) (?:[a-z]+=[^,:\r\n]*,)*[a-z]+=[^,:\r\n]*::[^\r\n]+")


@pytest.mark.parametrize("found", [sample(), evil()], ids=["sample", "evil"])
def test_github(found: DiffReport) -> None:
    lines = writer("github")(found).splitlines()
    assert [line for line in lines if not COMMAND.fullmatch(line)] == []
    assert len(lines) == len(found.impacts) + 1
    assert not [line for line in lines if "\n" in line or re.search(r"%(?!25|0A|0D|3A|2C)", line)]


def test_text_has_one_line_for_each_item() -> None:
    text = writer("text")(evil())
    assert not [line for line in text.splitlines() if line.startswith("::")]
    assert len(text.splitlines()) == text.count("\n")


def test_markdown() -> None:
    text = writer("markdown")(sample())
    assert text.startswith(f"{MARKER}\n")
    assert text.count("<details>") == text.count("</details>") > 0
    assert text.count("```diff") * 2 == text.count("```")
    assert "| **error** | Deployment b/fixed: spec.selector.matchLabels.a cannot be changed" in text
    assert "\\[immutable\\] |" in text


def test_markdown_escapes_markup_of_the_input() -> None:
    text = writer("markdown")(evil())
    outside = re.sub(r"^(`{3,})diff\n.*?^\1$", "", text, flags=re.MULTILINE | re.DOTALL)
    tags = set(re.findall(r"</?[a-z!][^>]*>", outside))
    assert tags == {"<!-- generator diff -->", "<details>", "<summary>", "</summary>", "</details>"}
    assert "@user" not in outside
    assert "#1" not in outside
    assert "[a](" not in re.sub(r"<summary>.*?</summary>", "", outside)
    table = [line for line in outside.splitlines() if line.startswith("| ")]
    assert len(table) > 3
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in table} == {4}


def test_a_huge_comment_is_cut_with_a_note() -> None:
    before = [config_map(f"c{number}", "x\n" * 30) for number in range(900)]
    after = [config_map(f"c{number}", "y\n" * 30) for number in range(900)]
    text = writer("markdown")(compared(before, after))
    assert len(text) <= LIMIT
    assert len(text) > LIMIT * 0.8
    match = re.search(r"\*\*Cut here:\*\* ([0-9]+) objects not shown", text)
    assert match
    assert text.count("<details>") == text.count("</details>") == 900 - int(match[1])


def test_a_huge_table_is_cut_with_a_note() -> None:
    roles = [role(f"r{number}", ["get"]) for number in range(3000)]
    text = writer("markdown")(compared([], roles))
    assert len(text) <= LIMIT
    assert "The rest is cut" in text


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_reports_no_difference(form: str) -> None:
    text = writer(form)(compared([workload()], [workload()]))
    assert "no difference" in text or form in ("json", "sarif", "junit")
    if form == "json":
        assert json.loads(text)["summary"]["unchanged"] == 1


def test_skipped_documents_are_reported_on_one_line() -> None:
    text = writer("text")(texts_compared('apiVersion: v1\nkind: "A\\n::error::\\e[31m"\n', ""))
    assert "\x1b" not in text
    assert not [line for line in text.splitlines() if line.startswith("::")]


def test_labels_of_sides_are_printed_on_one_line() -> None:
    one, other = side([workload()]), side([workload(image="x:2")])
    one.label = "a\n::error::x\x1b[1m"
    for form in ("text", "markdown", "github"):
        text = writer(form)(report(one, other))
        assert "\x1b" not in text
        assert not [line for line in text.splitlines() if line.startswith("::error::")]


def test_the_command_offers_every_format() -> None:
    assert command.FORMATS == FORMATS
