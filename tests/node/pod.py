"""A fake pod of the DaemonSet for rollout.sh, on a fake node that is also the host."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass

from tests.node.node import PROGRAMS, SCRIPTS, Node, Run, tools

# Stands for update.sh: records its settings, and ends with the result that the test wants.
UPDATE = """\
. "$(dirname "$0")/settings"
echo "update $ATTEMPT" >>"$ROOT/calls"
set >"$ROOT/set"
[ -e "$ROOT/result" ] || exit 1
sed "s/ATTEMPT/$ATTEMPT/" "$ROOT/result" >"$ROOT/kubeedge/update/result"
rm -f "$ROOT/kubeedge/update/pending"
"""
FILES = "ca.crt=/etc/kubeedge/ca/ca.crt server.key=/etc/kubeedge/certs/server.key"


@dataclass
class Pod:
    """The pod of the DaemonSet on a fake node. `node.root` also has the paths of the host."""

    node: Node

    def __post_init__(self) -> None:
        root = self.node.root
        self.wanted, self.scripts = root / "wanted", root / "scripts"
        self.certificates, self.message = root / "certificates", root / "message"
        for folder in (self.wanted, self.scripts, self.certificates, root / "host"):
            folder.mkdir()
        for name in ("run/systemd/system", "etc/systemd/system"):
            (root / name).mkdir(parents=True)
        tools("sh", root / "host-tools")
        for name in ("systemctl", "sleep", "sync", "hostname", "restart-edgecore", "curl"):
            (root / "host" / name).symlink_to(PROGRAMS / name)
        self.node.fake("host")
        shutil.rmtree(self.node.stage)
        (self.scripts / "update.sh").write_text(UPDATE)
        (self.scripts / "defaults").write_text("defaults: {}\n")
        self.checksum = self.wants("kind: EdgeCore\n")
        self.result("updated", "edgecore is healthy")
        self.node.environment |= {
            "WANTED": str(self.wanted),
            "SCRIPTS": str(self.scripts),
            "CERTIFICATES": str(self.certificates),
            "NODE": str(self.node.kubeedge),
            "HOST": str(self.node.fakes / "host"),
            "HOST_PATH": f"{root}/host:{root}/host-tools",
            "MESSAGE": str(self.message),
            "CONFIG_SECONDS": "10",
            "POD_UID": "u-1",
            "POD_NAME": "rollout-x",
            "POD_NAMESPACE": "kubeedge",
            "NODE_NAME": "edge-1",
        }
        for name in ("ATTEMPT", "RETRY"):
            self.node.environment.pop(name, None)

    def wants(self, text: str) -> str:
        """Write the edgecore.yaml of the ConfigMap; return its checksum."""
        (self.wanted / "edgecore.yaml").write_text(text)
        return hashlib.sha256(text.encode()).hexdigest()

    def result(self, state: str, message: str) -> None:
        """Set the result of update.sh."""
        (self.node.root / "result").write_text(f"{state} ATTEMPT\n{message}\n")

    def secret(self, version: str) -> None:
        """Write the files of a Secret as the kubelet does: a folder for each version, and a link."""
        folder = self.certificates / f"..{version}"
        folder.mkdir()
        for name in ("ca.crt", "server.key"):
            (folder / name).write_text(version)
        link = self.certificates / "..data"
        link.unlink(missing_ok=True)
        link.symlink_to(folder.name)

    def run(self, command: str = "once", **more: str) -> Run:
        """Run rollout.sh."""
        script = str(SCRIPTS / "rollout.sh")
        sums = {"CHECKSUM": self.checksum, "SCRIPTS_CHECKSUM": self.scripts_checksum()}
        return self.node.start([script, command], {**sums, **more})

    def scripts_checksum(self) -> str:
        """Return the checksum of the scripts of the ConfigMap."""
        texts = b"".join((self.scripts / name).read_bytes() for name in ("update.sh", "defaults"))
        return hashlib.sha256(texts).hexdigest()

    def on_sleep(self, script: str) -> None:
        """Run a script in each wait of the pod."""
        path = self.node.root / "on-sleep"
        path.write_text(f'#!/bin/sh\ncount=$(grep -c sleep "$ROOT/calls")\n{script}\n')
        path.chmod(0o755)

    @property
    def systemctl(self) -> list[str]:
        """Return the commands that systemd got."""
        return [call.split(" ", 1)[1] for call in self.node.calls("systemctl")]
