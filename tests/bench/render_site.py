"""Print the time of one render_site, in ms: with the package `generator` that PYTHONPATH has first."""

from __future__ import annotations

import sys
from statistics import median
from time import perf_counter

from generator import load_site, render_site

RUNS = 25

if __name__ == "__main__":
    site = load_site([], profile="mtls")
    render_site(site)
    times = []
    for _ in range(RUNS):
        begin = perf_counter()
        render_site(site)
        times.append((perf_counter() - begin) * 1000)
    sys.stdout.write(f"{median(times)}\n")
