"""Print what one render_site takes, with the package `generator` that PYTHONPATH has first.

Prints time and CPU time in ms, and the peak memory of the process in MB.

All sites are loaded before, and each chart has other values in each site.
"""

from __future__ import annotations

import resource
import sys
from statistics import mean, median
from time import perf_counter, process_time

from generator import load_site, render_site

RUNS = 25
KEYS = ("cloudCore.podAnnotations.run", "edgeCore.labels.run", "agent.podAnnotations.run")

if __name__ == "__main__":
    sites = [
        load_site([], profile="mtls", set_string=[f"{key}={number}" for key in KEYS])
        for number in range(RUNS + 2)
    ]
    times, cpus = [], []
    for site in sites:
        begin, begin_cpu = perf_counter(), process_time()
        render_site(site)
        times.append((perf_counter() - begin) * 1000)
        cpus.append((process_time() - begin_cpu) * 1000)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    # The mean: Go's collector runs in some of the renderings.
    sys.stdout.write(f"{median(times[2:])} {mean(cpus[2:])} {memory}\n")
