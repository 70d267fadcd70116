"""Makes a lean chart: a chart without what load_site does too, so that Helm has less to parse and evaluate.

It needs complete values, and does not check them: it has no schema and no defaults, and the templates of
_EMPTIED do nothing. A test renders the same documents with the whole chart.
"""

from __future__ import annotations

import io
import re
import tarfile
from pathlib import Path, PurePath

_EMPTIED = ("_check.tpl", "_problems.tpl", "_profile.tpl", "_rules.tpl")
_LEFT_OUT = ("README.md", "ci", "values.schema.json", "values.yaml")

# A lean chart has Chart.yaml and the templates of objects too; Helm does not read the others.
_NO_CHECKS = ("Chart.yaml", "README.md", "ci")


def decides(name: PurePath) -> bool:
    """Return whether what a lean chart leaves out can depend on a file of the chart.

    Two charts in which all these files are the same accept the same values there.
    """
    is_object = name.parts[0] == "templates" and name.parts[1] != "tests" and name.suffix == ".yaml"
    return name.parts[0] not in _NO_CHECKS and not is_object


def lean_chart(folder: Path) -> bytes:
    """Return a chart without checks, defaults, profiles, NOTES and test pods, as an archive."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz", compresslevel=0) as tar:
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder)
            if path.is_file() and name.parts[0] not in _LEFT_OUT and name.parts[:2] != ("templates", "tests"):
                text = b"" if path.name == "NOTES.txt" else path.read_bytes()
                if path.name in _EMPTIED:
                    text = _empty(text)
                entry = tarfile.TarInfo(f"{folder.name}/{name.as_posix()}")
                entry.size = len(text)
                tar.addfile(entry, io.BytesIO(text))
    return archive.getvalue()


def _empty(text: bytes) -> bytes:
    """Return the named templates of a file, each without content."""
    return b"".join(b"{{ define %s }}{{ end }}" % name for name in re.findall(rb'define ("[^"]+")', text))
