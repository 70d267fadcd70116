"""doctor.sh in a pod on a node: what the pod is, what its result means, and that it is always removed."""

from __future__ import annotations

import re

import pytest

from generator.doctor import probe as module
from generator.doctor.diagnose import diagnose
from generator.doctor.probe import read_line
from generator.doctor.report import Check
from generator.errors import ClusterError
from generator.render.node_script import doctor_script
from generator.render.site import Rendering
from tests.doctor.clusters import NOW, ROLLOUT, SECRETS, install, rendering
from tests.doctor.fake_kubectl import FakeKubectl, Json

STOPPED = "edgecore-stopped\t\tstate=failed\tlog=panic: wait for CA ready failed"


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for nothing."""
    monkeypatch.setattr(module, "_POLL_SECONDS", 0.0)
    monkeypatch.setattr(module, "_SECONDS", 0)


@pytest.fixture
def cluster() -> FakeKubectl:
    """Give a healthy installation with a rollout."""
    return install("v1.23.1", "one-way-verified", *ROLLOUT)


def probed(cluster: FakeKubectl, *nodes: str, image: str = "", site: Rendering | None = None) -> list[Check]:
    """Return the checks of the doctor pods on edge-1, or on other nodes."""
    report = diagnose(cluster, site=site, only=nodes or ("edge-1",), probed=True, image=image, now=NOW)
    return [one for one in report.checks if one.title.startswith("doctor.sh")]


def left(cluster: FakeKubectl) -> list[str]:
    """Return the doctor pods that were not removed."""
    names = [one["metadata"]["name"] for one in cluster.of("Pod")]
    return [name for name in names if name.startswith("doctor-")]


def finding(check: Check) -> str:
    """Return the only finding of a check."""
    (one,) = check.findings
    return f"{one.where}: {one.what} [{one.code}]"


def created(monkeypatch: pytest.MonkeyPatch) -> list[Json]:
    """Record the pods that are created from now on."""
    found: list[Json] = []
    real = FakeKubectl.created

    def create(self: FakeKubectl, objects: list[Json]) -> list[Json]:
        found.extend(one for one in objects if one["kind"] == "Pod")
        return real(self, objects)

    monkeypatch.setattr(FakeKubectl, "created", create)
    return found


# --- the result ------------------------------------------------------------------------------------


def test_script_without_findings(cluster: FakeKubectl) -> None:
    (check,) = probed(cluster)
    assert (check.title, check.state, check.detail) == ("doctor.sh on node edge-1 finds nothing", "ok", "")


def test_findings_of_the_script(cluster: FakeKubectl) -> None:
    cluster.probed = lambda _: (
        f"doctor 1\n{STOPPED}\nclock-offset\tahead\tseconds=300\ndone\nnoise on stderr\n"
    )
    (check,) = probed(cluster)
    assert [(one.where, one.code) for one in check.findings] == [
        ("node edge-1", "edgecore-stopped"),
        ("node edge-1", "clock-offset"),
    ]
    log = "the last lines of its log: panic: wait for CA ready failed"
    assert check.findings[0].what == f"edgecore does not run (failed); {log}"
    assert check.findings[1].what.startswith(
        "the clock of the node is 300 s ahead of the clock of cloudcore; "
    )
    assert check.detail == ""


def test_output_that_was_cut_off(cluster: FakeKubectl) -> None:
    cluster.probed = lambda _: f"doctor 1\n{STOPPED}\nclock-offset\tah"
    (check,) = probed(cluster)
    assert [one.code for one in check.findings] == ["edgecore-stopped"]
    assert check.detail == "its output was cut off"


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("", "no message"),
        ("nsenter: can't open '/proc/1/ns/mnt'\n", "nsenter: can't open '/proc/1/ns/mnt'"),
        ("garbage\nline 2\nline 3\nline 4\n", "garbage line 2 line 3"),
        ("doctor 2\ndone\n", "doctor 2 done"),
        ("doctor 1\n", "its output was cut off"),
        ("doctor 1\nnot-a-code\tx\n", "its output was cut off"),
    ],
)
def test_pod_without_a_result(cluster: FakeKubectl, message: str, reason: str) -> None:
    cluster.probed = lambda _: message
    (check,) = probed(cluster)
    text = f"node edge-1: the pod gave no result within 0 s: {reason} [probe-not-run]"
    assert finding(check) == text
    assert check.findings[0].fix == "run it on the node: sh doctor.sh (generator render -o writes it)"


def test_pod_that_never_starts(cluster: FakeKubectl) -> None:
    cluster.probed = lambda node: None if node == "edge-1" else "doctor 1\ndone\n"
    first, second = probed(cluster, "edge-1", "edge-2")
    assert finding(first) == "node edge-1: the pod gave no result within 0 s: Pending [probe-not-run]"
    assert second.state == "ok"
    assert left(cluster) == []


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (STOPPED, "edgecore-stopped"),
        ("metaserver-off\t\tfile=/etc/kubeedge/config/edgecore.yaml", "metaserver-off"),
        ("edgecore-stopped\tunknown-variant\tstate=failed", "edgecore-stopped"),
        ("metaserver-off", None),
        ("clock-offset\tahead\t", None),
        ("not-a-code\t\ta=b", None),
        ("", None),
        ("\t\t\t", None),
        ("\x00\x1b[31m", None),
    ],
)
def test_lines_of_the_script(line: str, code: str | None) -> None:
    message = read_line(line)
    assert (message and message.code) == code


# --- the pod ---------------------------------------------------------------------------------------


def expanded(text: str) -> str:
    """Expand a text of a container as Kubernetes does, with no variable defined."""
    return re.sub(r"\$\$|\$\(\w+\)|\$", lambda match: "$" if match[0] == "$$" else match[0], text)


def test_script_and_wanted_file_reach_the_pod_unchanged(
    cluster: FakeKubectl, monkeypatch: pytest.MonkeyPatch
) -> None:
    pods = created(monkeypatch)
    probed(cluster)
    (container,) = pods[0]["spec"]["containers"]
    values = {one["name"]: expanded(one["value"]) for one in container["env"]}
    assert values["SCRIPT"] == doctor_script()
    assert "metaServer" in values["WANTED_TEXT"]
    assert "WANTED=/proc/$$/root/tmp/edgecore.yaml" in expanded(container["command"][2])
    assert not any(one in str(pods) for one in SECRETS)


def test_pod_runs_on_its_node_without_a_token(cluster: FakeKubectl, monkeypatch: pytest.MonkeyPatch) -> None:
    pods = created(monkeypatch)
    probed(cluster, "edge-2", "edge-1")
    assert [one["spec"]["nodeName"] for one in pods] == ["edge-1", "edge-2"]
    assert len({one["metadata"]["name"] for one in pods}) == 2
    assert {one["metadata"]["namespace"] for one in pods} == {"kubeedge"}
    spec = pods[0]["spec"]
    assert spec["automountServiceAccountToken"] is False
    assert (spec["hostPID"], spec["restartPolicy"], spec["tolerations"]) == (
        True,
        "Never",
        [{"operator": "Exists"}],
    )
    assert spec["containers"][0]["image"] == "busybox:1.37.0"


def test_nodes_with_the_same_end_of_their_names_get_different_pods(monkeypatch: pytest.MonkeyPatch) -> None:
    end = "x" * 45
    cluster = install("v1.23.1", "plain", nodes=(f"a-{end}", f"b-{end}"))
    pods = created(monkeypatch)
    probed(cluster, f"a-{end}", f"b-{end}")
    assert len({one["metadata"]["name"] for one in pods}) == 2
    assert all(len(one["metadata"]["name"]) <= 63 for one in pods)


def test_image_can_be_chosen(cluster: FakeKubectl, monkeypatch: pytest.MonkeyPatch) -> None:
    pods = created(monkeypatch)
    probed(cluster, image="registry.example.com/tools:1")
    assert pods[0]["spec"]["containers"][0]["image"] == "registry.example.com/tools:1"


def test_pod_without_a_rollout_takes_the_mirror_of_the_site(monkeypatch: pytest.MonkeyPatch) -> None:
    mirror = "images.registry=registry.example.com"
    pods = created(monkeypatch)
    probed(install("v1.20.0", "plain"), site=rendering("v1.20.0", "plain", mirror))
    assert pods[0]["spec"]["containers"][0]["image"].startswith("registry.example.com/busybox:")


def test_pod_without_a_rollout_has_the_image_of_the_chart(monkeypatch: pytest.MonkeyPatch) -> None:
    cluster = install("v1.20.0", "plain")
    pods = created(monkeypatch)
    assert probed(cluster)[0].state == "ok"
    assert pods[0]["spec"]["containers"][0]["image"].startswith("busybox:")


# --- its end ---------------------------------------------------------------------------------------


def test_pod_is_removed(cluster: FakeKubectl) -> None:
    probed(cluster)
    assert left(cluster) == []
    (call,) = [one for one in cluster.calls if "delete" in one]
    assert call[:4] == ("--namespace", "kubeedge", "delete", "pods")
    assert {"--force", "--grace-period=0", "--wait=false"} <= set(call)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ClusterError("kubectl get: EOF", away=True)])
def test_pod_is_removed_if_the_wait_is_interrupted(cluster: FakeKubectl, error: BaseException) -> None:
    def interrupt(arguments: tuple[str, ...]) -> None:
        if arguments[:2] == ("get", "--filename") and left(cluster):
            raise error

    cluster.on_call = interrupt
    with pytest.raises(type(error)):
        probed(cluster)
    assert left(cluster) == []


def test_pods_are_removed_if_one_cannot_be_created(
    cluster: FakeKubectl, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = FakeKubectl._created

    def create(self: FakeKubectl, one: Json) -> Json:
        if one["kind"] == "Pod" and one["spec"]["nodeName"] == "edge-2":
            raise ClusterError("kubectl create: exceeded quota")
        return real(self, one)

    monkeypatch.setattr(FakeKubectl, "_created", create)
    with pytest.raises(ClusterError, match="exceeded quota"):
        probed(cluster, "edge-1", "edge-2")
    assert left(cluster) == []
