"""The two version options that several commands share."""

from __future__ import annotations

from generator.components import EDGEMESH, KUBEEDGE
from generator.errors import InvalidInput, Problem
from generator.model.site import Site
from generator.upstream import Release, UnknownRelease


def releases(
    kubeedge: str | None, edgemesh: str | None, option: str = "--kubeedge-version"
) -> tuple[Release, Release]:
    """Read both options, with the model's defaults; raise InvalidInput for an unknown release."""
    wanted = {
        KUBEEDGE: (option, kubeedge or Site.model_fields["kubeedgeVersion"].default),
        EDGEMESH: ("--edgemesh-version", edgemesh or Site.model_fields["edgemeshVersion"].default),
    }
    found: list[Release] = []
    problems: list[Problem] = []
    for program, (name, version) in wanted.items():
        try:
            found.append(Release.parse(program, version))
        except UnknownRelease as error:
            problems.append(Problem(name, "", error.message))
    if problems:
        raise InvalidInput(problems)
    return found[0], found[1]
