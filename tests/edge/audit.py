"""The audit log of the API server: who asked for what, and which requests were refused."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

POLICY = Path(__file__).with_name("audit.yaml")


@dataclass(frozen=True)
class Request:
    """One request of an account, and the status of its answer."""

    account: str
    verb: str
    uri: str
    status: int


class Audit:
    """The audit log."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def flags(self) -> dict[str, object]:
        """Return the flags of kube-apiserver that write the log."""
        return {"audit_policy_file": POLICY, "audit_log_path": self.path}

    def requests(self, account: str) -> list[Request]:
        """Return the requests of a service account, `namespace:name`."""
        found = []
        with self.path.open("rb") as log:
            for line in log:
                event = json.loads(line)
                user = event["user"]["username"]
                if user == f"system:serviceaccount:{account}":
                    status = event.get("responseStatus", {}).get("code", 0)
                    found.append(Request(user, event["verb"], event["requestURI"], status))
        return found
