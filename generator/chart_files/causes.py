"""Files made from the table of causes: _causes.tpl of charts/edgemesh, and the table of docs/doctor.md."""

from __future__ import annotations

from collections.abc import Iterator

from generator.catalogue import find
from generator.catalogue.causes import answers
from generator.catalogue.shell import explain_case

CHART = "edgemesh"
TABLE = "generator/tables/causes.yaml"
_TEMPLATE = """\
{{{{/* Written by `{command}` from {table}: the answers of the endpoint and their causes.

  edgemesh.causes    shell text that sets `why` and `causes`, by `exit` (exit code of curl, or http or late),
                     `status` (HTTP), `url` and `error`
*/}}}}

{{{{- define "edgemesh.causes" -}}}}
{text}
{{{{- end -}}}}
"""
_BEGIN, _END = "<!-- causes -->\n", "<!-- end of causes -->\n"


def files(chart: str, command: str) -> Iterator[tuple[str, str]]:
    """Yield the template of the chart with the script of `helm test`."""
    if chart == CHART:
        yield "templates/_causes.tpl", _TEMPLATE.format(command=command, table=TABLE, text=explain_case())


def with_table(page: str, command: str) -> str:
    """Return docs/doctor.md with a new table of the answers between its two marks."""
    before, begin, rest = page.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not (begin and end):
        raise ValueError(f"docs/doctor.md has no {_BEGIN.strip()} or no {_END.strip()}")
    rows = "".join(
        f"| {one.words} | {'<br>'.join(map(_cause, one.causes))} |\n" for one in answers() if one.causes
    )
    written = f"<!-- Written by `{command}` from {TABLE}. -->\n\n"
    head = "| answer | possible causes, most likely first |\n|---|---|\n"
    return f"{before}{begin}{written}{head}{rows}\n{end}{after}"


def _cause(code: str) -> str:
    entry = find(code)
    span = f"{entry.releases}: " if entry.releases else ""
    return f"{span}{entry.means} ([{code}](codes.md#{code}))"
