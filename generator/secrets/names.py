"""Recognises the keys that hold a secret by their names, also by misspelt names."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module

from generator.patterns import pattern

# Names are converted to lower case with `_` between words before they are matched: `mqtt_password`.
_WORDS = pattern(r"(?<=[a-z0-9])(?=[A-Z])|[-.]")
_NAME = pattern(r"pas+w|pwd|token(?!i[sz])|psk")
# A misspelt name must have the same first letter, and must not be another English word.
_NAMES = ("token", "password", "mqttpassword")
_WORDS_OF_THEIR_OWN = {"taken"}
_ALIKE = 0.8
# Keys that look like secrets by their names, but are not.
_NO_SECRETS = {
    "automountServiceAccountToken", "serviceAccountToken", "tokenRequests", "passwordKey", "tokenKey",
    "querySecret", "pskSecret", "metaServerSecret",
}  # fmt: skip
# Names of settings about a secret: its path, lifetime, workers, name or rules.
_ABOUT = pattern(
    r"(duration|seconds|timeout|period|ttl|workers"
    r"|names?|files?|path|dir|type|kind|ref|issuers?|audiences?|endpoint|ur[il])$"
    r"|(?<![a-z])(age|algorithm|authentication|count|days|enabled?|expir(y|es|ation)|format|header|interval"
    r"|len|length|lifetime|limit|policy|required|reviews?|rotation|size|version)$"
    r"|^(max|min|num|total)_(\w+_)?tokens$|tokens_per_|^tokenreviews?$"
)
# These names mean a secret only if the value is a string, a number or a list of them. Maps can have them too.
_SINGLE = pattern(
    r"(passphrase|passcode|credentials?|(?<!existing_)(?<!pull_)secret)$"
    r"|(^|_|master)auth$|^(proxy_)?authorization$|(^|_)cookie$"
    # Not the directives of nginx, such as proxy_pass and fastcgi_pass.
    r"|(?<!proxy_)(?<!cgi_)(?<!grpc_)(?<!by)(?<!by_)(?<!com)(?<!tres)(?<!sur)pass$"
    r"|(api|access|account|aes|auth|client|crypto|deploy|encryption|hmac|jwt|license|master|private|rsa"
    r"|secret|server|session|shared|signing|ssh|ssl|tls|webhook)_?(key|secret)s?(_?(base(64)?|b64|data|pem|value))?$"
)
_VARIABLE = pattern(
    r"(?!.*(CACHE|FOREIGN|GROUP|INDEX|LABEL|OBJECT|PARTITION|PRIMARY|PUB|PUBLIC|ROUTING|SHARD|SORT|TOPOLOGY)_KEY)"
    r"[A-Z0-9_]+_KEY"
)
_PUBLIC = pattern(r"pub(lic)?_")


@lru_cache(maxsize=4096)
def is_secret(name: str, single: bool = False) -> bool:
    """Return whether the value of a key is a secret; `single`: the value is one string or number."""
    words = _WORDS.sub("_", name).lower()
    if name in _NO_SECRETS or _ABOUT.search(words):
        return False
    return _NAME.search(words) is not None or (single and _is_single(name, words)) or _is_misspelt(words)


def _is_single(name: str, words: str) -> bool:
    named = _SINGLE.search(words) or _VARIABLE.fullmatch(name)
    return named is not None and not _PUBLIC.match(words)


def _is_misspelt(words: str) -> bool:
    return sorted(words) == sorted("psk") or any(
        word[0] == right[0] and word not in _WORDS_OF_THEIR_OWN and _alike(word, right)
        for word in {words.replace("_", ""), words.rpartition("_")[2]} - {""}
        for right in _NAMES
    )


def _alike(word: str, right: str) -> bool:
    # The entry point imports this module, and few names come this far.
    return bool(import_module("difflib").get_close_matches(word, (right,), 1, _ALIKE))
