"""The rules: Python and the charts evaluate the same table with the same results."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator import paths, tables
from generator.components import CHARTS, EDGEMESH, KUBEEDGE
from generator.errors import HelmError, InvalidInput
from generator.helm import open_engine
from generator.load import load_site
from generator.model import conditions, rules, rules_again
from generator.model.profiles import PROFILES
from generator.model.rules import RuleMatch
from generator.upstream import Field, Release, config_fields
from generator.upstream.releases import minors

TABLE = rules._table()
ALL = [rule for kind in TABLE.values() for rule in kind]


def conditions_of(rule: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the conditions of a rule and of its ports, each alternative separately."""
    for condition in [*rule["if"], *(c for row in rule.get("ports", ()) for c in row["if"])]:
        yield from condition.get("any", [condition])


def keys_of(rule: dict[str, Any]) -> Iterator[str]:
    """Yield the keys of a rule, including ports and addresses."""
    for row in rule.get("ports", ()):
        yield from (row[part] for part in ("key", "address") if part in row)
    for condition in conditions_of(rule):
        yield from conditions.keys_of(condition)


TEXTS = [
    *(
        "",
        "x",
        "tcp",
        "127.0.0.1",
        "127.0.0.1:10550",
        "edge:10550",
        "[::1]:10550",
        "::1",
        "0.0.0.0",
        "[::]:1",
        "::",
    ),
    *(
        "http://127.0.0.1:10550",
        "HTTPS://a",
        "localhost",
        "169.254.30.10",
        "169.254.96.16",
        "1.2.3.256",
        "01.2.3.4",
    ),
    *(
        "/etc/a",
        "/etc/edgemesh/psk",
        "/etc/edgemesh/config/psk",
        "a/b",
        "unix:///a",
        "node-1.a",
        "Node",
        "a\n",
        "-",
    ),
    *("cluster.local", "cluster.example"),
]
NUMBERS = [-1, 0, 1, 2, 3, 65535, 65536]
EDGED = "edgeCore.modules.edged"
KUBELET = f"{EDGED}.tailoredKubeletConfig"
LABELS = [{"a": "b"}, {"a b": "c"}, {"kubernetes.io/arch": "x", "x.k8s.io/a": "b"}, {"a": "-", "b": "c"}, {}]
ROWS = [row for rule in ALL for row in rule.get("ports", ())]
# Keys with an address and a port, keys with a port only, and the addresses for those.
WITH_PORTS = {row["key"] for row in ROWS if ":" in str(row.get("default", ""))}
PORTS = {row["key"] for row in ROWS} - WITH_PORTS
ADDRESSES = {row["address"] for row in ROWS if "address" in row}
# Extra values for keys, if the operators of the rules do not show possible values.
SPECIAL: dict[str, list[Any]] = {
    "profile": [*PROFILES],
    "spiderpool": [{"a": 1}],
    "appVersion": ["1"],
    "cloudCore.modules.iptablesManager": [{"mode": "external"}],
    "cloudCore.modules.cloudHub.advertiseAddress": [["192.0.2.1"], ["a", "::1"], [""], []],
    "cloudCore.modules.cloudHub.dnsNames": [["a"], [""], []],
    "cloudCore.service.type": ["LoadBalancer", "NodePort", "ClusterIP"],
    "edgeCore.modules.edged.clusterDNS": ["169.254.96.16", "10.0.0.1", ""],
    "edgeCore.modules.edged.tailoredKubeletConfig.clusterDNS": [
        ["169.254.96.16"],
        ["10.0.0.1", "169.254.96.16"],
        [],
    ],
    "agent.cloudCIDR": [["10.0.0.0/8"], []],
    "agent.edgeCIDR": [["10.0.0.0/8"], []],
    "gateway.service.ports": [[{"name": "http", "port": 80}], []],
    "gateway.podDisruptionBudget.maxUnavailable": [0, 1, "50%"],
    "gateway.podDisruptionBudget.minAvailable": [0, 1, "50%"],
    f"{EDGED}.nodeLabels": LABELS,
    f"{EDGED}.nodeLabels.*": LABELS,
    f"{EDGED}.nodeLabels.~": LABELS,
    f"{KUBELET}.hairpinMode": ["none", "x", ""],
    f"{KUBELET}.enforceNodeAllocatable": [[], ["pods"]],
    **{
        f"{KUBELET}.eviction{kind}.{of}": [
            *({"memory.available": "100Mi"}, {"nodefs.available": "0"}, {"memory.free": "10%"}, {}),
        ]
        for kind in ("Hard", "Soft")
        for of in ("*", "~")
    },
    f"{KUBELET}.featureGates.~": [{"requireAuthorization": True}, {"AllAlpha": False}],
    "agent.modules.edgeDNS.cacheDNS.upstreamServers[]": [["192.0.2.1"], ["a", "169.254.96.16:53"], []],
    **{
        f"edgeCore.modules.edgeHub.{by}.server": ["192.0.2.1:10000", "[::1]:1", "wss://a:1", "a", ""]
        for by in ("websocket", "quic")
    },
    "edgeCore.modules.edgeStream.server": ["192.0.2.1:10004", "localhost:1", "b:1/x", ""],
    "edgeCore.modules.edgeHub.httpServer": ["https://192.0.2.1:10002", "https://a", "192.0.2.1:10002", ""],
    **{key: [0, 53, 10000, 10550, 30000] for key in PORTS},
    **{key: ["0.0.0.0", "127.0.0.1", "192.0.2.1", "::", "[::1]"] for key in ADDRESSES},
    **{key: ["0.0.0.0:10550", "127.0.0.1:10000", "192.0.2.1:10000", "[::1]:53"] for key in WITH_PORTS},
    "agent.commonConfig.bridgeDeviceIP": ["169.254.96.16", "169.254.30.10", "x"],
}
LISTS = {
    f"{where}.relayNodes{rest}": [
        [{"nodeName": "a", "advertiseAddress": addresses}] for addresses in ([], ["1.2.3.4"], ["a"])
    ]
    + [[{"nodeName": "A"}, {"nodeName": "a", "advertiseAddress": ["1.2.3.4"]}]]
    for where in ("agent", "gateway", "agent.modules.edgeTunnel", "gateway.modules.edgeTunnel")
    for rest in ("", "[]", "[].nodeName", "[].advertiseAddress[]")
}
NEWEST = {p: Release.parse(p, minors(p)[-1]) for p in (KUBEEDGE, EDGEMESH)}


