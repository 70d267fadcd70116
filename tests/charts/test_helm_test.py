"""The script that `helm test` runs against cloudcore, with a stand-in for curl."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import helm_python
import pytest

from generator import go_yaml, locations

STREAMS = {"cloudCore": {"streamCertificate": {"existingSecret": "stream"}}}
# Answers for the certificate endpoint with $CODE, and with exit code $STREAM for every other port.
CURL = """\
#!/bin/sh
for last; do :; done
case $last in
*/ca.crt) echo "$CODE" ;;
*) exit "$STREAM" ;;
esac
"""


def pod(values: dict[str, Any]) -> dict[str, Any] | None:
    """Return the pod of `helm test`, None if there is none."""
    chart = helm_python.Chart.load(locations.CHARTS / "cloudcore")
    rendered = chart.render(values, name="cloudcore", namespace="kubeedge")
    loaded: dict[str, Any] | None = go_yaml.load(rendered["cloudcore/templates/tests/cloudcore-pod.yaml"])
    return loaded


def run(values: dict[str, Any], tmp_path: Path, code: str, stream: int) -> subprocess.CompletedProcess[str]:
    """Run the script of the pod with stand-ins for curl and sleep."""
    for name, text in (("curl", CURL), ("sleep", "#!/bin/sh\n")):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    found = pod(values)
    assert found is not None
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "CODE": code, "STREAM": str(stream)}
    script = found["spec"]["containers"][0]["args"][0]
    return subprocess.run(["sh", "-c", script], env=environment, capture_output=True, text=True, check=False)


def test_cloudcore_that_answers_is_healthy(tmp_path: Path) -> None:
    ran = run(STREAMS, tmp_path, "200 500", 35)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.splitlines() == [
        "healthy: https://cloudcore.kubeedge.svc:10002/ca.crt answers with the CA",
        "healthy: the stream of kubectl logs and exec listens at cloudcore.kubeedge.svc:10003",
        "healthy: the tunnel of edge nodes listens at cloudcore.kubeedge.svc:10004",
    ]


@pytest.mark.parametrize("code", ["000 0", "404 19", "200 0"])
def test_a_certificate_endpoint_without_a_certificate_fails(code: str, tmp_path: Path) -> None:
    ran = run({}, tmp_path, code, 0)
    assert ran.returncode == 1
    assert f"ca.crt answers {code} (HTTP status, bytes)" in ran.stdout
    assert "stream" not in ran.stdout


@pytest.mark.parametrize("code", [6, 7, 28])
def test_a_stream_that_nothing_listens_on_fails(code: int, tmp_path: Path) -> None:
    ran = run(STREAMS, tmp_path, "200 500", code)
    assert ran.returncode == 1
    assert "not healthy: nothing answers at cloudcore.kubeedge.svc:10003" in ran.stdout


def test_without_a_service_the_address_for_edge_nodes_is_tested() -> None:
    hub = {"advertiseAddress": ["2001:db8::10"]}
    found = pod({"cloudCore": {"service": {"enable": False}, "modules": {"cloudHub": hub}}})
    assert found is not None
    assert "https://[2001:db8::10]:10002/ca.crt" in found["spec"]["containers"][0]["args"][0]


@pytest.mark.parametrize(
    "values", [{"cloudCore": {"service": {"enable": False}}}, {"tests": {"image": ""}}], ids=str
)
def test_there_is_no_test_without_an_address_or_an_image(values: dict[str, Any]) -> None:
    assert pod(values) is None
