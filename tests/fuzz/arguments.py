"""Arguments of any kind from a seed, for every verb that reads files or flags."""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.fuzz.inputs import LONG

_KEYS = (
    "agent.psk",
    "a",
    "profile",
    "kubeedgeVersion",
    "agent.relayNodes[0].nodeName",
    "edgeCore.nodeGroups.a.b",
    "cloudCore.modules.cloudHub.advertiseAddress[0]",
    "agent.podLabels.é",
    "a\\.b",
    "a[99999]",
    "a[0][1]",
    "cloudCore.service",
    "cluster",
    "",
    ".",
    "a..b",
    "[0]",
    "=",
    "edgeCore.modules.edged.maxPods",
    "images",
)
_TEXTS = (
    "1",
    "",
    "null",
    "true",
    "x",
    "{",
    "{a,b}",
    "}",
    "a,b",
    "\\",
    "é",
    "\udcff",
    "9" * LONG,
    "-" + "9" * LONG,
    "[1]",
    '{"a": 1}',
    '{"a"',
    "[" * 2000,
    '"\\ud800"',
    "1e999",
    "mtls",
    "v1.16.6",
    "99",
    "/dev/null",
    "\x00",
)


def flags(draw: random.Random) -> list[str]:
    """Return some --set flags of any form."""
    kinds = ("--set", "--set-string", "--set-json", "--set-file")
    found: list[str] = []
    for _ in range(draw.choice((0, 0, 1, 2))):
        found += [
            draw.choice(kinds),
            f"{draw.choice(_KEYS)}{draw.choice(('=', '=', ''))}{draw.choice(_TEXTS)}",
        ]
    return found


_VERSIONS = ("v1.16.6", "1.23", "1.7", "99.9", "", "x", "-1", "v1.23.1", "1.12", "9" * LONG)


def _maybe(draw: random.Random, *options: tuple[str, tuple[str, ...]]) -> list[str]:
    return [part for name, values in options if not draw.randrange(4) for part in (name, draw.choice(values))]


_PROFILES = ("plain", "one-way", "one-way-verified", "mtls", "none", "")
_RELEASES = (("--kubeedge-version", _VERSIONS), ("--edgemesh-version", _VERSIONS))


def _render(draw: random.Random) -> list[str]:
    out = draw.choice(([], [], ["-o", "out"], ["-o", "out", "--dry-run"]))
    more = _maybe(
        draw, ("--profile", _PROFILES), ("--chart", ("cloudcore", "edgemesh", "x")), ("--namespace", _TEXTS)
    )
    return ["render", "-f", "one.yaml", *flags(draw), *more, *out]


def _check(draw: random.Random) -> list[str]:
    kinds = ("edgecore", "site", "cloudcore-values", "edgemesh-agent", "gateway-values")
    more = _maybe(
        draw,
        *_RELEASES,
        ("--as", kinds),
        ("--intend", _PROFILES),
        ("--target-version", _VERSIONS),
        ("--format", ("json", "sarif", "text")),
    )
    files = draw.choice((["one.yaml"], ["one.yaml", "two.yaml"]))
    return ["check", *files, *more, *draw.choice(([], [], ["--fix"]))]


def _import(draw: random.Random) -> list[str]:
    files = draw.choice((["one.yaml"], ["one.yaml", "two.yaml"]))
    return ["import", *files, *_maybe(draw, *_RELEASES), *draw.choice(([], ["-o", "site.yaml"]))]


def _diff(draw: random.Random) -> list[str]:
    sides = draw.choice(
        (["one.yaml", "two.yaml"], ["one.yaml", "one.yaml"], ["plain", "two.yaml"], ["x:", "values:one.yaml"])
    )
    forms = ("text", "markdown", "json", "github", "sarif", "junit")
    return [
        "diff",
        *sides,
        *_maybe(draw, ("--format", forms), *_RELEASES, ("--fail-on", ("restart", "x", ","))),
    ]


def _certs(draw: random.Random) -> list[str]:
    verbs = (
        ["inspect", "one.yaml"],
        ["verify", "one.yaml", "two.yaml"],
        ["needs-renewal", "one.yaml"],
        ["plan", "-f", "one.yaml"],
        ["plan", "-f", "one.yaml", "--json"],
        ["verify", "one.yaml", "-f", "two.yaml"],
    )
    return ["certs", *draw.choice(verbs)]


def _init(draw: random.Random) -> list[str]:
    addresses = ("192.0.2.10", "192.0.2.10,a.example.com", "0.0.0.0", *_TEXTS)
    more = _maybe(
        draw, ("--profile", _PROFILES), ("--node-group", _TEXTS), ("--registry", _TEXTS), *_RELEASES
    )
    switches = [draw.choice(("--edgemesh", "--no-edgemesh")), draw.choice(("--streams", "--no-streams"))]
    rest = draw.choice((["--yes"], ["--yes", "--force"], ["--yes"], []))
    return [
        "init",
        *draw.choice(([], ["out"])),
        "--advertise-address",
        draw.choice(addresses),
        *more,
        *switches,
        *rest,
    ]


def _other(draw: random.Random) -> list[str]:
    return [
        *draw.choice((["profiles"], ["profiles", draw.choice(_TEXTS)], ["schema"])),
        *_maybe(draw, *_RELEASES),
    ]


VERBS: dict[str, Callable[[random.Random], list[str]]] = {
    "render": _render,
    "check": _check,
    "import": _import,
    "init": _init,
    "diff": _diff,
    "certs": _certs,
    "other": _other,
}
