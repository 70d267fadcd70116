"""Which keys are taken for secrets: those that hold some, misspelt or not, and no other key of a config."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from generator.components import COMPONENTS, project_of
from generator.secrets.names import is_secret
from generator.upstream import Field, Release, config_fields
from generator.upstream.releases import minors


def fields() -> Iterator[tuple[str, Field]]:
    """Yield every key of every program and minor release with its path."""
    for component in COMPONENTS:
        for minor in minors(project_of(component)):
            yield from config_fields(component, Release.parse(project_of(component), minor)).walk()


def test_of_all_keys_of_the_programs_those_that_hold_a_secret_are_secret() -> None:
    found = {path for path, _ in fields() if is_secret(path.rpartition(".")[2])}
    assert found == {"modules.edgeHub.token", "modules.edgeTunnel.psk", "modules.eventBus.mqttPassword"}


def test_of_all_single_values_of_the_programs_those_that_are_a_secret_are_secret() -> None:
    # A switch is shown whatever it is called.
    single = {
        path for path, field in fields() if not field.fields and field.type not in ("object", "boolean")
    }
    found = {path for path in single if is_secret(path.rpartition(".")[2], single=True)}
    assert found == {"modules.edgeHub.token", "modules.eventBus.mqttPassword"}


MISSPELT = [
    "pskk",
    "pks",
    "PSKs",
    "tokn",
    "toekn",
    "passwd",
    "paswords",
    "mqttPasword",
    "passord",
    "mqttPassord",
]


@pytest.mark.parametrize("name", MISSPELT)
def test_misspelt_ones_are_secret(name: str) -> None:
    assert is_secret(name)


NONE = [
    "tokenFile", "passwordRef", "qps", "ServiceAccountTokenWorkers", "max_tokens", "maxNewTokens",
    "tokenizer", "TOKEN_URL", "token.endpoint", "PASSWORD_MIN_LENGTH", "PASSWORD_AUTHENTICATION",
    "PASS_MAX_DAYS", "broken", "taken", "ask", "psp", "ps", "pk", "passport", "tokenreviews",
]  # fmt: skip


@pytest.mark.parametrize(
    "name", [*NONE, "proxy_pass", "bypass", "PUBLIC_KEY", "topologyKey", "imagePullSecret"]
)
def test_what_is_said_about_a_secret_is_none(name: str) -> None:
    assert not is_secret(name)
    assert not is_secret(name, single=True)


SINGLE = [
    "DB_PASS", "SMTP_PASS", "PGPASS", "requirepass", "JWT_SECRET", "WEBHOOK_SECRET", "SESSION_SECRET",
    "JOIN_SECRET", "SECRET_KEY_BASE", "REDIS_AUTH", "SSH_KEY", "TLS_KEY", "HMAC_KEY", "STRIPE_KEY",
    "PRIVATE_KEY_PEM", "MINIO_ACCESS_KEY", "client-key-data", "clientSecret", "Authorization", "X-Api-Key",
]  # fmt: skip


@pytest.mark.parametrize("name", SINGLE)
def test_names_of_single_values_that_are_secret(name: str) -> None:
    assert is_secret(name, single=True)


@pytest.mark.parametrize("name", ["secret", "authorization", "auth", "credentials", "privateKey"])
def test_maps_may_be_called_like_a_single_value(name: str) -> None:
    assert not is_secret(name)
    assert is_secret(name, single=True)


@pytest.mark.parametrize("name", ["MINIO_PASSWORD", "TOKEN_FOR_STORAGE", "PASSWORD_OF_ACCOUNT", "dbpass"])
def test_secrets_with_a_name_that_ends_or_begins_like_one_of_none(name: str) -> None:
    assert is_secret(name, single=True)
