"""Templates of texts that people read: values.yaml, README tables, scripts for keadm, plans, HTML pages."""

from __future__ import annotations

from functools import cache

import jinja2


def _is_html(name: str | None) -> bool:
    """Return whether a template is a page, in which every value is escaped."""
    return name is not None and name.endswith(".html.j2")


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("generator", "texts"),
        autoescape=_is_html,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def template(name: str) -> jinja2.Template:
    """Return the template in a file of this folder; a page escapes every value that is not marked as safe."""
    return _environment().get_template(name)
