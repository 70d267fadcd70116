"""Makes messages of faults of certificates."""

from __future__ import annotations

from generator.catalogue.message import Message, say
from generator.certs import chain
from generator.certs.ca import minute
from generator.certs.chain import Fault


def explain(fault: Fault, trusted: str, use: str, variant: str = "") -> Message:
    """Return the message of a fault; `trusted` names the file with the trusted CAs."""
    one = fault.certificate
    return say(
        fault.code,
        fault.variant or variant,
        begins=minute(one.not_valid_before_utc),
        ended=minute(one.not_valid_after_utc),
        extension=", ".join(chain.unknown_critical(one)),
        host=fault.host,
        issuer=one.issuer.rfc4514_string(),
        name=one.subject.rfc4514_string(),
        names=", ".join([*chain.addresses(one), *chain.dns_names(one)]),
        trusted=trusted,
        use=use,
        uses=chain.use_text(one),
    )
