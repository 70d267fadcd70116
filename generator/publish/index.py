"""Makes index.yaml, the list of the charts in a Helm repository, as `helm repo index` does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from hashlib import sha256
from typing import Any

from generator import go_yaml

INDEX = "index.yaml"
_HEADER = "# Written by `generator charts export --format tgz`.\n"


def index(charts: Mapping[str, tuple[dict[str, Any], bytes]], url: str, seconds: int) -> str:
    """Return the index of archives: file name -> (content of Chart.yaml, content of the archive).

    `url` is the address of the folder of the archives, "" for addresses relative to the index. `seconds` is
    the time of `created`, since 1970.
    """
    time = datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    base = f"{url.rstrip('/')}/" if url else ""
    entries = {
        chart["name"]: [_entry(chart, sha256(data).hexdigest(), f"{base}{name}", time)]
        for name, (chart, data) in sorted(charts.items())
    }
    return _HEADER + go_yaml.dump({"apiVersion": "v1", "entries": entries, "generated": time})


def _entry(chart: dict[str, Any], digest: str, url: str, time: str) -> dict[str, Any]:
    """Return the entry of one archive, with the keys in Helm's order."""
    # Helm's type of a dependency always has its repository.
    dependencies = [{**one, "repository": one.get("repository", "")} for one in chart.get("dependencies", ())]
    more = {"dependencies": dependencies} if dependencies else {}
    entry = {**chart, **more, "created": time, "digest": digest, "urls": [url]}
    return {name: entry[name] for name in sorted(entry)}
