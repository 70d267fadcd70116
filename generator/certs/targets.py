"""The parts of a site that certificates are for: the endpoint, or kubectl logs and exec.

`certs issue --for streams` also works before the site names a certificate for cloudStream.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from generator import paths
from generator.catalogue.message import Message, say
from generator.certs.plan import CertPlan, SecretPlan
from generator.components import CHARTS
from generator.load import LoadedSite
from generator.load.layers import Layers
from generator.load.site import validate

ENDPOINT, STREAMS = "endpoint", "streams"
# The pairs of a plan that each target needs.
_PAIRS = {ENDPOINT: ("server", "client"), STREAMS: ("stream",)}
STREAM_SECRET = "cloudcore-stream"
_SECRET_KEY = "cloudCore.streamCertificate.existingSecret"
_SOURCES = (
    _SECRET_KEY,
    "cloudCore.streamCertificate.certManager.enable",
    "cloudCore.streamCertificate.files.enable",
)
_WHERE = "--for streams"


def load_for(target: str | None, layers: Layers) -> tuple[LoadedSite, tuple[Message, ...]]:
    """Validate a site for the certificates of a target; raise InvalidInput.

    If no certificate is set for cloudStream, `streams` plans the Secret `cloudcore-stream`; the note that is
    returned names the value to add.
    """
    if target != STREAMS or any(paths.first(layers.values, key) for key in _SOURCES):
        return validate(layers, CHARTS), ()
    layers.put(_SECRET_KEY, STREAM_SECRET, _WHERE)
    return validate(layers, CHARTS), (say("stream-secret-to-set", secret=STREAM_SECRET),)


def only(plan: CertPlan, target: str | None) -> CertPlan:
    """Return the part of a plan that a target needs; all of it without a target."""
    if target is None:
        return plan
    pairs = tuple(pair for pair in plan.pairs if pair.name in _PAIRS[target])
    secrets = tuple(_of_target(plan.secrets, target))
    if target == ENDPOINT:
        return replace(plan, pairs=pairs, secrets=secrets)
    return replace(plan, pairs=pairs, secrets=secrets, bundle=False, clients=(), notes=())


def target_of(secret: SecretPlan) -> str:
    """Return the target that needs a Secret."""
    return STREAMS if any(file == "stream.crt" for _, file in secret.entries) else ENDPOINT


def _of_target(secrets: tuple[SecretPlan, ...], target: str) -> Iterator[SecretPlan]:
    yield from (secret for secret in secrets if target_of(secret) == target)
