"""ci/post-comment.py github, run against a forge on loopback."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from tests.ci.forge import COMMENT, MARKER, TOKEN, Answer, Forge, artifact, post, serve

pytestmark = pytest.mark.long

TOP = "/repos/some/where"
RUN = f"GET {TOP}/actions/runs/5"
ARTIFACTS = f"GET {TOP}/actions/runs/5/artifacts?name=generator-diff-comment&per_page=100"
ZIP = f"GET {TOP}/actions/artifacts/31/zip"
PULL = f"GET {TOP}/pulls/7"
COMMENTS = f"{TOP}/issues/7/comments"
PAGE = f"GET {COMMENTS}?per_page=100&page="

BOT, SOMEBODY = {"login": "github-actions[bot]"}, {"login": "somebody"}
HEAD = {"sha": "a1", "ref": "topic", "repo": {"id": 99}}
OURS = {"id": 500, "user": BOT, "body": f"{MARKER}\nold"}


@pytest.fixture
def forge() -> Iterator[Forge]:
    """Return a forge with a run of pull request 7 from a fork, and no comment yet."""
    with serve() as found:
        run = {
            "event": "pull_request",
            "head_sha": "a1",
            "head_branch": "topic",
            "head_repository": {"id": 99},
        }
        listed = [
            {"id": number, "name": "generator-diff-comment", "expired": number == 40}
            for number in (30, 31, 40)
        ]
        found.answers = {
            RUN: Answer(run),
            ARTIFACTS: Answer({"artifacts": listed}),
            ZIP: Answer(status=302, to=f"{found.url}/elsewhere"),
            PULL: Answer({"head": HEAD}),
            f"{PAGE}1": Answer([]),
        }
        pack(found, COMMENT)
        yield found


def pack(forge: Forge, comment: str | bytes, number: str = "7\n") -> None:
    forge.answers["GET /elsewhere"] = Answer(artifact({"diff.md": comment, "pr-number": number}))


def github(forge: Forge, **environment: str) -> subprocess.CompletedProcess[str]:
    given = {"GITHUB_API_URL": forge.url, "GITHUB_REPOSITORY": "some/where", "GITHUB_TOKEN": TOKEN}
    return post("github", "5", **(given | environment))


def refused(forge: Forge, *says: str) -> None:
    """Assert that the script rejects a run and writes nothing."""
    done = github(forge)
    assert done.returncode == 1
    assert all(text in done.stderr for text in says), done.stderr
    assert forge.written() == []


def test_the_first_run_creates_the_comment(forge: Forge) -> None:
    done = github(forge)
    assert (done.returncode, done.stdout, done.stderr) == (0, "pull request 7: comment made\n", "")
    assert forge.written() == [("POST", COMMENTS, {"body": COMMENT})]


def test_later_runs_update_the_comment_on_any_page(forge: Forge) -> None:
    page = [{"id": number, "user": SOMEBODY, "body": "so?"} for number in range(100)]
    forge.answers[f"{PAGE}1"] = Answer(page)
    forge.answers[f"{PAGE}2"] = Answer([{"id": 400, "user": BOT, "body": "of another workflow"}, OURS])
    done = github(forge)
    assert (done.returncode, done.stdout) == (0, "pull request 7: comment updated\n")
    assert forge.written() == [("PATCH", f"{TOP}/issues/comments/500", {"body": COMMENT})]


@pytest.mark.parametrize(
    "other",
    [
        {"id": 1, "user": SOMEBODY, "body": COMMENT},
        {"id": 1, "user": BOT, "body": f"> {COMMENT}"},
        {"id": 1, "user": None, "body": COMMENT},
        {"id": 1, "user": BOT, "body": None},
    ],
    ids=["somebody's with the marker", "quoted", "of a deleted account", "empty"],
)
def test_another_comment_is_never_changed(forge: Forge, other: dict[str, Any]) -> None:
    forge.answers[f"{PAGE}1"] = Answer([other])
    assert github(forge).returncode == 0
    assert forge.written() == [("POST", COMMENTS, {"body": COMMENT})]


def test_an_equal_comment_is_not_updated(forge: Forge) -> None:
    forge.answers[f"{PAGE}1"] = Answer([OURS | {"body": COMMENT.replace("\n", "\r\n")}])
    assert github(forge).stdout == "pull request 7: the comment says so already\n"
    assert forge.written() == []


def test_another_account_may_be_the_author(forge: Forge) -> None:
    forge.answers[f"{PAGE}1"] = Answer([OURS | {"user": {"login": "app[bot]"}}])
    assert "updated" in github(forge, COMMENT_AUTHOR="app[bot]").stdout


def test_the_token_is_sent_only_to_the_api(forge: Forge) -> None:
    github(forge)
    tokens = {one.path: one.token for one in forge.asked}
    assert tokens.pop("/elsewhere") == ""
    assert set(tokens.values()) == {f"Bearer {TOKEN}"}


@pytest.mark.parametrize(
    "head",
    [{"repo": {"id": 98}}, {"repo": None}, {"ref": "main"}, {"repo": {"id": 98}, "sha": "a2"}],
    ids=["of another fork", "of a deleted fork", "of another branch", "of somebody else"],
)
def test_a_run_of_another_pull_request_is_rejected(forge: Forge, head: dict[str, Any]) -> None:
    forge.answers[PULL] = Answer({"head": HEAD | head})
    refused(forge, "pr-number: 7 is not the pull request of run 5")


def test_an_older_run_posts_nothing(forge: Forge) -> None:
    forge.answers[PULL] = Answer({"head": HEAD | {"sha": "a2"}})
    done = github(forge)
    assert (done.returncode, "moved on" in done.stdout) == (0, True)
    assert forge.written() == []


def test_a_run_of_another_event_is_rejected(forge: Forge) -> None:
    forge.answers[RUN] = Answer({"event": "push"})
    refused(forge, "run 5: is of push, not of pull_request")


def test_a_run_without_a_comment_succeeds(forge: Forge) -> None:
    forge.answers[ARTIFACTS] = Answer({"artifacts": []})
    assert (github(forge).returncode, forge.written()) == (0, [])


@pytest.mark.parametrize("number", ["", "0", "7/../8", "7\n8", "-7", "٧", "7" * 30])
def test_an_invalid_pull_request_number_is_rejected(forge: Forge, number: str) -> None:
    pack(forge, COMMENT, number)
    refused(forge, "pr-number: ")


@pytest.mark.parametrize(
    ("comment", "says"),
    [
        ("hello\n", "does not open with <!-- generator diff -->"),
        (f"\n{COMMENT}", "does not open with"),
        (COMMENT + "é" * 65_536, "is longer than 65536 characters"),
        (COMMENT + "a" * 300_000, "diff.md: is longer than 262144 bytes"),
        (COMMENT + "\x1b[31m", "control characters"),
        (COMMENT + "\r/merge", "control characters"),
    ],
    ids=[
        "no marker",
        "marker not first",
        "too many characters",
        "too many bytes",
        "escape",
        "carriage return",
    ],
)
def test_an_invalid_comment_is_rejected(forge: Forge, comment: str, says: str) -> None:
    pack(forge, comment)
    refused(forge, says)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (artifact({"diff.md": COMMENT}), "not diff.md and pr-number alone"),
        (artifact({"diff.md": COMMENT, "pr-number": "7", "../ci/post-comment.py": ""}), "alone"),
        (artifact({"diff.md": "/etc/passwd", "pr-number": "7"}, {"diff.md": 0o120777}), "is no plain file"),
        (b"no zip", "is no plain zip file"),
        (artifact({"diff.md": COMMENT, "pr-number": "7"})[:-30], "is no plain zip file"),
        (b"0" * 300_000, "is longer than 262144 bytes"),
    ],
    ids=["one file", "path outside", "link", "no zip", "cut", "large"],
)
def test_an_invalid_artifact_is_rejected(forge: Forge, data: bytes, says: str) -> None:
    forge.answers["GET /elsewhere"] = Answer(data)
    refused(forge, says)


def test_commands_and_mentions_in_a_comment_are_escaped(forge: Forge) -> None:
    pack(
        forge, f"{COMMENT}/merge\n  /lgtm\n@all, `@team`\n- image@sha256:1\n+ /var/lib\n".encode() + b"\xff\n"
    )
    assert github(forge).returncode == 0
    ((_, _, sent),) = forge.written()
    expected = "\\/merge\n  \\/lgtm\n@\u200ball, `@\u200bteam`\n- image@sha256:1\n+ /var/lib\n\ufffd\n"
    assert sent["body"] == COMMENT + expected


@pytest.mark.parametrize("place", [RUN, ARTIFACTS, ZIP, PULL, f"{PAGE}1", f"POST {COMMENTS}"])
def test_an_error_of_the_api_is_printed_without_the_token(forge: Forge, place: str) -> None:
    forge.answers[place] = Answer({"message": f"Bad\n::error::credentials {TOKEN}"}, 403)
    done = github(forge)
    assert done.returncode == 3
    assert done.stderr == f"{place}: 403 Bad ::error::credentials ***\n"


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"<html>"),
        Answer([]),
        Answer({}),
        Answer(status=302, to="file:///etc/passwd"),
        Answer(status=500),
    ],
    ids=["no JSON", "list", "empty", "redirect to a file", "500"],
)
def test_an_unexpected_answer_is_a_failure_of_the_api(forge: Forge, answer: Answer) -> None:
    forge.answers[RUN] = answer
    assert github(forge).returncode == 3
    assert forge.written() == []


def test_an_unreachable_api_is_reported(forge: Forge) -> None:
    done = github(forge, GITHUB_API_URL="http://127.0.0.1:1")
    assert done.returncode == 3
    assert "Connection refused" in done.stderr


@pytest.mark.parametrize("name", ["GITHUB_API_URL", "GITHUB_REPOSITORY", "GITHUB_TOKEN"])
def test_a_missing_variable_is_a_usage_error(forge: Forge, name: str) -> None:
    done = github(forge, **{name: ""})
    assert (done.returncode, done.stderr) == (2, f"${name} is not set\n")


@pytest.mark.parametrize("arguments", [(), ("github",), ("github", "x"), ("gitlab", "1"), ("bitbucket",)])
def test_wrong_arguments_are_a_usage_error(arguments: tuple[str, ...]) -> None:
    assert post(*arguments).returncode == 2
