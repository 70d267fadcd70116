"""The custom resource definitions: every resource at every served version, and definitions that are there
already.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from generator import share
from generator.upstream import KUBEEDGE, Release
from generator.upstream.releases import minors
from tests.cluster.api import Api, Object
from tests.cluster.helm import Helm
from tests.cluster.leftovers import Leftovers
from tests.cluster.sites import site

FACTS = share.DATA / "crds.json"
