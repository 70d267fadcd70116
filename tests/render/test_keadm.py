"""The scripts for keadm: their flags by release, and a run of them with stand-ins for the programs."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from pathlib import Path

import pytest

from generator import go_yaml, load_site, render_site, write_site
from generator.components import KUBEEDGE
from generator.render.keadm import roles
from generator.upstream.releases import minors

pytestmark = pytest.mark.long

ADDRESS = "cloudCore.modules.cloudHub.advertiseAddress[0]=192.0.2.10"
# keadm's own file, and the certificate that edgecore fetches with its token.
KEADM = """#!/bin/sh
echo "keadm $*" >>"$LOG"
[ "$1" = join ] || exit 0
[ -z "$(ls -A ETC 2>/dev/null)" ] || { echo "not clean" >&2; exit 1; }
mkdir -p ETC/config ETC/certs ETC/ca
echo "token: secret" >ETC/config/edgecore.yaml
for file in ca/rootCA.crt certs/server.crt certs/server.key; do echo "own $file" >ETC/$file; done
"""
# edgecore from 1.13 on changes its file; here it does so as late as possible.
SYSTEMCTL = """#!/bin/sh
echo "systemctl $*" >>"$LOG"
[ "$1" = start ] || echo "token: gone" >ETC/config/edgecore.yaml
"""
KUBECTL = """#!/bin/sh
echo "kubectl $*" >>"$LOG"
case "$*" in *=-) cat >"$LOG.stdin" ;; esac
"""
# tests/node runs the real one.
UPDATE = """#!/bin/sh
echo "update.sh" >>"$LOG"
cp "$(dirname "$0")/edgecore.yaml" ETC/config/edgecore.yaml
"""


def written(folder: Path, *flags: str, profile: str | None = None, string: tuple[str, ...] = ()) -> Path:
    """Write a site below `folder`."""
    site = load_site(set=[ADDRESS, *flags], set_string=string, profile=profile)
    write_site(render_site(site, engine="embedded"), folder / "site")
    return folder / "site"


def of(kubeedge: str) -> tuple[str, ...]:
    """Return the flag that chooses a release."""
    return (f"kubeedgeVersion={kubeedge}",)


def command(script: Path, name: str) -> list[str]:
    """Return the words of the call of `keadm NAME` in a script."""
    text = script.read_text("utf-8").replace("\\\n", " ")
    line = next(line for line in text.splitlines() if line.startswith(f"keadm {name}"))
    return shlex.split(line)


class Node:
    """A machine whose /etc/kubeedge lies in a folder, with stand-ins for keadm, systemctl and kubectl."""

    def __init__(self, folder: Path) -> None:
        self.etc, self.log = folder / "kubeedge", folder / "log"
        self.bin = folder / "bin"
        self.bin.mkdir()
        for name, text in {"keadm": KEADM, "systemctl": SYSTEMCTL, "kubectl": KUBECTL}.items():
            stand_in = self.bin / name
            stand_in.write_text(self.here(text), "utf-8")
            stand_in.chmod(0o755)

    def here(self, text: str) -> str:
        """Change the paths of a script to the folder of this machine."""
        return text.replace("/etc/kubeedge", str(self.etc)).replace("ETC", str(self.etc))

    def run(self, script: Path, **env: str) -> subprocess.CompletedProcess[str]:
        """Run a script with sh."""
        script.write_text(self.here(script.read_text("utf-8")), "utf-8")
        (script.parent / "update.sh").write_text(self.here(UPDATE), "utf-8")
        path = f"{self.bin}{os.pathsep}{os.environ['PATH']}"
        whole = {**os.environ, "PATH": path, "LOG": str(self.log), **env}
        return subprocess.run(["sh", script], env=whole, capture_output=True, text=True, check=False)

    def calls(self) -> list[str]:
        """Return the arguments of the calls of the stand-ins."""
        return self.log.read_text("utf-8").splitlines() if self.log.exists() else []

    def stdin(self) -> str:
        """Return the standard input of kubectl."""
        path = self.log.with_name(f"{self.log.name}.stdin")
        return path.read_text("utf-8") if path.exists() else ""


@pytest.fixture
def node(tmp_path: Path) -> Node:
    """Return a machine that has not joined."""
    return Node(tmp_path)


# --- keadm join ----------------------------------------------------------------------------


@pytest.mark.parametrize("minor", minors(KUBEEDGE))
def test_join_has_the_flags_of_the_release(minor: str, tmp_path: Path) -> None:
    number = int(minor.split(".")[1])
    script = written(tmp_path, string=of(minor)) / "edgecore/default/join.sh"
    flags = [word.split("=")[0] for word in command(script, "join")[2:]]
    assert flags == [
        "--kubeedge-version",
        "--cgroupdriver",
        *(["--runtimetype"] if number <= 15 else []),
        "--remote-runtime-endpoint",
        *(["--set"] if number >= 18 else []),
        *(["--with-mqtt"] if 10 <= number <= 20 else []),
        "--cloudcore-ipport",
        "--edgenode-name",
        "--token",
    ]


@pytest.mark.parametrize(
    ("kubeedge", "flags", "broker"),
    [
        ("1.15", [], "true"),  # the chart installs no broker, so keadm does
        ("1.15", ["mosquitto.enable=true"], "false"),
        ("1.15", ["mosquitto.enable=false"], "false"),
        ("1.16", [], "false"),
    ],
)
def test_either_keadm_or_the_chart_installs_the_broker(
    kubeedge: str, flags: list[str], broker: str, tmp_path: Path
) -> None:
    script = written(tmp_path, *flags, string=of(kubeedge)) / "edgecore/default/join.sh"
    assert f"--with-mqtt={broker}" in command(script, "join")


def test_join_over_quic_to_an_ipv6_address_and_another_port(tmp_path: Path) -> None:
    site = load_site(
        set=[
            "cloudCore.modules.cloudHub.advertiseAddress[0]=2001:db8::1",
            "cloudCore.modules.cloudHub.quic.enable=true",
            "cloudCore.modules.cloudHub.https.port=11002",
            "edgeCore.modules.edgeHub.quic.enable=true",
            "edgeCore.modules.edgeHub.websocket.enable=false",
            "images.registry=mirror.example.com/",
        ]
    )
    write_site(render_site(site, engine="embedded"), tmp_path)
    script = tmp_path / "edgecore/default/join.sh"
    # In quotes, because the shell expands brackets.
    assert "'--cloudcore-ipport=[2001:db8::1]:10001'" in script.read_text("utf-8")
    words = command(script, "join")
    assert "--hub-protocol=quic" in words
    assert "--certport=11002" in words
    assert "--image-repository=mirror.example.com/kubeedge" in words


@pytest.mark.parametrize(
    ("kubeedge", "field", "words"),
    [
        ("1.7", "modules.edged.labels", []),
        ("1.11", "modules.edged.labels", ["--labels=line=a,zone=b"]),
        ("1.12", "modules.edged.nodeLabels", ["--labels=line=a,zone=b"]),
    ],
)
def test_join_sets_labels(kubeedge: str, field: str, words: list[str], tmp_path: Path) -> None:
    flags = [f"edgeCore.{field}.{name}" for name in ("zone=b", "line=a")]
    script = written(tmp_path, *flags, string=of(kubeedge)) / "edgecore/default/join.sh"
    assert [word for word in command(script, "join") if word.startswith("--labels")] == words


def test_join_updates_the_file_while_edgecore_is_stopped(node: Node, tmp_path: Path) -> None:
    folder = written(tmp_path, profile="one-way-verified") / "edgecore/default"
    done = node.run(folder / "join.sh", TOKEN="abc", NODE_NAME="edge-1")
    assert done.returncode == 0, done.stderr
    assert [call.split()[0:2] for call in node.calls()] == [
        ["keadm", "join"],
        ["systemctl", "stop"],
        ["update.sh"],
    ]
    assert "--edgenode-name=edge-1" in node.calls()[0]


def test_join_uses_the_node_name_of_the_file(node: Node, tmp_path: Path) -> None:
    folder = written(tmp_path, "edgeCore.modules.edged.hostnameOverride=pump-7") / "edgecore/default"
    assert node.run(folder / "join.sh", TOKEN="abc", NODE_NAME="other").returncode == 0
    assert "--edgenode-name=pump-7" in node.calls()[0]


def test_join_says_what_to_do_if_edgecore_is_not_healthy(node: Node, tmp_path: Path) -> None:
    folder = written(tmp_path) / "edgecore/default"
    (node.bin / "cp").write_text("#!/bin/sh\nexit 1\n", "utf-8")
    (node.bin / "cp").chmod(0o755)
    done = node.run(folder / "join.sh", TOKEN="abc")
    assert done.returncode == 1
    assert "mend the cause, then run: sh " in done.stderr


@pytest.mark.parametrize("release", ["1.16", "1.23"])
def test_update_gets_the_settings_of_the_rollout(release: str, tmp_path: Path) -> None:
    flags = (
        "edgeCore.rollout.nodeKeys={modules.edged.nodeIP,database}",
        "edgeCore.rollout.restartCommand=rc it's",
        COPY[1],
    )
    folder = written(tmp_path, *flags, profile="mtls", string=of(release)) / "edgecore/default"
    show = '. ./settings; echo "$HEALTH_TIMEOUT|$RESTART_COMMAND|$NODE_KEYS|$FILES"'
    done = subprocess.run(["sh", "-c", show], cwd=folder, capture_output=True, text=True, check=True)
    place = "/etc/kubeedge/metaserver"
    files = " ".join(f"{name}={place}/{name}" for name in ("rootCA.crt", "server.crt", "server.key"))
    assert done.stdout == f"300|rc it's|modules.edged.nodeIP database|{files if release == '1.16' else ''}\n"
    defaults = json.loads(Path(f"charts/edgecore/files/defaults/{release}.json").read_text("utf-8"))
    assert (folder / "defaults").read_text("utf-8") == go_yaml.dump(defaults)


COPY = ("certificateCopy.enable=true", "metaServer.serverCertificate.existingSecret=server")
# A fake sleep: the DaemonSet copies the files during the third wait.
SLEEP = """#!/bin/sh
echo wait >>ETC/../waits
[ "$(wc -l <ETC/../waits)" -lt 3 ] || BRING
"""
BRING = """{
mkdir -p ETC/metaserver
for file in rootCA.crt server.crt server.key; do echo "$file" >ETC/metaserver/$file; done
}"""


@pytest.mark.parametrize("comes", [True, False])
def test_join_waits_for_the_copy_of_the_certificate(comes: bool, node: Node, tmp_path: Path) -> None:
    folder = written(tmp_path, *COPY, profile="mtls", string=of("1.16")) / "edgecore/default"
    sleep = node.bin / "sleep"
    sleep.write_text(node.here(SLEEP.replace("BRING", BRING if comes else ":")), "utf-8")
    sleep.chmod(0o755)
    done = node.run(folder / "join.sh", TOKEN="abc")
    waits = len((node.etc.parent / "waits").read_text("utf-8").splitlines())
    if comes:
        assert (done.returncode, waits) == (0, 3), done.stderr
        assert node.calls()[1:] == ["systemctl stop edgecore", "update.sh"]
    else:
        assert (done.returncode, waits) == (1, 300)
        assert "no certificate of the endpoint after 5 minutes" in done.stderr
        assert len(node.calls()) == 1


@pytest.mark.parametrize("lacks", ["TOKEN", "edgecore.yaml"])
def test_join_does_not_start_edgecore_with_missing_files(lacks: str, node: Node, tmp_path: Path) -> None:
    folder = written(tmp_path) / "edgecore/default"
    if lacks == "edgecore.yaml":
        (folder / lacks).unlink()
    env = {} if lacks == "TOKEN" else {"TOKEN": "abc"}
    done = node.run(folder / "join.sh", **env)
    assert done.returncode != 0
    assert lacks in done.stderr
    assert node.calls() == []


def test_up_to_1_16_join_needs_the_certificate_of_the_endpoint_beside_it(node: Node, tmp_path: Path) -> None:
    site = written(tmp_path, profile="one-way-verified", string=of("1.16"))
    folder = site / "edgecore/default"
    done = node.run(folder / "join.sh", TOKEN="abc")
    assert (done.returncode, node.calls()) == (1, [])
    assert "rootCA.crt is missing; nothing has changed" in done.stderr
    for name in ("rootCA.crt", "server.crt", "server.key"):
        (folder / name).write_text(f"endpoint {name}", "utf-8")
    done = node.run(folder / "join.sh", TOKEN="abc")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("profile", "kubeedge"), [("plain", "1.16"), ("one-way-verified", "1.17")])
def test_join_needs_no_certificate_if_edgecore_reads_none(
    profile: str, kubeedge: str, tmp_path: Path
) -> None:
    script = written(tmp_path, profile=profile, string=of(kubeedge)) / "edgecore/default/join.sh"
    assert "rootCA.crt" not in script.read_text("utf-8")


def test_files_fetched_by_edgecore_are_copied_to_the_configured_path(node: Node, tmp_path: Path) -> None:
    flags = [
        f"edgeCore.modules.edgeHub.{key}={node.etc}/mine/{name}"
        for key, name in (("tlsCertFile", "a.crt"), ("tlsPrivateKeyFile", "a.key"))
    ]
    folder = written(tmp_path, *flags) / "edgecore/default"
    done = node.run(folder / "join.sh", TOKEN="abc")
    assert done.returncode == 0, done.stderr
    assert (node.etc / "mine/a.crt").read_text("utf-8") == "own certs/server.crt\n"
    assert (node.etc / "mine/a.key").read_text("utf-8") == "own certs/server.key\n"


@pytest.mark.parametrize(
    ("kubeedge", "field", "names"),
    [
        ("1.11", "modules.edged.taints", ("key", "value", "effect")),
        ("1.12", "modules.edged.registerWithTaints", ("Key", "Value", "Effect")),
    ],
)
def test_join_explains_how_to_taint_a_registered_node(
    kubeedge: str, field: str, names: tuple[str, str, str], node: Node, tmp_path: Path
) -> None:
    key, value, effect = (f"edgeCore.{field}[0].{name}" for name in names)
    flags = [f"{key}=edge", f"{value}=a", f"{effect}=NoSchedule"]
    folder = written(tmp_path, *flags, string=of(kubeedge)) / "edgecore/default"
    done = node.run(folder / "join.sh", TOKEN="abc", NODE_NAME="edge-1")
    assert "kubectl taint nodes edge-1 edge=a:NoSchedule" in done.stdout


def test_join_of_a_node_that_has_not_registered_needs_no_taints_by_hand(node: Node, tmp_path: Path) -> None:
    field = "edgeCore.modules.edged.tailoredKubeletConfig.registerWithTaints[0]"
    flags = [f"{field}.key=edge", f"{field}.effect=NoSchedule"]
    folder = written(tmp_path, *flags, string=of("1.23")) / "edgecore/default"
    done = node.run(folder / "join.sh", TOKEN="abc", NODE_NAME="edge-1")
    assert "kubectl" not in done.stdout
    config = (node.etc / "config/edgecore.yaml").read_text("utf-8")
    assert "registerWithTaints" in config


def test_pods_are_restarted_by_hand_only_if_the_node_had_registered(node: Node, tmp_path: Path) -> None:
    folder = written(tmp_path, string=of("1.17")) / "edgecore/default"
    done = node.run(folder / "join.sh", TOKEN="abc", NODE_NAME="edge-1")
    assert "kubectl delete pods --all-namespaces --field-selector spec.nodeName=edge-1" in done.stdout


def test_join_reports_a_missing_address(tmp_path: Path) -> None:
    write_site(render_site(load_site(), engine="embedded"), tmp_path)
    done = subprocess.run(
        ["sh", tmp_path / "edgecore/default/join.sh"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "advertiseAddress[0]=ADDRESS" in done.stderr


# --- keadm init ----------------------------------------------------------------------------


def lost(script: Path) -> list[str]:
    """Return the keys that a keadm-init.sh lists as not set."""
    lines = script.read_text("utf-8").splitlines()
    start = next((n for n, line in enumerate(lines) if "cannot set these keys" in line), len(lines))
    return [line[4:] for line in lines[start + 1 :] if line.startswith("#   c") and "=" not in line]


def sets(script: Path) -> list[str]:
    """Return the values that a keadm-init.sh passes with --set."""
    return [w.removeprefix("--set=") for w in command(script, "init") if w.startswith("--set=")]


def test_init_sets_the_values_that_the_chart_of_the_release_reads(tmp_path: Path) -> None:
    flags = [
        "cloudCore.modules.cloudStream.enable=true",
        "cloudCore.streamCertificate.existingSecret=stream",
        "cloudCore.nodeSelector.kubernetes\\.io/os=linux",
        "cloudCore.tolerations[0].key=a",
        "cloudCore.tolerations[0].operator=Exists",
        "cloudCore.service.type=LoadBalancer",
        "cloudCore.resources.limits.cpu=3",
        "cloudCore.modules.router.port=9000",
    ]
    script = written(tmp_path, *flags, profile="one-way", string=of("1.20")) / "cloudcore/keadm-init.sh"
    assert sorted(sets(script)) == [
        "cloudCore.featureGates.requireAuthorization=true",
        "cloudCore.modules.cloudStream.enable=true",
        "cloudCore.modules.dynamicController.enable=true",
        "cloudCore.nodeSelector.kubernetes\\.io/os=linux",
        "cloudCore.resources.limits.cpu=3",
        "cloudCore.tolerations[0].key=a",
        "cloudCore.tolerations[0].operator=Exists",
    ]
    # A LoadBalancer becomes a ClusterIP in keadm's chart.
    assert sorted(lost(script)) == [
        "cloudCore.modules.router.port",
        "cloudCore.service.type",
        "cloudCore.streamCertificate.existingSecret",
    ]


def test_a_text_that_keadm_would_change_is_not_set(tmp_path: Path) -> None:
    string = (*of("1.23"), "cloudCore.nodeSelector.edge=true", "cloudCore.nodeSelector.zone=a")
    flags = ["cloudCore.modules.cloudHub.dnsNames[0]=*.example.com"]
    script = written(tmp_path, *flags, string=string) / "cloudcore/keadm-init.sh"
    assert sets(script) == ["cloudCore.nodeSelector.zone=a"]
    assert sorted(lost(script)) == ["cloudCore.modules.cloudHub.dnsNames", "cloudCore.nodeSelector.edge"]


@pytest.mark.parametrize(
    ("kubeedge", "mode"), [("1.11", ["iptablesManager.mode=external"]), ("1.15", None), ("1.16", [])]
)
def test_init_sets_the_mode_of_cloudcore_yaml(kubeedge: str, mode: list[str] | None, tmp_path: Path) -> None:
    script = written(tmp_path, string=of(kubeedge)) / "cloudcore/keadm-init.sh"
    assert sets(script) == (["iptablesManager.mode=external"] if mode is None else mode)


@pytest.mark.parametrize(
    ("profile", "kubeedge", "flags", "wanted"),
    [
        ("one-way", "1.13", [], False),
        ("one-way", "1.14", [], True),
        ("one-way", "1.16", [], True),
        ("one-way", "1.20", [], False),
        ("one-way", "1.21", [], True),
        ("plain", "1.23", [], False),
        ("plain", "1.20", ["edgeAPIs[0].group=apps", "edgeAPIs[0].resources[0]=deployments"], True),
        ("plain", "1.10", ["edgeAPIs[0].group=apps", "edgeAPIs[0].resources[0]=deployments"], False),
    ],
)
def test_init_adds_permissions_that_keadm_does_not_grant(
    profile: str, kubeedge: str, flags: list[str], wanted: bool, node: Node, tmp_path: Path
) -> None:
    folder = written(tmp_path, *flags, profile=profile, string=of(kubeedge)) / "cloudcore"
    done = node.run(folder / "keadm-init.sh", KUBECONFIG="/k")
    assert done.returncode == 0, done.stderr
    assert node.calls()[1:] == (["kubectl --kubeconfig /k apply --filename=-"] if wanted else [])
    site = load_site(set=[ADDRESS, *flags], set_string=of(kubeedge), profile=profile)
    assert node.stdin() == roles(render_site(site, engine="embedded"))
    assert bool(node.stdin()) is wanted


def test_init_without_its_manifests_changes_nothing(node: Node, tmp_path: Path) -> None:
    folder = written(tmp_path, profile="one-way", string=of("1.16")) / "cloudcore"
    (folder / "manifests.yaml").unlink()
    done = node.run(folder / "keadm-init.sh", KUBECONFIG="/k")
    assert (done.returncode, done.stderr) == (1, f"{folder}/manifests.yaml is missing; nothing has changed\n")
    assert node.calls() == []


def test_the_roles_file_of_an_older_version_is_removed(tmp_path: Path) -> None:
    folder = written(tmp_path, profile="one-way", string=of("1.16"))
    old = folder / "cloudcore/roles.yaml"
    old.write_text("metadata:\n  labels:\n    app.kubernetes.io/component: cloudcore\n", "utf-8")
    written(tmp_path, profile="one-way", string=of("1.16"))
    assert not old.exists()
    old.write_text("by: hand\n", "utf-8")
    written(tmp_path, profile="one-way", string=of("1.16"))
    assert old.exists()


def test_up_to_1_10_the_workaround_keeps_a_kubeconfig_for_cloudcore(node: Node, tmp_path: Path) -> None:
    folder = written(tmp_path, profile="plain", string=of("1.10")) / "cloudcore"
    lines = (folder / "keadm-init.sh").read_text("utf-8").splitlines()
    sed = next(line for line in lines if "sed " in line).removeprefix("#")
    (node.etc / "config").mkdir(parents=True)
    (folder / "sed.sh").write_text(f"cd {folder}\nkubeconfig=/root/.kube/config\n{sed}\n", "utf-8")
    assert node.run(folder / "sed.sh").returncode == 0
    config = go_yaml.load((node.etc / "config/cloudcore.yaml").read_text("utf-8"))
    assert config["kubeAPIConfig"] == {"kubeConfig": "/root/.kube/config"}


# --- the configs ---------------------------------------------------------------------------


def test_config_files_end_with_a_newline(tmp_path: Path) -> None:
    site = written(tmp_path)
    for name in ("cloudcore/cloudcore.yaml", "edgecore/default/edgecore.yaml"):
        assert (site / name).read_text("utf-8").endswith("\n")
        assert not (site / name).read_text("utf-8").endswith("\n\n")


@pytest.mark.parametrize("key", ["a\nreboot", "$(reboot)", "`reboot`", "a'b", 'a"b', "a;reboot", "*"])
def test_scripts_do_not_execute_values_of_the_site(key: str, node: Node, tmp_path: Path) -> None:
    values = json.dumps({part: {key: key} for part in ("annotations", "podLabels")})
    site = load_site(set=[ADDRESS], set_json=[f"cloudCore={values}"])
    write_site(render_site(site, engine="embedded"), tmp_path / "site")
    reboot = node.bin / "reboot"
    reboot.write_text('#!/bin/sh\ntouch "$LOG.reboot"\n', "utf-8")
    reboot.chmod(0o755)
    script = tmp_path / "site/cloudcore/keadm-init.sh"
    assert node.run(script, HOME=str(tmp_path)).returncode == 0
    assert not node.log.with_suffix(".reboot").exists()