def candidates(key: str) -> list[Any]:
    """Return values to try for a key of a rule."""
    if key in SPECIAL or key in LISTS:
        return SPECIAL.get(key) or LISTS[key]
    found = [condition for rule in ALL for condition in conditions_of(rule) if condition["key"] == key]
    named = {name for condition in found for name in condition}
    values = [condition.get(part) for condition in found for part in ("eq", "ne", "default")]
    if any(isinstance(value, bool) for value in values):
        return [True, False]
    if named & {"lt", "gt", "ge"} or any(isinstance(c.get("notIn", [""])[0], int) for c in found):
        return NUMBERS
    if named & {"matches", "notMatches", "in", "notIn", "ne", "empty", "eq"}:
        return TEXTS
    return SAMPLES[of_field(key)]


SAMPLES: dict[str, list[Any]] = {
    "string": ["", "x"],
    "integer": [0, 1],
    "boolean": [True],
    "object": [{"mode": "x"}],
}


def of_field(key: str) -> str:
    """Return the type of a field in the newest release."""
    top, _, rest = key.partition(".")
    component = {"cloudCore": "cloudcore", "edgeCore": "edgecore", "agent": "edgemesh-agent"}.get(
        top, "edgemesh-gateway"
    )
    program = EDGEMESH if component.startswith("edgemesh") else KUBEEDGE
    field: Field | None = config_fields(component, NEWEST[program]).below(rest)
    return field.type if field else "string"


def assignments(chart: str) -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy of some keys of the chart's rules, with values."""
    seen = [rule for rule in ALL if chart in rule.get("charts", ())]
    keys = sorted({key for rule in seen for key in keys_of(rule)} | {"profile"})
    one = st.sampled_from(keys).flatmap(lambda key: st.tuples(st.just(key), st.sampled_from(candidates(key))))
    # The keys of one rule belong together; strangers are mixed in.
    rule = st.sampled_from(seen).flatmap(
        lambda rule: st.fixed_dictionaries(
            {key: st.sampled_from(candidates(key)) for key in dict.fromkeys(keys_of(rule))}
        )
    )
    return st.builds(lambda first, more: {**first, **dict(more)}, rule, st.lists(one, max_size=2))


