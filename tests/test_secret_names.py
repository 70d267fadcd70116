"""Which keys are taken for secrets: those that hold some, misspelt or not, and no other key of a config."""

from __future__ import annotations

import pytest

from generator.secret_names import is_secret
from generator.upstream import COMPONENTS, Release, config_fields, program_of
from generator.upstream.releases import minors


def test_of_all_keys_of_the_programs_those_that_hold_a_secret_are_secret() -> None:
    found = {
        path
        for component in COMPONENTS
        for minor in minors(program_of(component))
        for path, _ in config_fields(component, Release.parse(program_of(component), minor)).walk()
        if is_secret(path.rpartition(".")[2])
    }
    assert found == {"modules.edgeHub.token", "modules.edgeTunnel.psk", "modules.eventBus.mqttPassword"}


@pytest.mark.parametrize("name", ["pskk", "PSKs", "tokn", "toekn", "passwd", "paswords", "mqttPasword"])
def test_misspelt_ones_are_secret(name: str) -> None:
    assert is_secret(name)


@pytest.mark.parametrize("name", ["tokenFile", "passwordRef", "qps", "ServiceAccountTokenWorkers"])
def test_what_is_said_about_a_secret_is_none(name: str) -> None:
    assert not is_secret(name)
