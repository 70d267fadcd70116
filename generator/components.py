"""The programs that are configured: one row each, with all that the rest of the package asks of one.

A new program is a new row; code that needs another fact of a program adds a column.
"""

from __future__ import annotations

from dataclasses import dataclass

# Projects; each is released as a whole, and its release decides the fields of its programs.
KUBEEDGE = "KubeEdge"
EDGEMESH = "EdgeMesh"
# The key of the values that sets the release of a project.
VERSION_KEYS = {KUBEEDGE: "kubeedgeVersion", EDGEMESH: "edgemeshVersion"}
DEFAULT_RELEASES = {KUBEEDGE: "v1.23.1", EDGEMESH: "v1.17.0"}

_KUBEEDGE_TLS = "featureGates.requireAuthorization"
_EDGEMESH_TLS = "kubeAPIConfig.metaServer.security.requireAuthorization"


@dataclass(frozen=True)
class Component:
    """A program: its project and chart, where its config stands, and how its files are recognised.

    `section` is the top-level key of the values that has its config, `also` are places below with other
    values for some nodes (`*` is any name). `kind` and `api_group` stand in its config file. `modules` are
    names below `modules` that no other project has. `tls` is the field that switches TLS to the endpoint
    on. `image` is its container image, "" where it runs in none.
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
        """Return every place of the values that has fields of its config."""
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
# What else a file may hold: values for one of the charts, or for a chart of upstream.
VALUES = {
    "site": "a site file of this project",
    "cloudcore-values": "values of the upstream cloudcore chart",
    "edgemesh-values": "values of the upstream edgemesh chart",
    "gateway-values": "values of the upstream edgemesh-gateway chart",
}


def component_of(name: str) -> str | None:
    """Return the program whose config a file or data key of this name holds, None if none."""
    return next((one for one in COMPONENTS if name == f"{one}.yaml" or name.endswith(f".{one}.yaml")), None)


def group_of(name: str) -> str:
    """Return the node group in the name of a config (`line-a.edgecore.yaml`), "" if it has none."""
    return name.removesuffix(f"{component_of(name)}.yaml").rstrip(".")


def project_of(component: str) -> str:
    """Return the project whose release decides a program's fields."""
    return COMPONENTS[component].project


def of_chart(chart: str) -> tuple[Component, ...]:
    """Return the programs of a chart."""
    return tuple(row for row in COMPONENTS.values() if row.chart == chart)
