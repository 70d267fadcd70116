"""The stages of a rotation: order, repetition and reversal, detected from the certificates alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.certs import chain, pem
from generator.certs.as_text import line
from generator.certs.material import collect
from generator.certs.plan import CertPlan
from generator.certs.rotate import rotate
from generator.certs.signers import IssueOptions, issue
from generator.certs.states import states
from generator.certs.verify import verify
from generator.errors import InvalidInput, UnwritableOutput
from generator.io.write import write_files
from tests.certs.pki import DAY, NOW, make
from tests.certs.sites import planned

PLAN = planned("mtls", "1.16")
STREAM = planned("mtls", "1.16", "cloudCore.streamCertificate.existingSecret=stream")
WISH = IssueOptions(NOW)


def issued(folder: Path, found: CertPlan = PLAN, **wish: Any) -> Path:
    """Issue into a folder."""
    write_files(folder, issue(found, folder, IssueOptions(NOW, **wish)).files)
    return folder


def do(folder: Path, stage: str, found: CertPlan = PLAN, wish: IssueOptions = WISH) -> tuple[str, ...]:
    """Run a stage like the command does; return its notes."""
    step = rotate(found, folder, stage, wish)
    write_files(folder, step.files, remove=step.remove, keep=step.keep)
    return tuple(map(line, step.notes))


def snapshot(folder: Path) -> dict[str, bytes]:
    """Return every file."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def names(folder: Path, found: CertPlan = PLAN) -> list[str]:
    """Return the state of each CA."""
    return [state.name for state in states(found, folder)]


def accepted(folder: Path, found: CertPlan = PLAN) -> bool:
    """Return whether edgecore and the agent accept the files of the folder."""
    return verify(found, collect([str(folder)], found.secrets), NOW).rejections == ()


@pytest.mark.parametrize("found", [PLAN, STREAM], ids=["endpoint", "stream too"])
def test_rotation_has_three_stages(found: CertPlan, tmp_path: Path) -> None:
    issued(tmp_path, found)
    before = snapshot(tmp_path)
    many = len(names(tmp_path, found))
    for stage, state in (("trust", "trusted"), ("leaves", "renewed"), ("drop", "settled")):
        do(tmp_path, stage, found)
        assert names(tmp_path, found) == [state] * many
        assert accepted(tmp_path, found)
    after = snapshot(tmp_path)
    assert after.keys() == before.keys()
    assert [name for name in before if before[name] == after[name]] == []


@pytest.mark.parametrize("stage", ["trust", "leaves", "drop"])
def test_a_stage_repeated_changes_nothing(stage: str, tmp_path: Path) -> None:
    issued(tmp_path)
    for one in ("trust", "leaves", "drop"):
        do(tmp_path, one)
        if one == stage:
            break
    before = snapshot(tmp_path)
    do(tmp_path, stage)
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize(
    ("done", "stage", "message"),
    [
        ([], "leaves", "the rotation is settled; the stage trust comes first"),
        (["trust"], "drop", "the rotation is trusted; the stage leaves comes first"),
    ],
)
def test_a_stage_in_the_wrong_order_is_rejected(
    done: list[str], stage: str, message: str, tmp_path: Path
) -> None:
    issued(tmp_path)
    for one in done:
        do(tmp_path, one)
    before = snapshot(tmp_path)
    with pytest.raises(InvalidInput) as caught:
        do(tmp_path, stage)
    assert message in str(caught.value)
    assert snapshot(tmp_path) == before


def test_abandon_after_trust_restores_all_files(tmp_path: Path) -> None:
    before = snapshot(issued(tmp_path))
    do(tmp_path, "trust")
    do(tmp_path, "abandon")
    assert snapshot(tmp_path) == before


def test_abandon_after_leaves_goes_back_one_stage_at_a_time(tmp_path: Path) -> None:
    before = snapshot(issued(tmp_path))
    do(tmp_path, "trust")
    trusted = snapshot(tmp_path)
    do(tmp_path, "leaves")
    do(tmp_path, "abandon")
    assert snapshot(tmp_path) == trusted
    assert accepted(tmp_path)
    do(tmp_path, "abandon")
    assert snapshot(tmp_path) == before


def test_abandon_without_a_rotation_changes_nothing(tmp_path: Path) -> None:
    before = snapshot(issued(tmp_path))
    assert do(tmp_path, "abandon") == ("rootCA.crt: no rotation is in progress [nothing-to-abandon]",)
    assert snapshot(tmp_path) == before