VERSIONS = st.fixed_dictionaries(
    {},
    optional={
        "kubeedgeVersion": st.sampled_from(minors(KUBEEDGE)),
        "edgemeshVersion": st.sampled_from(minors(EDGEMESH)),
    },
)


def values_of(keys: dict[str, Any]) -> dict[str, Any]:
    """Build values of dotted keys; the first `[]` becomes a list and `*` a map."""
    values: dict[str, Any] = {}
    for key, value in keys.items():
        paths.put(values, re.split(r"\[\]|\.[*~]", key)[0], copy.deepcopy(value))
    return values


def verdict_of_chart(chart: str, values: dict[str, Any]) -> str | None:
    """Return the error of a chart, None if it renders."""
    try:
        open_engine("embedded").render(chart, values, release=chart, namespace="kubeedge")
    except HelmError as error:
        return str(error)
    return None


def verdict_of_python(chart: str, values: dict[str, Any]) -> tuple[str | None, list[RuleMatch]]:
    """Return the problems that the generator reports, and all rules that match."""
    fired: list[RuleMatch] = []
    with pytest.MonkeyPatch.context() as patch:
        evaluate = rules_again.evaluate

        def spied(*arguments: Any) -> list[RuleMatch]:
            found = evaluate(*arguments)
            fired.extend(found)
            return found

        patch.setattr(rules_again, "evaluate", spied)
        try:
            load_site(set_json=[json.dumps(values)], charts=[chart])
        except InvalidInput as error:
            return str(error), [finding for finding in fired if not finding.warning]
    return None, []


# Codes of problems that the charts find with the field table; the others are rules.
FIELDS = {"unknown-key", "null-section", "wrong-type", "out-of-range", "not-one-of", "unused-key"}


@pytest.mark.long
@pytest.mark.parametrize("chart", CHARTS)
def test_python_and_the_chart_find_the_same_rules(chart: str) -> None:
    @given(assignments(chart), VERSIONS)
    @settings(max_examples=100)
    def agree(keys: dict[str, Any], versions: dict[str, Any]) -> None:
        values = values_of({**keys, **versions})
        theirs = verdict_of_chart(chart, values)
        ours, findings = verdict_of_python(chart, values)
        assert (ours is None) == (theirs is None), (ours, theirs)
        if theirs and "problem(s) in the values" in theirs:
            codes = set(re.findall(r" \[([a-z0-9.-]+)\]$", theirs, re.MULTILINE))
            assert codes - FIELDS == {finding.rule for finding in findings}

    agree()


def test_each_rule_has_values_to_try() -> None:
    assert all(candidates(key) for rule in ALL for key in keys_of(rule))


# --- Python alone --------------------------------------------------------------------------


def findings(values: dict[str, Any], charts: tuple[str, ...] = CHARTS) -> set[str]:
    return {f.rule for f in rules.evaluate(values, NEWEST[KUBEEDGE], NEWEST[EDGEMESH], charts)}


def test_a_rule_across_charts_needs_all_these_charts() -> None:
    values = {"cloudCore": {"featureGates": {"requireAuthorization": True}}}
    assert "authorization-on-cloud-only" in findings(values)
    assert "authorization-on-cloud-only" in findings(values, ("cloudcore", "edgecore"))
    assert "authorization-on-cloud-only" not in findings(values, ("cloudcore", "edgemesh"))


def test_a_rule_of_several_charts_needs_one_of_these_charts() -> None:
    values = {"cluster": {"domain": "x"}}
    assert "cluster-domain" in findings(values, ("edgemesh",))
    assert "cluster-domain" not in findings(values, ("cloudcore",))


