"""Finds the programs of a site that read certificates, their files and their URL of the endpoint."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from generator import paths
from generator.certs.names import Names
from generator.components import of_chart
from generator.merge import merge

MOUNT = "/etc/edgemesh/metaserver/"
# The defaults of edgecore: its certificate for cloudcore, which no client of the endpoint accepts.
_DEFAULT_FILES = {
    "tlsCaFile": "/etc/kubeedge/ca/rootCA.crt",
    "tlsCertFile": "/etc/kubeedge/certs/server.crt",
    "tlsPrivateKeyFile": "/etc/kubeedge/certs/server.key",
}
AGENT_FILES = {"tlsCaFile": "rootCA.crt", "tlsCertFile": "server.crt", "tlsPrivateKeyFile": "server.key"}


@dataclass(frozen=True)
class Client:
    """How agent or gateway reaches the endpoint.

    `host` is the host of the URL; `verifies`: it checks the server; `shows`: it presents a certificate.
    """

    name: str
    host: str
    verifies: bool
    shows: bool
    secret: str


def edge_configs(values: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the configs of edgecore: one, or one for each node group."""
    base = {name: part for name, part in values["edgeCore"].items() if name != "nodeGroups"}
    groups = values["edgeCore"].get("nodeGroups") or {"": {}}
    for name in sorted(groups):
        yield merge(base, groups[name] or {})


def serves(config: dict[str, Any]) -> bool:
    gate = paths.first(config, "featureGates.requireAuthorization")
    return bool(gate) and bool(paths.first(config, "modules.metaManager.metaServer.enable"))


def node_files(config: dict[str, Any]) -> dict[str, str]:
    """Return tlsCaFile, tlsCertFile and tlsPrivateKeyFile of an edgecore config, or their defaults."""
    server = paths.first(config, "modules.metaManager.metaServer") or {}
    return {name: server.get(name) or default for name, default in _DEFAULT_FILES.items()}


def clients(values: dict[str, Any]) -> Iterator[Client]:
    """Yield agent and gateway; keys of the gateway override keys of the agent."""
    for row in of_chart("edgemesh"):
        part = values.get(row.section) or {}
        if part.get("enable", row.section == "agent"):
            yield _client(row.name, part, values)


def _client(name: str, part: dict[str, Any], values: dict[str, Any]) -> Client:
    agent = values.get("agent") or {}
    api = merge(agent.get("kubeAPIConfig") or {}, part.get("kubeAPIConfig") or {})
    security = paths.first(api, "metaServer.security") or {}
    files = {key: security.get(key, MOUNT + file) for key, file in AGENT_FILES.items()}
    asks = bool(security.get("requireAuthorization"))
    verifies = asks and not security.get("insecureSkipTLSVerify")
    mounted = verifies and any(path.startswith(MOUNT) for path in files.values())
    secret = _secret_of(part, values) if mounted else ""
    host = urlsplit(paths.first(api, "metaServer.server") or "http://127.0.0.1:10550").hostname or ""
    return Client(name, host, verifies, verifies and bool(files["tlsCertFile"]), secret)


def _secret_of(part: dict[str, Any], values: dict[str, Any]) -> str:
    """Return the name of the Secret with the certificates of agent or gateway, or ""."""
    own = part.get("metaServerSecret") or paths.first(values, "agent.metaServerSecret")
    return own or paths.first(values, "metaServer.certificateSecret") or ""


def names(common: str, hosts: list[str]) -> Names:
    """Sort hosts into IP addresses and DNS names, without unspecified addresses such as 0.0.0.0."""
    ips, dns = [], []
    for host in dict.fromkeys(host.strip("[]") for host in hosts if host):
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            dns.append(host)
        else:
            ips += [] if address.is_unspecified else [str(address)]
    return Names(common, tuple(dict.fromkeys(ips)), tuple(dns))