def test_an_interrupted_leaves_stage_is_resumed(tmp_path: Path) -> None:
    issued(tmp_path)
    do(tmp_path, "trust")
    old = {name: (tmp_path / name).read_bytes() for name in ("client.crt", "client.key")}
    do(tmp_path, "leaves")
    # Only the server's pair is new, for example after a restore from a backup.
    for name, data in old.items():
        (tmp_path / name).write_bytes(data)
    assert names(tmp_path) == ["mixed"]
    server = (tmp_path / "server.key").read_bytes()
    do(tmp_path, "leaves")
    assert names(tmp_path) == ["renewed"]
    assert (tmp_path / "server.key").read_bytes() == server


@pytest.mark.parametrize("stage", ["trust", "leaves", "drop"])
def test_a_failed_stage_restores_all_files(
    stage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued(tmp_path)
    for one in ("trust", "leaves", "drop"):
        if one == stage:
            break
        do(tmp_path, one)
    before = snapshot(tmp_path)
    real, calls = Path.replace, 0

    def replace(self: Path, target: Path) -> Path:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise OSError(28, "No space left on device")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(UnwritableOutput, match="No space left"):
        do(tmp_path, stage)
    monkeypatch.undo()
    assert snapshot(tmp_path) == before


def test_drop_removes_the_files_of_an_interrupted_drop(tmp_path: Path) -> None:
    issued(tmp_path)
    do(tmp_path, "trust")
    do(tmp_path, "leaves")
    step = rotate(PLAN, tmp_path, "drop", WISH)
    write_files(tmp_path, step.files)
    assert (tmp_path / "previous/server.key").exists()
    do(tmp_path, "drop")
    assert not (tmp_path / "previous").exists()
    assert not (tmp_path / "ca/next-rootCA.key").exists()


def test_the_old_ca_stays_first_until_it_is_dropped(tmp_path: Path) -> None:
    # edgecore up to 1.16 trusts the first block only.
    old = (issued(tmp_path) / "rootCA.crt").read_text()
    for stage in ("trust", "leaves"):
        do(tmp_path, stage)
        assert (tmp_path / "rootCA.crt").read_text().startswith(old)


def test_client_certificate_contains_the_new_ca_signed_by_the_old(tmp_path: Path) -> None:
    issued(tmp_path)
    do(tmp_path, "trust")
    do(tmp_path, "leaves")
    old, new = pem.certificates((tmp_path / "rootCA.crt").read_bytes(), "")
    leaf, cross = pem.certificates((tmp_path / "client.crt").read_bytes(), "")
    assert chain.issued(cross, old)
    assert cross.subject == new.subject
    assert pem.public_bytes(cross.public_key()) == pem.public_bytes(new.public_key())
    assert cross.not_valid_after_utc <= old.not_valid_after_utc
    for root in (old, new):
        assert chain.fault(leaf, [cross], [root], "client", NOW) is None
    # The server's file has one block, because edgecore sends only the first one.
    assert len(pem.blocks((tmp_path / "server.crt").read_bytes())) == 1


def test_the_pair_of_each_node_is_rotated(tmp_path: Path) -> None:
    issued(tmp_path, nodes=("edge-1", "edge-2"))
    before = snapshot(tmp_path)
    for stage in ("trust", "leaves", "drop"):
        do(tmp_path, stage)
    after = snapshot(tmp_path)
    assert after.keys() == before.keys()
    for node in ("edge-1", "edge-2"):
        assert after[f"nodes/{node}/rootCA.crt"] == after["rootCA.crt"]
        assert after[f"nodes/{node}/server.key"] != before[f"nodes/{node}/server.key"]
        first = pem.certificates(after[f"nodes/{node}/server.crt"], "")[0]
        assert chain.common_name(first) == f"edgecore-metaserver {node}"


COPY = (
    "edge nodes: copy rootCA.crt, server.crt and server.key to each node, "
    "then restart edgecore [copy-to-nodes]"
)


def test_each_stage_lists_the_programs_to_restart(tmp_path: Path) -> None:
    issued(tmp_path, STREAM)
    for stage, nodes, following in (
        ("trust", "edge nodes: no change; edgecore still uses the old CA [nodes-unchanged]", "leaves"),
        ("leaves", COPY, "drop"),
        ("drop", COPY, None),
    ):
        notes = do(tmp_path, stage, STREAM)
        assert nodes in notes
        assert "restart edgemesh-agent [restart-programs]" in notes
        assert "restart cloudcore [restart-programs]" in notes
        last = f"when this is done everywhere: generator certs rotate {following} [next-stage]"
        assert (notes[-1] == last) is (following is not None)


def test_status_changes_nothing(tmp_path: Path) -> None:
    before = snapshot(issued(tmp_path))
    assert do(tmp_path, "status") == (
        (
            "rootCA.crt: settled: one CA, which signed every certificate; next: run "
            "`generator certs rotate trust` (adds the new CA) [rotation-settled]"
        ),
    )
    assert snapshot(tmp_path) == before


# --- rejected rotations --------------------------------------------------------------------


def test_an_empty_folder_is_rejected(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="has no CA of this site"):
        do(tmp_path, "status")


def test_a_leaf_of_another_ca_is_rejected(tmp_path: Path) -> None:
    issued(tmp_path)
    (tmp_path / "server.crt").write_text(make("s", by=make("o", ca=True)).cert_text)
    with pytest.raises(InvalidInput, match=r"no CA in rootCA\.crt signed it"):
        do(tmp_path, "trust")


def test_an_expired_ca_is_rejected(tmp_path: Path) -> None:
    issued(tmp_path, ca_days=1)
    with pytest.raises(InvalidInput, match="the CA expired on"):
        do(tmp_path, "trust", wish=IssueOptions(NOW + 2 * DAY))


def test_a_ca_that_may_not_sign_another_ca_is_rejected(tmp_path: Path) -> None:
    own = make("corporate CA", ca=True, path_length=0)
    (tmp_path / "ca.crt").write_text(own.cert_text)
    (tmp_path / "ca.key").write_text(own.key_text)
    given: dict[str, Any] = {"ca_cert": str(tmp_path / "ca.crt"), "ca_key": str(tmp_path / "ca.key")}
    folder = issued(tmp_path / "certs", **given)
    do(folder, "trust")
    with pytest.raises(InvalidInput, match="cannot sign the new CA"):
        do(folder, "leaves", wish=IssueOptions(NOW, ca_key=given["ca_key"]))


def test_from_1_17_on_rotation_is_rejected(tmp_path: Path) -> None:
    own = make("kubernetes", ca=True)
    (tmp_path / "ca.crt").write_text(own.cert_text)
    (tmp_path / "ca.key").write_text(own.key_text)
    found = planned("mtls", "1.23")
    given: dict[str, Any] = {"ca_cert": str(tmp_path / "ca.crt"), "ca_key": str(tmp_path / "ca.key")}
    folder = issued(tmp_path / "certs", found, signer="cluster-ca", **given)
    with pytest.raises(InvalidInput, match="which Kubernetes rotates"):
        do(folder, "trust", found)


def test_from_1_17_on_each_stage_says_what_edge_nodes_need(tmp_path: Path) -> None:
    for name in ("old", "new"):
        own = make(f"{name} kubernetes", ca=True)
        (tmp_path / f"{name}.crt").write_text(own.cert_text)
        (tmp_path / f"{name}.key").write_text(own.key_text)
    old, new = (tuple(str(tmp_path / f"{name}.{end}") for end in ("crt", "key")) for name in ("old", "new"))
    found = planned("mtls", "1.23")
    folder = issued(tmp_path / "certs", found, signer="cluster-ca", ca_cert=old[0], ca_key=old[1])
    for stage, given, code in (
        ("trust", (new[0], None), "nodes-unchanged"),
        ("leaves", (None, new[1]), "nodes-renew-endpoint"),
        ("drop", (None, None), None),
    ):
        made = rotate(found, folder, stage, IssueOptions(NOW), given)
        write_files(folder, made.files, remove=made.remove, keep=made.keep)
        steps = [text for text in map(line, made.notes) if text.startswith("edge nodes: ")]
        assert [text.rpartition("[")[2] for text in steps] == ([f"{code}]"] if code else [])


def test_both_keys_are_encrypted_with_the_password(tmp_path: Path) -> None:
    wish = IssueOptions(NOW, password=b"right")
    issued(tmp_path, password=b"right")
    do(tmp_path, "trust", wish=wish)
    assert b"ENCRYPTED" in (tmp_path / "ca/next-rootCA.key").read_bytes()
    with pytest.raises(InvalidInput, match="wrong password"):
        do(tmp_path, "leaves", wish=IssueOptions(NOW, password=b"wrong"))
    for stage in ("leaves", "drop"):
        do(tmp_path, stage, wish=wish)
    assert accepted(tmp_path)