def test_each_node_group_is_checked() -> None:
    groups = {
        "a": {},
        "b": {"modules": {"eventBus": {"mqttMode": 5}}},
        "c": {"modules": {"eventBus": {"mqttMode": 6}}},
    }
    found = rules.evaluate(
        {"edgeCore": {"nodeGroups": groups}}, NEWEST[KUBEEDGE], NEWEST[EDGEMESH], ("edgecore",)
    )
    assert [(f.rule, f.place) for f in found if not f.warning] == [
        ("mqtt-mode", ("edgeCore", "nodeGroups", "b")),
        ("mqtt-mode", ("edgeCore", "nodeGroups", "c")),
    ]


@pytest.mark.parametrize("operator", sorted(conditions.OPERATORS))
def test_every_operator_is_used(operator: str) -> None:
    assert any(operator in condition for rule in ALL for condition in conditions_of(rule))


def test_every_rule_is_well_formed() -> None:
    named = {"id", "charts", "across", "kubeedge", "edgemesh", "if", "at", "also", "what", "fix", "ports"}
    named |= {"means", "why", "inFiles"}
    listener = {"key", "default", "address", "host", "protocol", "kubeedge", "edgemesh", "if"}
    for rule in ALL:
        assert set(rule) <= named, rule["id"]
        assert ("charts" in rule) != ("across" in rule), rule["id"]
        for condition in conditions_of(rule):
            assert set(condition) & set(conditions.OPERATORS), rule["id"]
            assert set(condition) <= {"key", "default", "else", "words", *conditions.OPERATORS}, rule["id"]
        for row in rule.get("ports", ()):
            assert set(row) <= listener, rule["id"]
        assert not rule["what"].endswith("."), rule["id"]


def test_ids_of_rules_are_unique() -> None:
    ids = [rule["id"] for kind in rules.KINDS for rule in tables.load("rules.yaml")[kind]]
    assert len(ids) == len(set(ids))


def test_the_listing_of_a_chart_has_the_releases_of_each_rule() -> None:
    alone, across = rules.listing("edgecore")
    releases = {entry.code: entry.releases for entry in (*alone, *across)}
    assert releases["hub-certificate-served"] == "KubeEdge 1.12 to 1.16"
    assert releases["authorization-on-edge-only"] == "KubeEdge 1.12 and newer"
    assert releases["open-endpoint"] == ""
    assert "psk-twice" not in releases


SECTION_KEY = re.compile(r"(?<!key:)(?<![\w.{])(cloudCore|edgeCore|agent|gateway)\.[A-Za-z]")


def test_the_sentences_of_the_rules_mark_the_names_of_keys() -> None:
    """A message about a config file names the key as that file spells it."""
    for part in (part for rule in ALL for part in (rule, rule.get("inFiles", {}))):
        for text in (part.get("what", ""), part.get("fix", "")):
            assert not SECTION_KEY.search(text), text
            assert not re.search(r"\w=(true|false)", text), text


# --- conditions in words --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ({"key": "a.b", "eq": True}, "`a.b` is `true`"),
        ({"key": "a.b", "default": False, "eq": False}, "`a.b` is `false` (the default)"),
        ({"key": "a.b", "eq": ""}, "`a.b` is empty"),
        ({"key": "a.b", "set": False}, "`a.b` is not set"),
        ({"key": "a.b", "empty": True}, "`a.b` is empty or not set"),
        ({"key": ["a", "b", "c"], "in": [1, 2]}, "`a`, `b` or `c` is `1` or `2`"),
        ({"key": "a", "ne": "{b.c}"}, "`a` is not the value of `b.c`"),
        ({"key": "a.~", "is": "port"}, "a name in `a` is a port"),
        ({"key": "a.*", "is": "ip", "isNot": "port"}, "a value in `a` is an IP address and is not a port"),
        ({"any": [{"key": "a", "set": True}, {"key": "b", "lt": 1}]}, "`a` is set or `b` is below `1`"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_condition_in_words(condition: dict[str, Any], words: str) -> None:
    forms = tables.load("rules.yaml")["forms"]
    assert conditions.in_words(conditions.spelled_out(condition, forms)) == words


def test_the_ports_of_a_rule_are_listed_with_their_defaults() -> None:
    found = rules.conditions_of("service-port-twice")
    assert found[0] == "`cloudCore.service.enable` is `true` (the default)"
    assert "`cloudCore.modules.cloudHub.websocket.port` (default `10000`)" in found[1]
    assert rules.conditions_of("not-a-rule") == []
