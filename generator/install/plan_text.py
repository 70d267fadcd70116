"""A plan as text: what would change, in which order, and the steps by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from textwrap import indent

from generator.catalogue.message import Message, say
from generator.diff.formats import writer
from generator.errors import Paint, count, unpainted
from generator.install.by_hand import steps_by_hand
from generator.install.order import Order
from generator.install.plan import INSTALL, NOTHING, InstallPlan, InstallStep
from generator.upstream import Release


def plan_text(made: InstallPlan, paint: Paint = unpainted) -> str:
    """Write what happens to each release, and why in this order."""
    return "".join(f"{line}\n" for line in _plan(made, paint))


def _plan(made: InstallPlan, paint: Paint) -> Iterator[str]:
    for step in made.steps:
        late = " (in a later run, after the edge nodes)" if step in made.later else ""
        yield f"{step.name}: {_headline(step)}{late}"
        if step.action not in (INSTALL, NOTHING) and step.changes.differences:
            yield indent(writer("text")(step.changes), "  ").rstrip("\n")
        if step.drift.differences:
            yield "  changed in the cluster since; additions stay, everything else is reverted:"
            yield indent(writer("text")(step.drift), "    ").rstrip("\n")
    yield from (f"{paint('warning', 'warning:')} {one}" for one in made.warnings)
    if made.order.switch:
        yield ""
        yield from _switch(made)


def _headline(step: InstallStep) -> str:
    live = step.live
    if step.action == INSTALL:
        return f"install, {_kinds(step)}"
    assert live is not None
    if step.action == NOTHING:
        return f"nothing to do (revision {live.revision})"
    state = "" if live.deployed else f", which is {live.status}"
    same = "" if step.changes.differences or step.drift.differences else "; no object changes"
    return f"upgrade of revision {live.revision}{state}{same}"


def _kinds(step: InstallStep) -> str:
    kinds = Counter(one.kind for one in step.objects)
    shown = ", ".join(f"{number} {kind}" for kind, number in kinds.items())
    return f"{count(len(step.objects), 'object')}: {shown}"


def _switch(made: InstallPlan) -> Iterator[str]:
    release = made.rendering.site.kubeedge
    what = f"TLS is switched {made.order.switch}"
    if made.order.switch == "ca":
        what = "another CA signs the endpoints' certificates"
    yield f"{what}; this order keeps edge applications connected:"
    nodes = count(len(made.nodes), "edge node")
    parts = [", ".join(made.order.before), nodes, ", ".join(made.order.after)]
    yield f"  {' -> '.join(part for part in parts if part)}"
    yield from (f"  {one.what} [{one.code}]" for one in why(made.order, release))


def why(order: Order, release: Release) -> Iterator[Message]:
    """Yield the reasons for the order of a switch."""
    at_the_edge = release.within({"from": "1.14"})
    if order.switch != "ca":
        first = at_the_edge is (order.switch == "on")
        yield say("cloudcore-before-nodes" if first else "cloudcore-after-nodes", order.switch)
    if not at_the_edge and order.switch == "on":
        yield say("endpoint-unchecked-until-done")
    yield say("edgemesh-after-nodes")


def by_hand_text(made: InstallPlan) -> str:
    """Return the steps by hand that follow the steps carried out, "" without any."""
    return "".join(f"{line}\n" for line in _by_hand(made))


def _by_hand(made: InstallPlan) -> Iterator[str]:
    for place, steps in groupby(steps_by_hand(made), key=lambda step: step.place):
        yield f"By hand, on {place}:" if place else "By hand:"
        for step in steps:
            yield f"  {step.what} [{step.code}]"
            yield from (f"    {command}" for command in step.commands)
