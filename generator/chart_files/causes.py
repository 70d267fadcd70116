"""Files made from the table of causes: _causes.tpl of charts/edgemesh, and lists of docs/doctor.md."""

from __future__ import annotations

from collections.abc import Iterator

from generator.catalogue import english
from generator.catalogue.causes import Answer, answers
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
        text = _TEMPLATE.format(command=command, table=TABLE, text=explain_case())
        yield "templates/tests/_causes.tpl", text


def with_lists(page: str, command: str) -> str:
    """Return docs/doctor.md with new lists of the causes of each answer between its two marks."""
    before, begin, rest = page.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not (begin and end):
        raise ValueError(f"docs/doctor.md has no {_BEGIN.strip()} or no {_END.strip()}")
    lists = "".join(_list(one) for one in answers() if one.causes)
    return f"{before}{begin}<!-- Written by `{command}` from {TABLE}. -->\n{lists}\n{end}{after}"


def _list(answer: Answer) -> str:
    causes = "".join(f"- {_cause(code)}\n" for code in answer.causes)
    return f"\n### {answer.words[0].upper()}{answer.words[1:]}\n\n{causes}"


def _cause(code: str) -> str:
    entry = english(code)
    span = f"{entry.releases}: " if entry.releases else ""
    return f"{span}{entry.means} ([{code}](codes.md#{code}))"
