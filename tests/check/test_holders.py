"""Values inside objects of Argo CD, Flux and KubeSphere, and in umbrella charts, with their own lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.check.findings import Finding
from generator.check.report import check_files
from generator.check.sources import Reading, read_sources

# Each object has one misspelt key, `nodeLimt` or `transprot`: the finding must have the line of this key.
ARGO_OBJECT = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: edge-cloud}
spec:
  source:
    path: deploy/cloudcore
    helm:
      valuesObject:
        cloudCore:
          modules:
            cloudHub:
              advertiseAddress: [192.0.2.10]
              nodeLimt: 2000
"""
ARGO_TEXT = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: edge-mesh}
spec:
  sources:
  - repoURL: https://git.example.com/values.git
    ref: values
  - chart: edgemesh
    helm:
      values: |
        # the network
        agent:
          modules:
            edgeTunnel:
              transprot: tcp
"""
ARGO_PARAMETERS = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: edge-cloud}
spec:
  source:
    chart: cloudcore
    helm:
      parameters:
      - name: cloudCore.modules.cloudHub.advertiseAddress[0]
        value: 192.0.2.10
      - name: cloudCore.modules.cloudHub.nodeLimt
        value: "2000"
"""
ARGO_SET = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: sites}
spec:
  template:
    spec:
      source:
        path: charts/cloudcore
        helm:
          valuesObject: {cloudCore: {modules: {cloudHub: {nodeLimt: 5}}}}
"""
FLUX = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: mesh}
spec:
  chart: {spec: {chart: edgemesh, version: 0.1.0}}
  values:
    agent:
      modules:
        edgeTunnel:
          transprot: tcp
"""
KUBESPHERE_3 = """\
apiVersion: installer.kubesphere.io/v1alpha1
kind: ClusterConfiguration
metadata: {name: ks-installer}
spec:
  edgeruntime:
    kubeedge:
      enabled: true
      cloudCore:
        cloudHub:
          advertiseAddress: [192.0.2.10]
          nodeLimt: "2000"
        cloudstreamPort: "10003"
"""
KUBESPHERE_OLD = """\
kubeedge:
  enabled: true
  cloudCore:
    cloudHub:
      advertiseAddress: [192.0.2.10]
      nodeLimt: "2000"
"""
KUBESPHERE_4 = """\
global: {imageRegistry: registry.example.com}
cloudcore:
  cloudCore:
    modules:
      cloudHub:
        nodeLimt: 2000
"""
INSTALL_PLAN = """\
apiVersion: kubesphere.io/v1alpha1
kind: InstallPlan
metadata: {name: kubeedge}
spec:
  extension: {name: kubeedge, version: 1.13.0}
  config: |
    cloudcore:
      cloudCore:
        modules:
          cloudHub:
            nodeLimt: 2000
"""
HOLDERS = {
    "argo-object": ARGO_OBJECT,
    "argo-text": ARGO_TEXT,
    "argo-parameters": ARGO_PARAMETERS,
    "argo-set": ARGO_SET,
    "flux": FLUX,
    "kubesphere-3": KUBESPHERE_3,
    "kubesphere-old": KUBESPHERE_OLD,
    "kubesphere-4": KUBESPHERE_4,
    "install-plan": INSTALL_PLAN,
}


def found_in(text: str, folder: Path) -> list[Finding]:
    """Check a text as a file and return the findings."""
    return check_files([written(text, folder)]).findings


def written(text: str, folder: Path) -> str:
    """Write a text into a file and name it."""
    (folder / "file.yaml").write_text(text, "utf-8")
    return str(folder / "file.yaml")


def read(text: str, folder: Path) -> Reading:
    """Read a text as a file."""
    return read_sources([written(text, folder)])


@pytest.mark.parametrize("name", HOLDERS)
def test_a_misspelt_key_is_found_at_its_line(name: str, tmp_path: Path) -> None:
    text = HOLDERS[name]
    errors = [finding for finding in found_in(text, tmp_path) if finding.level == "error"]
    lines = [number for number, line in enumerate(text.splitlines(), 1) if "Limt" in line or "protr" in line]
    wanted = lines or [n for n, line in enumerate(text.splitlines(), 1) if "transprot" in line]
    assert [finding.line for finding in errors] == wanted


@pytest.mark.parametrize("name", HOLDERS)
def test_a_list_of_objects_is_read_too(name: str, tmp_path: Path) -> None:
    if "kind:" not in HOLDERS[name]:
        return
    item = "".join(f"  {line}\n" for line in HOLDERS[name].splitlines())
    reading = read(f"kind: List\nitems:\n-\n{item}", tmp_path)
    assert len(reading.sources) == 1


