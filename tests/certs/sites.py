"""Sites, and plans of certificates for them."""

from __future__ import annotations

from functools import cache

from generator import load_site
from generator.certs.plan import CertPlan, plan

# The last minor of each range of releases with the same TLS mode.
RELEASES = ("1.13", "1.16", "1.22", "1.23")
FILES_RELEASES, CLUSTER_RELEASES = RELEASES[:2], RELEASES[2:]
TLS_PROFILES = ("one-way", "one-way-verified", "mtls")


@cache
def planned(profile: str | None, kubeedge: str, *flags: str) -> CertPlan:
    """Plan for a profile on a release."""
    return plan(load_site(profile=profile, set=flags, set_string=[f"kubeedgeVersion={kubeedge}"]))
