"""The codes of config files that do not agree with each other, or with the objects around them."""

from __future__ import annotations

from generator.catalogue.entries import error, table, warning

_NEW_KEY = "generate a key with `openssl rand -base64 32`"

ENTRIES = table(
    error(
        "endpoint-address-differs",
        means="the agent or the gateway connects to an address where edgecore does not listen",
        what="is {got}, but edgecore listens on {servers}",
        fix="set both to the same address",
        why="edgemesh-agent and edgemesh-gateway on edge nodes read Services from edgecore's endpoint. "
        "At another address nothing answers.",
    ),
    warning(
        "cloudcore-port-differs",
        means="edgecore connects to a port where cloudcore does not listen",
        what="is {got}, but modules.{key} of cloudcore.yaml is {wanted}",
        fix="set both to the same port, unless a service between them maps the port",
        why="Without a Service, load balancer or NAT rule that maps the port, edgecore cannot connect to "
        "cloudcore.",
    ),
    error(
        "address-not-in-certificate",
        means="edgecore connects to cloudcore by a name that is not in cloudcore's certificate",
        what="is {got}, but cloudcore's certificate is for {names}; edgecore cannot join",
        fix="add the address to advertiseAddress or dnsNames of cloudcore.yaml",
        why="cloudcore signs its certificate for advertiseAddress and dnsNames. edgecore verifies the name, "
        "and rejects the connection.",
    ),
    warning(
        "streams-differ",
        means="cloudStream and edgeStream are not both on or both off",
        what="is off, but the stream of the other side is on; kubectl logs and exec need both",
        fix="set both to true or both to false",
        why="kubectl logs and exec go from the API server through cloudStream of cloudcore and edgeStream of "
        "edgecore to the node. Iptables rules lead them to cloudStream.",
    ),
    error(
        "tunnel-settings-differ",
        means="the tunnels of the agent and the gateway have different settings",
        what="differs from edgemesh-agent.yaml; agent and gateway do not find each other",
        fix="set both to the same value",
        why="Agents and gateways form one network. They connect only with the same PSK, transport, "
        "rendezvous and relay nodes.",
    ),
    error(
        "issuer-not-trusted",
        means="edgecore does not trust the cluster's service-account issuer",
        what="lacks {issuer}, the issuer of this cluster's tokens; the endpoint rejects every token (401)",
        fix="add {issuer}",
        why="With requireAuthorization, the endpoint accepts tokens of the listed issuers only.",
    ),
    error(
        "certificates-not-mounted",
        means="the config names certificate files that the pods do not mount",
        what="mounts nothing at {folder}, where its config expects certificates; {component} exits",
        fix="mount the Secret there, or use profile one-way or one-way-verified",
        why="The program reads the files at start-up and exits if they are missing.",
    ),
    error(
        "psk-invalid",
        means="the PSK of EdgeMesh's network is not 32 bytes in base64",
        what="not the base64 of 32 bytes; agents and gateways exit",
        fix=_NEW_KEY,
        why="libp2p, which EdgeMesh uses, takes keys of 32 bytes only.",
    ),
    error(
        "psk-objects-differ",
        means="two objects hold different PSKs of EdgeMesh's network",
        what="differs from the PSK in {other}; agents and gateways with different PSKs do not connect",
        fix="use the same PSK in both",
        why="Only programs with the same PSK can join one network.",
    ),
    warning(
        "psk-in-config-map",
        means="a ConfigMap holds the PSK of EdgeMesh's network",
        what="everyone who may read ConfigMaps can read the PSK",
        fix="move it to a Secret",
        why="Many roles may read ConfigMaps and not Secrets, and backups and logs often include ConfigMaps.",
    ),
)
