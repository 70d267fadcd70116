"""The library chart charts/common/, as a copy in each of the three charts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator import locations

LIBRARY = "common"


def files(chart: str, command: str) -> Iterator[tuple[str, str]]:
    """Yield the files of the library chart, as chart `common` below another chart.

    Helm finds it there without a repository. Each copy has its own names for the helpers, because a parent
    chart and all its subcharts share one set of named templates in Helm.
    """
    source = locations.CHARTS / LIBRARY
    for path in sorted(path for path in source.rglob("*") if path.is_file()):
        name = path.relative_to(source).as_posix()
        text = path.read_text("utf-8")
        if path.suffix == ".tpl":
            copied = f"{{{{/* Copied from charts/{LIBRARY}/ by `{command}`. */}}}}\n"
            text = copied + re.sub(rf'"{LIBRARY}\.(?=[a-z])', f'"{chart}.{LIBRARY}.', text)
            text = re.sub(rf"^  {LIBRARY}\.", f"  {chart}.{LIBRARY}.", text, flags=re.MULTILINE)
        else:
            text = f"# Copied from charts/{LIBRARY}/ by `{command}`.\n{text}"
        yield f"charts/{LIBRARY}/{name}", text
