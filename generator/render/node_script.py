"""The scripts of a node: update.sh, and doctor.sh with the causes and with functions of update.sh.

Both read the defaults of edgecore beside them.
"""

from __future__ import annotations

import json
import re
from functools import cache

from generator import go_yaml, locations
from generator.catalogue.shell import answer_function, codes_in, sentence_function

_CHART = locations.CHARTS / "edgecore"
NODE = _CHART / "node"
_FROM_UPDATE = re.compile(r"^#: update\.sh (.+)\n", re.MULTILINE)
_FROM_CAUSES = "#: causes.yaml\n"


@cache
def update_script() -> str:
    """Return update.sh, which is the same for every node."""
    return (NODE / "update.sh").read_text("utf-8")


@cache
def defaults(minor: str) -> str:
    """Return edgecore.yaml as it is by default in a KubeEdge minor release, as the rollout brings it."""
    return go_yaml.dump(json.loads((_CHART / "files" / "defaults" / f"{minor}.json").read_text("utf-8")))


@cache
def doctor_script() -> str:
    """Return doctor.sh with its generated parts; it needs no other file, and is the same for every node."""
    script = (NODE / "doctor.sh").read_text("utf-8")
    update = update_script()
    causes = "\n\n".join((answer_function(), sentence_function(codes_in(script))))
    return _FROM_UPDATE.sub(lambda match: _shared(update, match[1].split()), script).replace(
        _FROM_CAUSES, f"\n{causes}\n"
    )


def _shared(script: str, names: list[str]) -> str:
    """Return the variables and functions of a script with these names, with the comments above them."""
    return "\n\n".join(_part(script, name) for name in names) + "\n"


def _part(script: str, name: str) -> str:
    function = rf"{name}\(\) \{{(?:\n[\s\S]*?^\}}|.*\}})"
    variable = rf"{name}=(?:'[^']*'|\"[^\"]*\")"
    found = re.search(rf"(?:^#.*\n)*^(?:{function}|{variable})$", script, re.MULTILINE)
    if found is None:
        raise LookupError(f"no part {name} in update.sh")
    return found[0]
