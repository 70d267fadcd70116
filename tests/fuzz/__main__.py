"""`python -m tests.fuzz VERB FIRST LAST`: run many seeds, print each kind of failure once."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.fuzz import case


def main(verb: str, first: int, last: int) -> None:
    """Run the seeds from first to last, and print each kind of failure with its first seed."""
    seen: set[str] = set()
    for seed in range(first, last):
        with tempfile.TemporaryDirectory() as folder:
            arguments, wrong = case.run(verb, seed, Path(folder))
            for text in wrong:
                kind = "\n".join(text.strip().splitlines()[-3:])
                if kind not in seen:
                    seen.add(kind)
                    sys.stdout.write(
                        f"--- {verb} {seed}: {[part[:60] for part in arguments]}\n{text[-1500:]}\n"
                    )
                    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
