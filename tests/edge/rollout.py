"""The rollout of edgecore.yaml as the tests drive and watch it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from tests.cluster.api import Object
from tests.edge import pods
from tests.edge.edge_node import CONFIG
from tests.edge.joined import Joined
from tests.edge.machine import EDGE_NODE
from tests.edge.waiting import until
from tests.edge.world import NAMESPACE

NAME = "edgecore-rollout"
STATE = Path("/etc/kubeedge/update")
RESULT, PENDING, TRIAL = STATE / "result", STATE / "pending", STATE / "trial"


class Rollout:
    """The DaemonSet of the edgecore chart, and what it did on the node."""

    def __init__(self, joined: Joined) -> None:
        self.joined, self.world = joined, joined.world

    def set(self, key: str, value: str) -> str:
        """Change a value of the site, and install; return what the command prints."""
        self.world.settings[key] = value
        return self.joined.install()

    def hand_out(self, edit: Callable[[Any], None]) -> None:
        """Roll out a file that the generator rejects, as an edited chart would."""
        path = f"/api/v1/namespaces/{NAMESPACE}/configmaps/edgecore"
        config = yaml.safe_load(self.world.api.do("GET", path)["data"]["edgecore.yaml"])
        edit(config)
        self.hand_out_text(yaml.safe_dump(config))

    def hand_out_text(self, text: str) -> None:
        """Put a text in the ConfigMap and in the template of the pods."""
        path = f"/api/v1/namespaces/{NAMESPACE}/configmaps/edgecore"
        self.world.api.do("PATCH", path, {"data": {"edgecore.yaml": text}}, "merge")
        checksum = hashlib.sha256(text.encode()).hexdigest()
        path = f"/apis/apps/v1/namespaces/{NAMESPACE}/daemonsets/{NAME}"
        found = self.world.api.do("GET", path)
        template = found["spec"]["template"]
        template["metadata"]["annotations"]["checksum/edgecore"] = checksum
        for one in template["spec"]["initContainers"][0]["env"]:
            if one["name"] == "CHECKSUM":
                one["value"] = checksum
        self.world.api.do("PUT", path, found)

    def wanted(self) -> str:
        """Return the text in the ConfigMap."""
        path = f"/api/v1/namespaces/{NAMESPACE}/configmaps/edgecore"
        return str(self.world.api.do("GET", path)["data"]["edgecore.yaml"])

    def pod(self) -> Object | None:
        """Return the newest pod on the node that is not being deleted, with the present template."""
        daemonset = self.world.api.do("GET", f"/apis/apps/v1/namespaces/{NAMESPACE}/daemonsets/{NAME}")
        checksum = daemonset["spec"]["template"]["metadata"]["annotations"]["checksum/edgecore"]
        for one in pods.pods_of(self.world.api, NAMESPACE, NAME, EDGE_NODE):
            meta = one["metadata"]
            if "deletionTimestamp" not in meta and meta["annotations"]["checksum/edgecore"] == checksum:
                return one
        return None

    def is_done(self) -> bool:
        """Return whether the pod with the present template is Ready."""
        found = self.pod()
        return found is not None and pods.is_ready(found)

    def wait_until_done(self) -> None:
        """Wait until the node runs with the wanted file."""
        until(self.is_done, "the rollout is done")

    def message(self) -> str:
        """Return why the pod failed, "" as long as it has not."""
        found = self.pod()
        for one in ((found or {}).get("status") or {}).get("initContainerStatuses") or ():
            for state in (one.get("state") or {}, one.get("lastState") or {}):
                ended = state.get("terminated") or {}
                if ended.get("exitCode"):
                    return str(ended.get("message") or "")
        return ""

    def wait_until_failed(self) -> str:
        """Wait until the rollout failed on the node; return the reason."""
        until(lambda: bool(self.message()), "the rollout fails")
        return self.message()

    def result(self) -> str:
        """Return the state of the last update of the node, "" while one runs."""
        return RESULT.read_text("utf-8").partition(" ")[0] if RESULT.exists() else ""

    def events(self) -> list[str]:
        """Return the messages of the Events about files that were put back."""
        found = self.world.api.all("v1", "Event", NAMESPACE)
        return [one["message"] for one in found if one["reason"] == "EdgecoreRollback"]


def node_config() -> Any:
    """Return edgecore.yaml of the node, "" in between."""
    return yaml.safe_load(CONFIG.read_text("utf-8"))


def heartbeat() -> int:
    """Return the setting that these tests change."""
    return int(node_config()["modules"]["edgeHub"]["heartbeat"])


HEARTBEAT = "edgeCore.modules.edgeHub.heartbeat"
