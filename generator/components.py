"""The table of the programs that are configured: one row for each program, with all facts about it.

To support a new program, add a row. To store a new fact about the programs, add a column.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

# The projects. All programs of a project have the same release, which determines their config fields.
KUBEEDGE = "KubeEdge"
EDGEMESH = "EdgeMesh"
# The key of the values that sets the release of a project.
VERSION_KEYS = {KUBEEDGE: "kubeedgeVersion", EDGEMESH: "edgemeshVersion"}
DEFAULT_RELEASES = {KUBEEDGE: "v1.23.1", EDGEMESH: "v1.17.0"}

_KUBEEDGE_TLS = "featureGates.requireAuthorization"
_EDGEMESH_TLS = "kubeAPIConfig.metaServer.security.requireAuthorization"


@dataclass(frozen=True)
class Component:
    """A program: its project and chart, the place of its config, and how its files are recognised.

    `section` is the top-level key of its config in the values. `also` are places below it with other values
    for some nodes (`*` is any name). `kind` and `api_group` are fields of its config file. `modules` are the
    names below `modules` that no other project has. `tls` is the field that turns on TLS to the endpoint.
    `image` is its container image, "" if it does not run in a container.
    """

    name: str
    project: str
    chart: str
    section: str
    kind: str
    api_group: str
    modules: tuple[str, ...]
    tls: str
    image: str = ""
    also: tuple[tuple[str, ...], ...] = ()

    @property
    def file(self) -> str:
        """Return the name of its config file, which is also the key in a ConfigMap."""
        return f"{self.name}.yaml"

    @property
    def places(self) -> tuple[tuple[str, ...], ...]:
        """Return every place in the values that has fields of its config."""
        return ((self.section,), *self.also)


COMPONENTS = {
    row.name: row
    for row in (
        Component(
            name="cloudcore",
            project=KUBEEDGE,
            chart="cloudcore",
            section="cloudCore",
            kind="CloudCore",
            api_group="cloudcore.config.kubeedge.io",
            modules=("cloudHub", "edgeController", "dynamicController", "cloudStream", "syncController"),
            tls=_KUBEEDGE_TLS,
            image="kubeedge/cloudcore",
        ),
        Component(
            name="edgecore",
            project=KUBEEDGE,
            chart="edgecore",
            section="edgeCore",
            kind="EdgeCore",
            api_group="edgecore.config.kubeedge.io",
            modules=(
                "edged", "edgeHub", "metaManager", "eventBus", "deviceTwin", "serviceBus", "edgeStream",
            ),
            tls=_KUBEEDGE_TLS,
            also=(("edgeCore", "nodeGroups", "*"),),
        ),
        Component(
            name="edgemesh-agent",
            project=EDGEMESH,
            chart="edgemesh",
            section="agent",
            kind="EdgeMeshAgent",
            api_group="agent.edgemesh.config.kubeedge.io",
            modules=("edgeProxy", "edgeDNS", "edgeTunnel", "edgeCNI"),
            tls=_EDGEMESH_TLS,
            image="kubeedge/edgemesh-agent",
            also=(("agent", "cloudNodes"),),
        ),
        Component(
            name="edgemesh-gateway",
            project=EDGEMESH,
            chart="edgemesh",
            section="gateway",
            kind="EdgeMeshGateway",
            api_group="gateway.edgemesh.config.kubeedge.io",
            modules=("edgeGateway",),
            tls=_EDGEMESH_TLS,
            image="kubeedge/edgemesh-gateway",
        ),
    )
}  # fmt: skip
SECTIONS = {row.section: row for row in COMPONENTS.values()}
CHARTS = tuple(dict.fromkeys(row.chart for row in COMPONENTS.values()))
# The namespace of the charts, if the user names no other.
NAMESPACE = "kubeedge"
# Other kinds of files: values for one of our charts, or for an upstream chart.
VALUES = {
    "site": "a site file of this project",
    "cloudcore-values": "values of the upstream cloudcore chart",
    "edgemesh-values": "values of the upstream edgemesh chart",
    "gateway-values": "values of the upstream edgemesh-gateway chart",
}


@lru_cache(maxsize=1024)
def component_of(name: str) -> str | None:
    """Return the program that a config file or data key of this name is for, None if there is none."""
    return next((one for one in COMPONENTS if name == f"{one}.yaml" or name.endswith(f".{one}.yaml")), None)


def group_of(name: str) -> str:
    """Return the node group in the name of a config (`line-a.edgecore.yaml`), "" if the name has none."""
    return name.removesuffix(f"{component_of(name)}.yaml").rstrip(".")


def project_of(component: str) -> str:
    """Return the project of a program; its release determines the config fields of the program."""
    return COMPONENTS[component].project


def of_chart(chart: str) -> tuple[Component, ...]:
    """Return the programs of a chart."""
    return tuple(row for row in COMPONENTS.values() if row.chart == chart)
