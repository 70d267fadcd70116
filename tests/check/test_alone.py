"""Findings that need no release: odd texts, and one node name in two files."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator import go_yaml, paths
from generator.check import check_files
from tests.check.configs import EDGE


@pytest.mark.parametrize(("names", "found"), [(("a", "a"), 1), (("a", "b"), 0), (("", ""), 0)])
def test_a_node_name_used_in_two_files_is_found(names: tuple[str, str], found: int, tmp_path: Path) -> None:
    files = []
    for number, name in enumerate(names):
        edge = go_yaml.load(go_yaml.dump(EDGE))
        paths.put(edge, "modules.edged.hostnameOverride", name)
        files.append(str(tmp_path / f"{number}.yaml"))
        Path(files[-1]).write_text(go_yaml.dump(edge), "utf-8")
    assert [f.code for f in check_files(files).findings].count("node-name-twice") == found
