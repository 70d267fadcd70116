"""`generator gitops`: the options, the files of each tool, the steps, and what is rejected."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from generator import gitops, go_yaml, paths
from generator.cli import gitops as command
from generator.locations import VALUES
from tests.cli.conftest import ADDRESS, Run, run
from tests.gitops.examples import files, objects

__all__ = ["run"]

OCI, WEB = "oci://registry.example.com/kubeedge", "https://charts.example.com/kubeedge"
GIT = "https://git.example.com/fleet.git"
FACTORY = ("--profile", "one-way-verified", "-f", str(VALUES / "examples/factory.yaml"))
QUICK = ("--profile", "plain", "--set", ADDRESS)
ROLLOUT = ("--set", "edgeCore.rollout.enable=true")


def made(run: Run, tool: str, *options: str, source: str = OCI) -> tuple[Result, dict[str, Any]]:
    """Return the result of the command, and the objects in its files by path and kind."""
    ran = run("gitops", "--tool", tool, "--chart-source", source, *options, "-o", "out")
    assert ran.exit_code == 0, ran.output
    found = {
        f"{path} {one['kind']}": one for path, text in files(Path("out")).items() for one in objects(text)
    }
    return ran, found


def test_the_command_has_the_choices_of_the_package() -> None:
    assert (command.TOOLS, command.SECRETS, command.IN_CLUSTER) == (
        gitops.TOOLS,
        gitops.SECRETS,
        gitops.IN_CLUSTER,
    )


# --- Argo CD ---------------------------------------------------------------------------------


def test_argocd_has_an_application_for_each_chart_in_sync_waves(run: Run) -> None:
    _, found = made(run, "argocd", *QUICK)
    wave = "argocd.argoproj.io/sync-wave"
    assert {name: one["metadata"]["annotations"][wave] for name, one in found.items()} == {
        "cloudcore.yaml Application": "0",
        "edgecore.yaml Application": "1",
        "edgemesh.yaml Application": "2",
    }
    for chart in ("cloudcore", "edgecore", "edgemesh"):
        source = found[f"{chart}.yaml Application"]["spec"]["source"]
        assert source["repoURL"] == "registry.example.com/kubeedge"
        assert (source["chart"], source["helm"]["releaseName"]) == (chart, chart)


def test_only_the_first_application_creates_the_namespace(run: Run) -> None:
    _, found = made(run, "argocd", *QUICK)
    options = {name: one["spec"]["syncPolicy"]["syncOptions"] for name, one in found.items()}
    assert [name for name, given in options.items() if "CreateNamespace=true" in given] == [
        "cloudcore.yaml Application"
    ]


def test_argocd_never_prunes_a_crd(run: Run) -> None:
    _, found = made(run, "argocd", *QUICK, "--set", "crds.istio=true")
    key = ("crds", "annotations", "argocd.argoproj.io/sync-options")
    values = {name: one["spec"]["source"]["helm"]["valuesObject"] for name, one in found.items()}
    assert {name: paths.at(one, key) for name, one in values.items()} == {
        "cloudcore.yaml Application": "Prune=false",
        "edgecore.yaml Application": None,
        "edgemesh.yaml Application": "Prune=false",
    }


def test_a_repository_gives_a_folder_for_each_site(run: Run) -> None:
    options = (*QUICK, "--git-url", GIT)
    _, one = made(run, "argocd", *options, "--site", "north", "--secrets", "sealed-secrets")
    first = Path("out/applicationset.yaml").read_text("utf-8")
    assert {name.partition(" ")[0] for name in one} == {
        "applicationset.yaml",
        "sites/north/cloudcore.yaml",
        "sites/north/edgecore.yaml",
        "sites/north/edgemesh.yaml",
        "sites/north/secrets.yaml",
    }
    secrets = one["sites/north/secrets.yaml Application"]
    assert (secrets["metadata"]["name"], secrets["spec"]["destination"]["name"]) == ("north-secrets", "north")
    made(run, "argocd", *options, "--site", "south", "--chart-version", "0.2.0")
    assert Path("out/applicationset.yaml").read_text("utf-8") == first
    south = go_yaml.load(Path("out/sites/south/cloudcore.yaml").read_text("utf-8"))
    assert south["spec"]["source"]["targetRevision"] == "0.2.0"


# --- Flux ------------------------------------------------------------------------------------


def test_each_release_of_flux_depends_on_the_one_before(run: Run) -> None:
    _, found = made(run, "flux", *QUICK)
    depends = {name: one["spec"].get("dependsOn") for name, one in found.items() if "HelmRelease" in name}
    assert depends == {
        "cloudcore.yaml HelmRelease": None,
        "edgecore.yaml HelmRelease": [{"name": "cloudcore"}],
        "edgemesh.yaml HelmRelease": [{"name": "edgecore"}],
    }
    _, found = made(run, "flux", *QUICK, "--chart", "cloudcore", "--chart", "edgemesh")
    assert found["edgemesh.yaml HelmRelease"]["spec"]["dependsOn"] == [{"name": "cloudcore"}]


def test_flux_reads_charts_from_a_helm_repository(run: Run) -> None:
    _, found = made(run, "flux", *QUICK, source=f"{WEB}/")
    assert found["helm-repository.yaml HelmRepository"]["spec"]["url"] == WEB
    assert not any("OCIRepository" in name for name in found)
    chart = found["edgemesh.yaml HelmRelease"]["spec"]["chart"]["spec"]
    assert chart == {
        "chart": "edgemesh",
        "version": "0.1.0",
        "sourceRef": {"kind": "HelmRepository", "name": "kubeedge-charts"},
    }


def test_flux_does_not_wait_for_pods_on_edge_nodes(run: Run) -> None:
    off = ("--set", "mosquitto.enable=false")
    _, without = made(run, "flux", *QUICK, *off)
    _, rollout = made(run, "flux", *QUICK, *off, *ROLLOUT)
    waits = {
        chart: [
            "disableWait" not in found[f"{chart}.yaml HelmRelease"]["spec"]["upgrade"]
            for found in (without, rollout)
        ]
        for chart in ("cloudcore", "edgecore", "edgemesh")
    }
    assert waits == {"cloudcore": [True, True], "edgecore": [True, False], "edgemesh": [False, False]}


def test_the_namespace_has_the_level_of_the_pods_and_is_never_pruned(run: Run) -> None:
    _, found = made(run, "flux", *QUICK)
    assert found["namespace.yaml Namespace"]["metadata"] == {
        "name": "kubeedge",
        "labels": {"pod-security.kubernetes.io/enforce": "privileged"},
        "annotations": {"kustomize.toolkit.fluxcd.io/prune": "disabled"},
    }


# --- both ------------------------------------------------------------------------------------


def test_drift_that_controllers_cause_is_ignored(run: Run) -> None:
    _, argocd = made(run, "argocd", *QUICK)
    role = {"group": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cloudcore"}
    spec = argocd["cloudcore.yaml Application"]["spec"]
    assert spec["ignoreDifferences"] == [{**role, "jsonPointers": ["/rules"]}]
    _, flux = made(run, "flux", *QUICK)
    spec = flux["cloudcore.yaml HelmRelease"]["spec"]
    assert spec["driftDetection"] == {"mode": "enabled", "ignore": [{"paths": ["/rules"], "target": role}]}


def test_a_chart_gets_the_values_that_render_writes(run: Run) -> None:
    _, found = made(run, "flux", *FACTORY)
    run("render", *FACTORY, "-o", "rendered")
    for chart in ("cloudcore", "edgecore", "edgemesh"):
        values = go_yaml.load(Path(f"rendered/{chart}/values.yaml").read_text("utf-8"))
        assert found[f"{chart}.yaml HelmRelease"]["spec"]["values"] == values


@pytest.mark.parametrize("tool", gitops.TOOLS)
def test_check_reads_the_values_in_the_files(run: Run, tool: str) -> None:
    made(run, tool, *QUICK)
    ran = run("check", "out")
    assert ran.exit_code == 0, ran.output


def test_without_a_folder_the_objects_are_printed(run: Run) -> None:
    ran = run("gitops", "--tool", "flux", "--chart-source", OCI, *QUICK)
    assert ran.exit_code == 0
    kinds = [one["kind"] for one in objects(ran.stdout)]
    assert kinds == ["Namespace", *["OCIRepository", "HelmRelease"] * 3]


def test_dry_run_writes_nothing(run: Run) -> None:
    ran = run("gitops", "--tool", "flux", "--chart-source", OCI, *QUICK, "-o", "out", "--dry-run")
    assert ran.stdout.startswith("   create  out/cloudcore.yaml\n")
    assert not Path("out").exists()


def test_a_line_break_in_a_flag_stays_in_the_comment(run: Run) -> None:
    _, found = made(run, "argocd", *QUICK, "--set-string", "edgeCore.rollout.image.tag=a\nkind: X")
    assert {one["kind"] for one in found.values()} == {"Application"}


# --- steps -----------------------------------------------------------------------------------

KEY = "openssl rand -base64 32 | tr -d '\\n' | kubectl --namespace kubeedge create secret generic mesh-key"
ENCRYPT = (
    "sops encrypt --input-type yaml --output-type yaml --encrypted-regex '^(data|stringData)$' /dev/stdin"
)
MANIFEST = f"{KEY} --from-file=psk=/dev/stdin --dry-run=client --output yaml | "


@pytest.mark.parametrize(
    ("secrets", "expected"),
    [
        ("none", f"{KEY} --from-file=psk=/dev/stdin\n"),
        ("sealed-secrets", f"{MANIFEST}kubeseal --format yaml > out/secrets/mesh-key.yaml\n"),
        ("sops", f"{MANIFEST}{ENCRYPT} > out/secrets/mesh-key.yaml\n"),
        ("external-secrets", "entry kubeedge-mesh-key of your secret store with psk, for DaemonSet"),
    ],
)
def test_each_secret_has_a_step(run: Run, secrets: str, expected: str) -> None:
    ran, _ = made(run, "flux", *FACTORY, "--secrets", secrets)
    assert expected in ran.stdout
    assert ("[namespace-to-create]" in ran.stdout) is (secrets == "none")


def test_optional_secrets_and_logins_become_external_secrets(run: Run) -> None:
    ran, found = made(run, "flux", *FACTORY, "--secrets", "external-secrets")
    assert "with .dockerconfigjson, for DaemonSet" in ran.stdout
    login = found["secrets/mirror-login.yaml ExternalSecret"]["spec"]["target"]
    assert login["template"] == {"type": "kubernetes.io/dockerconfigjson"}
    assert found["secrets/mesh-key.yaml ExternalSecret"]["spec"]["dataFrom"] == [
        {"extract": {"key": "kubeedge-mesh-key"}}
    ]


@pytest.mark.parametrize(
    ("tool", "options", "expected"),
    [
        ("argocd", (), "commit the files, and apply them with an Application for their folder"),
        ("argocd", ("--git-url", GIT), "commit the files, and apply the ApplicationSet once"),
        ("flux", (), "commit the files in a folder that a Kustomization of Flux applies"),
        ("flux", ("--secrets", "sops"), "the Kustomization of Flux needs spec.decryption with provider sops"),
        ("argocd", ("--secrets", "sops"), "Argo CD needs a plugin that decrypts SOPS, for example KSOPS"),
    ],
)
def test_the_last_steps(run: Run, tool: str, options: tuple[str, ...], expected: str) -> None:
    ran, _ = made(run, tool, *QUICK, *options)
    assert f". {expected} [" in ran.stdout


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (FACTORY, "TLS on, commit one file at a time: cloudcore -> edgecore -> edge nodes -> edgemesh ["),
        (QUICK, "TLS off, commit one file at a time: edgecore -> edge nodes -> edgemesh -> cloudcore ["),
        ((*QUICK, *ROLLOUT), "edge nodes -> edgemesh -> cloudcore (the rollout of edgecore.yaml) ["),
        (
            (*QUICK, "--set-string", "kubeedgeVersion=1.13"),
            "cloudcore -> edgecore -> edge nodes -> edgemesh [",
        ),
    ],
)
def test_the_order_of_commits(run: Run, options: tuple[str, ...], expected: str) -> None:
    ran, _ = made(run, "argocd", *options)
    assert expected in ran.stdout
    for text in files(Path("out")).values():
        assert expected in " ".join(text.replace("\n#  ", "").split())


@pytest.mark.parametrize("options", [("--chart", "edgemesh"), ("--set-string", "kubeedgeVersion=1.11")])
def test_without_edge_nodes_or_tls_there_is_no_order(run: Run, options: tuple[str, ...]) -> None:
    ran, _ = made(run, "argocd", *QUICK, *options)
    assert "tls-order-of-commits" not in ran.output


# --- what is rejected ------------------------------------------------------------------------


PROBLEMS = """\
--chart-source: must be the address of an OCI registry or a Helm repository, without a login \
(got registry/x) (for example oci://registry.example.com/kubeedge or https://charts.example.com/kubeedge) \
[bad-chart-source]
--chart-version: must be one version of the charts (got 0.1) (for example 0.1.0) [bad-chart-version]
--git-url: must be the address of a Git repository, without a password or token (for example \
https://git.example.com/fleet.git; give the login to Argo CD in a Secret) [bad-git-url]
--site: must have lower-case letters, digits and hyphens, at most 52 (got A) (use the name of the site's \
cluster in Argo CD) [bad-site-name]
site.yaml:2: agent.psk: is a secret; Git would keep it in plain text (remove it, and set pskSecret to the \
name of a Secret that has it in its key psk) [secret-in-git]
site.yaml:3: agent.enabel: unknown key (did you mean enable?) [unknown-key]
6 problems; nothing was written.
"""


def test_every_problem_is_printed_and_nothing_is_written(run: Run, tmp_path: Path) -> None:
    (tmp_path / "site.yaml").write_text("agent:\n  psk: c2VjcmV0LWtleQ==\n  enabel: true\n")
    options = ["--chart-version", "0.1", "--git-url", "https://secret-token@git.example.com/a.git"]
    options += ["--site", "A", "--chart-source", "registry/x", "-f", "site.yaml", "-o", "out"]
    ran = run("gitops", "--tool", "argocd", *options)
    assert (ran.exit_code, ran.stdout) == (1, "")
    lines = [line for line in ran.stderr.splitlines(keepends=True) if not line.startswith("warning: ")]
    assert "".join(lines) == PROBLEMS
    assert not Path("out").exists()


@pytest.mark.parametrize(
    ("setting", "fix"),
    [
        (
            "agent.psk=c2VjcmV0",
            "remove it, and set pskSecret to the name of a Secret that has it in its key psk",
        ),
        (
            "gateway.psk=c2VjcmV0",
            "remove it, and set pskSecret to the name of a Secret that has it in its key psk",
        ),
        (
            "edgeCore.modules.edgeHub.token=abcdef.0123456789",
            "remove it; join.sh takes the token of a node from the variable TOKEN",
        ),
    ],
)
def test_secrets_in_values_are_rejected(run: Run, setting: str, fix: str) -> None:
    ran = run(
        "gitops", "--tool", "flux", "--chart-source", OCI, *QUICK, "--set", setting, "--chart", "cloudcore"
    )
    assert ran.exit_code == 1
    key, _, secret = setting.partition("=")
    line = f"--set: {key}: is a secret; Git would keep it in plain text ({fix}) [secret-in-git]\n"
    assert line in ran.stderr
    assert secret not in ran.output


@pytest.mark.parametrize("secrets", gitops.SECRETS)
def test_names_of_secrets_cannot_leave_the_folder(run: Run, secrets: str) -> None:
    options = ("--set", "agent.pskSecret=../../key", "--secrets", secrets, "-o", "out/a")
    ran = run("gitops", "--tool", "flux", "--chart-source", OCI, *QUICK, *options)
    assert ran.exit_code == 1
    line = (
        "secret kubeedge/../../key: is no valid name of a Secret; DaemonSet kubeedge/edgemesh-agent refers "
        "to it (use lower-case letters, digits, hyphens and dots) [bad-secret-name]\n"
    )
    assert line in ran.stderr
    assert not Path("out").exists()


@pytest.mark.parametrize(
    "source",
    [
        "",
        "registry",
        "oci://",
        "ftp://a/b",
        "oci://me:x@a/b",
        "https://a b/c",
        "https://a/?b",
        "https://[",
        "https://a:0/",
    ],
)
def test_bad_addresses_of_charts(run: Run, source: str) -> None:
    ran = run("gitops", "--tool", "flux", "--chart-source", source, *QUICK)
    assert ran.exit_code == 1
    assert "[bad-chart-source]\n1 problem found.\n" in ran.stderr


@pytest.mark.parametrize(
    ("url", "accepted"),
    [
        ("git@git.example.com:team/fleet.git", True),
        ("ssh://git@git.example.com:2222/fleet.git", True),
        (GIT, True),
        ("https://token@git.example.com/fleet.git", False),
        ("ssh://git:word@git.example.com/fleet.git", False),
        ("fleet", False),
    ],
)
def test_addresses_of_repositories(run: Run, url: str, accepted: bool) -> None:
    ran = run("gitops", "--tool", "argocd", "--chart-source", OCI, *QUICK, "--git-url", url)
    assert ran.exit_code == (0 if accepted else 1)
    assert ("[bad-git-url]" in ran.stderr) is not accepted


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--tool", "flux", "--git-url", GIT], "--git-url needs --tool argocd"),
        (["--tool", "flux", "--site", "a"], "--site needs --tool argocd"),
        (["--tool", "flux", "--dry-run"], "--dry-run needs -o"),
        ([], "Missing option '--tool'"),
    ],
)
def test_wrong_usage(run: Run, arguments: list[str], says: str) -> None:
    ran = run("gitops", "--chart-source", OCI, *arguments)
    assert ran.exit_code == 2
    assert says in ran.stderr
