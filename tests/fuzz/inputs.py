"""Files of any kind from a seed: existing files with some parts changed, damaged texts, random bytes."""

from __future__ import annotations

import copy
import random
from pathlib import Path
from typing import Any

from generator import go_yaml
from generator.errors import UnreadableFile
from generator.io import yaml_reader

ROOT = Path(__file__).resolve().parents[2]
# No file and no name contains this text: an output that contains it shows a secret.
SECRET = "Zq7wolverine9Kx"
LONG = 5000
_ODD: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    10**30,
    2**64 - 1,
    1.5,
    1e300,
    "",
    " ",
    "null",
    "~",
    "1e3",
    "0x1f",
    "9" * LONG,
    "\x07",
    "\x1b[31m",
    "a\u2028b",
    "é€😀",
    "x" * LONG,
    "http://h:1",
    "::",
    "0.0.0.0",
    "1.2.3.4:99999",
    "*",
    "{{ .Values.x }}",
    "${HOME}",
    "$(id)",
    "a\nb: c",
    "---",
    "<<",
    "/etc/passwd",
    "../..",
    [],
    {},
    [None],
    [[[]]],
    [{}],
    {"": 1},
    {"a": None},
    {"a b": {"c.d": [1]}},
    {"name": []},
    [1, "a", {"b": 2}],
)
_PIECES = (
    b"\xff",
    b"\x00",
    b"\t",
    b"\r",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"---\n",
    b"...\n",
    b"? ",
    b": ",
    b"- ",
    b"{",
    b"[",
    b"}",
    b"'",
    b'"',
    b"|",
    b">",
    b"&a ",
    b"*a",
    b"<<: ",
    b"!!binary ",
    b"!x ",
    b"%YAML 9.9\n",
    b"#",
    b"9" * LONG,
    b"[" * 300,
    b"{a: " * 300,
    b"\n a:\n",
    b"\xc2\x85",
    b"=",
)
_KUBERNETES = (
    {"apiVersion": "v1", "kind": "ConfigMap", "metadata": "text", "data": {"edgecore.yaml": "modules: {}"}},
    {"apiVersion": "v1", "kind": "Secret", "data": {"psk": "!"}, "stringData": {"psk": []}},
    {"apiVersion": "v1", "kind": "List", "items": [{"kind": "ConfigMap", "data": {"psk": "x"}}, 1, None]},
    {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": {"name": "a"},
        "spec": {"template": {"spec": {}}},
    },
)


def _seeds() -> list[Any]:
    files = [*ROOT.glob("values/examples/*.yaml"), *ROOT.glob("tests/check/corpus/**/*.yaml")]
    trees: list[Any] = list(_KUBERNETES)
    for file in sorted(files):
        try:
            trees += [document.value for document in yaml_reader.read_all(file.read_text("utf-8"), file.name)]
        except UnreadableFile:
            continue
    return [tree for tree in trees if isinstance(tree, dict)]


SEEDS = _seeds()
SITES = [tree for tree in SEEDS if {"edgeCore", "cluster", "edgeAPIs", "profile"} & set(tree)]


def _places(tree: Any) -> list[tuple[Any, Any]]:
    """Return every holder and key of a tree."""
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [place for key, child in items for place in [(tree, key), *_places(child)]]


def _change(draw: random.Random, tree: Any) -> None:
    places = _places(tree)
    if not places:
        return
    holder, key = draw.choice(places)
    kind = draw.randrange(5)
    if kind == 0 and isinstance(holder, dict):
        holder[draw.choice(("", "x", "é", "Enable", "a.b", "1", f"{key}s", "kind", "metadata"))] = holder.pop(
            key
        )
    elif kind == 1:
        holder[key] = copy.deepcopy(draw.choice(places)[0])
    elif kind == 2:
        holder[key] = [holder[key]]
    else:
        holder[key] = copy.deepcopy(draw.choice(_ODD))


def _hide_secrets(tree: Any) -> None:
    """Put secrets into a tree, at the places of secrets."""
    url = f"tcp://me:{SECRET}@192.0.2.3:1883"
    for name, value in (
        ("agent", {"psk": SECRET, "extraEnv": [{"name": "DB_PASSWORD", "value": SECRET}]}),
        ("modules", {"eventBus": {"mqttPassword": SECRET, "mqttServerExternal": url}}),
        ("kubeAPIConfig", {"metaServer": {"server": url}}),
    ):
        if name in tree and isinstance(tree[name], dict):
            tree[name].update(value)


def document(draw: random.Random, *, secret: bool) -> Any:
    """Return a tree of an existing file with some parts changed."""
    # Few of the files are sites that can be rendered.
    tree = copy.deepcopy(draw.choice(draw.choice((SEEDS, SITES))))
    for _ in range(draw.choice((0, 0, 1, 1, 2, 4, 12))):
        _change(draw, tree)
    if secret:
        _hide_secrets(tree)
    return tree


def _spoilt(draw: random.Random, data: bytes) -> bytes:
    for _ in range(draw.choice((1, 1, 2, 5))):
        at = draw.randrange(len(data) + 1)
        cut = draw.choice((0, 0, 1, 7, 100))
        data = data[:at] + draw.choice(_PIECES) + data[at + cut :]
    return data


def file(draw: random.Random, *, secret: bool) -> bytes:
    """Return the bytes of a file; a text with a secret stays valid YAML."""
    kind = draw.randrange(10)
    if kind == 0 and not secret:
        return draw.randbytes(draw.choice((0, 1, 40, 400)))
    documents = [document(draw, secret=secret) for _ in range(draw.choice((1, 1, 1, 2, 3)))]
    data = "---\n".join(map(go_yaml.dump, documents)).encode("utf-8", "surrogatepass")
    return _spoilt(draw, data) if kind < 5 and not secret else data
