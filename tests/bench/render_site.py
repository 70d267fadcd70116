"""Print the time of one render_site, in ms: with the package `generator` that PYTHONPATH has first.

All sites are loaded before, and each chart has other values in each site.
"""

from __future__ import annotations

import sys
from statistics import median
from time import perf_counter

from generator import load_site, render_site

RUNS = 25
KEYS = ("cloudCore.podAnnotations.run", "edgeCore.labels.run", "agent.podAnnotations.run")

if __name__ == "__main__":
    sites = [
        load_site([], profile="mtls", set_string=[f"{key}={number}" for key in KEYS])
        for number in range(RUNS + 2)
    ]
    times = []
    for site in sites:
        begin = perf_counter()
        render_site(site)
        times.append((perf_counter() - begin) * 1000)
    sys.stdout.write(f"{median(times[2:])}\n")