def test_kubesphere_keys_are_reported_as_in_the_file(tmp_path: Path) -> None:
    errors = [finding.key for finding in found_in(KUBESPHERE_3, tmp_path) if finding.level == "error"]
    assert errors == ["cloudCore.cloudHub.nodeLimt"]


def test_kubesphere_ports_in_quotes_are_ports(tmp_path: Path) -> None:
    source = read(KUBESPHERE_3, tmp_path).sources[0]
    assert source.value["cloudCore"]["modules"]["cloudStream"] == {"streamPort": 10003}


def test_argo_parameters_win_over_values(tmp_path: Path) -> None:
    text = ARGO_OBJECT.replace("nodeLimt: 2000", "nodeLimit: 1") + (
        "      parameters:\n      - {name: cloudCore.modules.cloudHub.nodeLimit, value: '77'}\n"
    )
    source = read(text, tmp_path).sources[0]
    assert source.value["cloudCore"]["modules"]["cloudHub"]["nodeLimit"] == 77
    assert source.line(("cloudCore", "modules", "cloudHub", "nodeLimit")) == len(text.splitlines())


def test_argo_keeps_a_comma_in_a_parameter(tmp_path: Path) -> None:
    text = ARGO_PARAMETERS.replace("cloudHub.nodeLimt", "cloudHub.dnsNames[0]").replace('"2000"', "a,b")
    hub = read(text, tmp_path).sources[0].value["cloudCore"]["modules"]["cloudHub"]
    assert hub["dnsNames"] == ["a,b"]


def test_argo_force_string_keeps_text(tmp_path: Path) -> None:
    text = ARGO_PARAMETERS + "        forceString: true\n"
    hub = read(text, tmp_path).sources[0].value["cloudCore"]["modules"]["cloudHub"]
    assert hub["nodeLimt"] == "2000"


UNREAD = {
    "values-ignored": ARGO_OBJECT + "      values: 'cloudCore: {}'\n",
    "values-elsewhere": ARGO_OBJECT + "      valueFiles: [prod.yaml]\n",
    "set-index": ARGO_PARAMETERS + "      - {name: 'a[', value: x}\n",
}
SENTENCES = {
    "values-ignored": "Argo CD ignores helm.values when helm.valuesObject is also set",
    "values-elsewhere": "its values are in the chart's repository, and are not checked",
    "set-index": "the index has no closing ]",
}


@pytest.mark.parametrize("code", UNREAD)
def test_values_that_argo_does_not_show_are_a_warning(code: str, tmp_path: Path) -> None:
    found = [finding for finding in found_in(UNREAD[code], tmp_path) if finding.code == code]
    assert [(finding.level, finding.line, finding.what) for finding in found] == [
        ("warning", len(UNREAD[code].splitlines()), SENTENCES[code])
    ]


def test_flux_values_in_the_cluster_are_a_warning(tmp_path: Path) -> None:
    text = FLUX + "  valuesFrom:\n  - {kind: Secret, name: mesh-values}\n"
    found = [finding for finding in found_in(text, tmp_path) if finding.code == "values-elsewhere"]
    assert [(finding.line, finding.key) for finding in found] == [(12, "spec.valuesFrom[0]")]
    assert "Secret mesh-values" in found[0].what


@pytest.mark.parametrize("text", [ARGO_OBJECT, FLUX])
def test_another_chart_is_not_checked(text: str, tmp_path: Path) -> None:
    other = text.replace("deploy/cloudcore", "charts/jenkins").replace("edgemesh", "jenkins")
    reading = read(other.replace("cloudCore:", "controller:"), tmp_path)
    assert (reading.sources, reading.unread) == ([], [])


def test_a_syntax_error_in_embedded_text_has_its_line(tmp_path: Path) -> None:
    problems = read(ARGO_TEXT.replace("transprot: tcp", "transport: [tcp"), tmp_path).unreadable
    assert [problem.where.rpartition(":")[2] for problem in problems] == ["16"]
    assert [problem.key for problem in problems] == ["spec.sources[1].helm.values"]


def test_other_keys_of_kubesphere_and_umbrella_charts_are_ignored(tmp_path: Path) -> None:
    foreign = [problem for text in (KUBESPHERE_OLD, KUBESPHERE_4) for problem in read(text, tmp_path).foreign]
    assert [(problem.key, problem.what) for problem in foreign] == [
        ("kubeedge.enabled", "belongs to KubeSphere, not to the chart"),
        ("global", "belongs to the umbrella chart"),
    ]
