"""The commands of docs/install.md that use a cluster, run unchanged and in order."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.charts.conftest import ROOT
from tests.cluster.api import Api
from tests.cluster.command import Generator
from tests.cluster.helm import Helm, newest_helm
from tests.cluster.kubelet import Kubelet
from tests.cluster.leftovers import Leftovers
from tests.cluster.test_install import PSK, SITE, add_own_secrets, add_secret

PAGE = (ROOT / "docs" / "install.md").read_text("utf-8")
# tests/install/test_docs.py has the block without a cluster.
BLOCKS = [
    block
    for block in re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    if "generator install" in block
]
# The first run of a switch, which stops for the edge nodes.
IN_BETWEEN = "install --profile one-way-verified -f site.yaml --yes"


@newest_helm
@pytest.mark.parametrize("block", BLOCKS)
def test_commands(helm: Helm, api: Api, leftovers: Leftovers, tmp_path: Path, block: str) -> None:
    assert leftovers.now() == set()
    generator = Generator(helm, tmp_path)
    generator.site(SITE)
    add_secret(api, "edgemesh-psk", {"psk": PSK})
    add_own_secrets(api)
    lines = block.splitlines()
    assert len(lines) > 5
    with Kubelet(api):
        for line in lines:
            done = generator(*shlex.split(line)[1:])
            assert done.out
            if line.endswith(IN_BETWEEN):
                assert (
                    "with --nodes-done; it then upgrades the Helm releases edgemesh [step-nodes-done]"
                    in done.out
                )
