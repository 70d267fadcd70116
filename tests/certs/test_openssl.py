"""OpenSSL and our verification agree on certificates that Hypothesis generates."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.certs import chain
from tests.certs.pki import DAY, NOW, Made, make

OPENSSL = shutil.which("openssl")
TIMES = {
    "now": (-DAY, 30 * DAY),
    "expired": (-20 * DAY, -2 * DAY),
    "early": (2 * DAY, 30 * DAY),
    "longer": (-90 * DAY, 900 * DAY),
}
USES: list[tuple[str, ...] | None] = [None, ("server",), ("client",), ("server", "client")]
IPS: list[tuple[str, ...]] = [(), ("127.0.0.1",), ("10.0.0.1", "127.0.0.1"), ("10.0.0.1",), ("::1",)]

cas = st.fixed_dictionaries(
    {
        "ca": st.sampled_from([True, True, True, False]),
        "time": st.sampled_from(["now", "now", "now", "expired", "early", "longer"]),
        "uses": st.sampled_from([None, None, None, ("server",), ("client",)]),
        "path_length": st.sampled_from([None, None, 0, 1]),
        "cert_sign": st.sampled_from([True, True, True, False]),
    }
)
leaves = st.fixed_dictionaries(
    {
        "time": st.sampled_from(list(TIMES)),
        "uses": st.sampled_from(USES),
        "ips": st.sampled_from(IPS),
        "dns": st.sampled_from([(), ("edge",)]),
    }
)


@cache
def _window(name: str) -> tuple[timedelta, timedelta]:
    return TIMES[name]


def build(what: dict[str, Any], by: Made | None, cn: str) -> Made:
    """Make a certificate from the values of a strategy."""
    start, end = _window(what["time"])
    rest = {name: value for name, value in what.items() if name != "time"}
    return make(cn, by=by, start=start, end=end, **rest)


def accepted_by_openssl(
    leaf: Made, between: list[Made], roots: list[Made], use: str, host: str | None
) -> bool:
    """Return whether `openssl verify` accepts the certificate."""
    assert OPENSSL, "openssl is missing"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "leaf").write_text(leaf.cert_text)
        (folder / "roots").write_text("".join(one.cert_text for one in roots))
        command = [OPENSSL, "verify", "-CAfile", "roots", "-no-CApath", "-no-CAstore", "-partial_chain"]
        if between:
            (folder / "between").write_text("".join(one.cert_text for one in between))
            command += ["-untrusted", "between"]
        command += ["-purpose", f"ssl{use}", "-attime", str(int(NOW.timestamp()))]
        command += ["-verify_ip", host] if host else []
        done = subprocess.run([*command, "leaf"], cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode == 0


@settings(max_examples=150)
@given(
    root=cas,
    middle=st.one_of(st.none(), st.none(), cas),
    leaf=leaves,
    sent=st.booleans(),
    trusted=st.sampled_from(["root", "root", "root", "both", "another", "middle"]),
    use=st.sampled_from(["server", "client"]),
)
def test_openssl_agrees(
    root: dict[str, Any],
    middle: dict[str, Any] | None,
    leaf: dict[str, Any],
    sent: bool,
    trusted: str,
    use: str,
) -> None:
    top = build(root, None, "root")
    between = build(middle, top, "middle") if middle else None
    end = build(leaf, between or top, "leaf")
    other = make("another", ca=True)
    roots = {"root": [top], "both": [other, top], "another": [other], "middle": [between or top]}[trusted]
    others = [between] if between and sent else []
    host = "127.0.0.1" if use == "server" else None
    fault = chain.fault(
        end.certificate,
        [one.certificate for one in others],
        [one.certificate for one in roots],
        use,
        NOW,
        host,
    )
    assert (fault is None) == accepted_by_openssl(end, others, roots, use, host), fault


@pytest.mark.parametrize("use", ["server", "client"])
def test_both_accept_a_valid_certificate(use: str) -> None:
    root = make("root", ca=True)
    end = make("leaf", by=root, ips=("127.0.0.1",), uses=(use,))
    host = "127.0.0.1" if use == "server" else None
    assert chain.fault(end.certificate, [], [root.certificate], use, NOW, host) is None
    assert accepted_by_openssl(end, [], [root], use, host)
