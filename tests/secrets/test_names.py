"""Names of keys that hold secrets, misspelt ones too; other keys of a config are not secret."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from generator.components import COMPONENTS, project_of
from generator.secrets.names import is_secret
from generator.upstream import Field, Release, config_fields
from generator.upstream.releases import minors


def fields() -> Iterator[tuple[str, Field]]:
    """Yield the path and the field of every key, for every program and minor release."""
    for component in COMPONENTS:
        for minor in minors(project_of(component)):
            yield from config_fields(component, Release.parse(project_of(component), minor)).walk()


def test_only_keys_with_a_secret_are_secret() -> None:
    found = {path for path, _ in fields() if is_secret(path.rpartition(".")[2])}
    assert found == {"modules.edgeHub.token", "modules.edgeTunnel.psk", "modules.eventBus.mqttPassword"}


def test_only_single_values_with_a_secret_are_secret() -> None:
    # A boolean is never secret, whatever its name.
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
def test_misspelt_names_of_secrets_are_secret(name: str) -> None:
    assert is_secret(name)


NONE = [
    "tokenFile", "passwordRef", "qps", "ServiceAccountTokenWorkers", "max_tokens", "maxNewTokens",
    "tokenizer", "TOKEN_URL", "token.endpoint", "PASSWORD_MIN_LENGTH", "PASSWORD_AUTHENTICATION",
    "PASS_MAX_DAYS", "broken", "taken", "ask", "psp", "ps", "pk", "passport", "tokenreviews",
]  # fmt: skip


@pytest.mark.parametrize(
    "name", [*NONE, "proxy_pass", "bypass", "PUBLIC_KEY", "topologyKey", "imagePullSecret"]
)
def test_names_about_a_secret_are_not_secret(name: str) -> None:
    assert not is_secret(name)
    assert not is_secret(name, single=True)


SINGLE = [
    "DB_PASS", "SMTP_PASS", "PGPASS", "requirepass", "JWT_SECRET", "WEBHOOK_SECRET", "SESSION_SECRET",
    "JOIN_SECRET", "SECRET_KEY_BASE", "REDIS_AUTH", "SSH_KEY", "TLS_KEY", "HMAC_KEY", "STRIPE_KEY",
    "PRIVATE_KEY_PEM", "MINIO_ACCESS_KEY", "client-key-data", "clientSecret", "Authorization", "X-Api-Key",
]  # fmt: skip


@pytest.mark.parametrize("name", SINGLE)
def test_names_of_secret_single_values_are_secret(name: str) -> None:
    assert is_secret(name, single=True)


@pytest.mark.parametrize("name", ["secret", "authorization", "auth", "credentials", "privateKey"])
def test_names_of_single_secrets_are_not_secret_for_maps(name: str) -> None:
    assert not is_secret(name)
    assert is_secret(name, single=True)


@pytest.mark.parametrize("name", ["MINIO_PASSWORD", "TOKEN_FOR_STORAGE", "PASSWORD_OF_ACCOUNT", "dbpass"])
def test_names_of_secrets_with_a_harmless_prefix_or_suffix_are_secret(name: str) -> None:
    assert is_secret(name, single=True)
