"""`generator doctor`."""

from __future__ import annotations

from typing import Any

import click

from generator.cli.cluster import cluster_options, say, timeout_option
from generator.cli.colour import paint, warn
from generator.cli.command import GeneratorCommand
from generator.cli.options import charts_option, flags, format_option, values_options
from generator.cli.result import show

_PAUSE_SECONDS = 5.0


@click.command(
    cls=GeneratorCommand,
    epilog="✓ passed, ‼ warning, × failed, – not checked, with the reason. The most likely cause of all "
    "findings is printed last. Without values, the files in the ConfigMaps of the cluster are checked. Exit "
    "code 0: no failure; 1: a check failed; 2: nothing was checked; 3: the cluster does not answer.",
)
@values_options
@charts_option
@cluster_options
@click.option(
    "--node", "nodes", multiple=True, metavar="NAME", help="Check only this edge node; may be repeated."
)
@click.option(
    "--probe",
    is_flag=True,
    help="Also run doctor.sh on the nodes of --node, in a privileged pod that is removed afterwards.",
)
@click.option(
    "--image", metavar="IMAGE", default="", help="Image of this pod (default: that of the rollout)."
)
@click.option("--wait", is_flag=True, help="Repeat until no check fails, at most for --timeout.")
@timeout_option
@format_option("text", "json")
@click.pass_context
def doctor(
    ctx: click.Context,
    /,
    charts: tuple[str, ...],
    namespace: str,
    kubeconfig: str | None,
    kube_context: str | None,
    nodes: tuple[str, ...],
    probe: bool,
    image: str,
    wait: bool,
    timeout: int,
    form: str,
    **values: Any,
) -> None:
    """Find out why the endpoint, kubectl logs or EdgeMesh does not work.

    \b
    Examples:
      generator doctor
      generator doctor --node edge-1 --probe
      generator doctor -f site.yaml --wait --timeout 3m --format json
    """
    import time

    from generator.doctor.diagnose import diagnose
    from generator.doctor.report import as_json, as_text
    from generator.io.kubectl import Kubectl
    from generator.load import load_site
    from generator.render.site import render_site

    if probe and not nodes:
        raise click.UsageError("--probe needs --node NAME")
    site = None
    if any(values.values()):
        loaded = load_site(values["files"], profile=values["profile"], charts=charts, **flags(values))
        warn(loaded.warnings)
        site = render_site(loaded, namespace=namespace)
    kubectl = Kubectl(kubeconfig=kubeconfig, context=kube_context)
    until = time.monotonic() + timeout
    while True:
        report = diagnose(kubectl, site=site, only=nodes, probed=probe, image=image)
        if not (wait and report.failed) or time.monotonic() >= until:
            break
        assert report.cause
        say(f"waiting: {report.cause}")
        time.sleep(_PAUSE_SECONDS)
    show(as_json(report) if form == "json" else as_text(report, paint), nl=False)
    if not report.checked:
        ctx.exit(2)
    if report.failed:
        ctx.exit(1)
