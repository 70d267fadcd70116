"""What the endpoint answers to each kind of caller, by profile and release, as docs/profiles.md says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from tests.edge.ask import HANDSHAKE, LISTENERS, RECEIVE, REFUSED, UNTRUSTED, Pair, Reply, Way, ask

VERSION = "/version"


@dataclass(frozen=True)
class Callers:
    """What callers have: tokens, CAs and client certificates."""

    # Of a pod on this node whose account may list Services, and of one whose account has no permissions.
    allowed: str
    powerless: str
    # From `kubectl create token`, for an account with a pod on this node, and for one without.
    created: str
    elsewhere: str
    ca: Path
    foreign_ca: Path
    # Client certificates of the cluster's CA, by who signed them, and one of another CA.
    pairs: dict[str, Pair]
    foreign: Pair


@dataclass(frozen=True)
class Case:
    """One request and what must come back: an HTTP status, or an exit code of curl."""

    name: str
    reply: Reply
    status: int = 0
    exit: int = 0

    def problem(self) -> str:
        """Return how the reply differs from what must come back, "" if it does not."""
        got = (self.reply.status, self.reply.exit)
        if got == (self.status, self.exit):
            return ""
        return (
            f"{self.name}: {got}, not {(self.status, self.exit)}: {self.reply.error or self.reply.body[:200]}"
        )


def cases(profile: str, release: str, callers: Callers) -> Iterator[Case]:
    """Yield every request that docs/profiles.md says something about."""
    yield from (_plain(callers) if profile == "plain" else _tls(release, callers))


def _plain(callers: Callers) -> Iterator[Case]:
    """Http on the first listener; nobody is checked."""
    http = Way(scheme="http")
    yield Case("http, no token", ask(http), 200)
    yield Case("http, a bad token", ask(replace(http, token="bad")), 200)
    yield Case("http, the token of a pod", ask(replace(http, token=callers.allowed)), 200)
    yield Case("http, /version", ask(http, VERSION), 200)
    yield Case("https", ask(Way(token=callers.allowed, verify=False)), exit=HANDSHAKE)
    yield Case("the second listener", ask(replace(http, listener=LISTENERS[1])), exit=REFUSED)


def _tls(release: str, callers: Callers) -> Iterator[Case]:
    """Https on both listeners; the token of a pod on this node identifies the caller."""
    discovery = release != "1.20"
    nobody = 403 if discovery else 401
    trusting = Way(ca=callers.ca)
    good = replace(trusting, token=callers.allowed)
    for listener in LISTENERS:
        yield Case(f"http at {listener}", ask(Way(scheme="http", listener=listener)), 400)
        yield Case(f"the token of a pod at {listener}", ask(replace(good, listener=listener)), 200)
    tokens = {
        "a bad token": ("bad", 401),
        "the token of a pod without permissions": (callers.powerless, 403),
        "kubectl create token": (callers.created, 401),
        "the token of an account without a pod here": (callers.elsewhere, 401),
    }
    for name, (token, status) in tokens.items():
        yield Case(name, ask(replace(trusting, token=token)), status)
    yield Case("no token", ask(trusting), nobody)
    yield Case("/version without a token", ask(trusting, VERSION), 200 if discovery else 401)
    yield Case("without the CA", ask(replace(good, ca=None)), exit=UNTRUSTED)
    yield Case("with another CA", ask(replace(good, ca=callers.foreign_ca)), exit=UNTRUSTED)
    yield Case("without verifying", ask(replace(good, ca=None, verify=False)), 200)
    for signer, pair in callers.pairs.items():
        yield Case(f"a client certificate by {signer} and a token", ask(replace(good, pair=pair)), 200)
        yield Case(f"a client certificate by {signer} alone", ask(replace(trusting, pair=pair)), nobody)
    yield Case("a client certificate of another CA", ask(replace(good, pair=callers.foreign)), exit=RECEIVE)
