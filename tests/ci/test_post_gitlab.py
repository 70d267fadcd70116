"""ci/post-comment.py gitlab, run against a forge on loopback."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from tests.ci.forge import COMMENT, MARKER, TOKEN, Answer, Forge, post, serve

pytestmark = pytest.mark.long

REQUESTS = "/projects/12/merge_requests"
ME = 3


def add(forge: Forge, number: int, **pipeline: Any) -> str:
    """Add an open merge request with a pipeline in a fork; return the path of its notes."""
    known = {"id": number * 10, "project_id": 77, "source": "merge_request_event"} | pipeline
    listed = forge.answers[f"GET {REQUESTS}?state=opened&per_page=100&page=1"]
    listed.body.append({"iid": number})
    # The job ran twice, and the pipeline has another job.
    jobs = [
        {"id": number * 100 + 1, "name": "generator-diff", "status": "failed"},
        {"id": number * 100 + 2, "name": "generator-diff", "status": "success"},
        {"id": number * 100 + 3, "name": "generator-diff", "status": "running"},
        {"id": number * 100 + 4, "name": "lint", "status": "success"},
    ]
    forge.answers |= {
        f"GET {REQUESTS}/{number}": Answer({"iid": number, "head_pipeline": known}),
        f"GET /projects/77/pipelines/{number * 10}/jobs?per_page=100&page=1": Answer(jobs),
        file_of(number): Answer(COMMENT.encode()),
        f"GET {REQUESTS}/{number}/notes?per_page=100&page=1": Answer([]),
    }
    return f"{REQUESTS}/{number}/notes"


def file_of(number: int) -> str:
    return f"GET /projects/77/jobs/{number * 100 + 2}/artifacts/build/ci/comment/diff.md"


@pytest.fixture
def forge() -> Iterator[Forge]:
    """Return a forge without a merge request."""
    with serve() as found:
        found.answers = {
            "GET /user": Answer({"id": ME}),
            f"GET {REQUESTS}?state=opened&per_page=100&page=1": Answer([]),
        }
        yield found


def gitlab(forge: Forge, **environment: str) -> subprocess.CompletedProcess[str]:
    given = {"CI_API_V4_URL": forge.url, "CI_PROJECT_ID": "12", "GENERATOR_DIFF_TOKEN": TOKEN}
    return post("gitlab", **(given | environment))


def test_every_open_merge_request_gets_one_note(forge: Forge) -> None:
    first, second = add(forge, 1), add(forge, 2)
    page = [{"id": number, "author": {"id": 8}, "body": COMMENT} for number in range(100)]
    forge.answers[f"GET {second}?per_page=100&page=1"] = Answer(page)
    own = {"id": 500, "author": {"id": ME}, "body": f"{MARKER}\nold"}
    forge.answers[f"GET {second}?per_page=100&page=2"] = Answer([own])
    done = gitlab(forge)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "!1: comment made\n!2: comment updated\n"
    assert forge.written() == [
        ("POST", first, {"body": COMMENT}),
        ("PUT", f"{second}/500", {"body": COMMENT}),
    ]


def test_an_equal_note_is_not_updated(forge: Forge) -> None:
    notes = add(forge, 1)
    # GitLab removes trailing blanks.
    own = {"id": 500, "author": {"id": ME}, "body": COMMENT.rstrip()}
    forge.answers[f"GET {notes}?per_page=100&page=1"] = Answer([own])
    assert gitlab(forge).stdout == "!1: the comment says so already\n"
    assert forge.written() == []


@pytest.mark.parametrize(
    ("place", "answer", "says"),
    [
        (f"GET {REQUESTS}/1", Answer({"head_pipeline": None}), "no merge request pipeline"),
        (f"GET {REQUESTS}/1", Answer({"head_pipeline": {"source": "push"}}), "no merge request pipeline"),
        ("GET /projects/77/pipelines/10/jobs?per_page=100&page=1", Answer([]), "not compared yet"),
        (file_of(1), Answer({"message": "404"}, 404), "its job left no comment"),
    ],
    ids=["no pipeline", "of a branch", "no job", "no file"],
)
def test_merge_requests_without_a_comment_get_no_note(
    forge: Forge, place: str, answer: Answer, says: str
) -> None:
    add(forge, 1)
    forge.answers[place] = answer
    done = gitlab(forge)
    assert (done.returncode, done.stdout) == (0, f"!1: {says}\n")
    assert forge.written() == []


def test_a_rejected_comment_does_not_stop_the_others(forge: Forge) -> None:
    add(forge, 1)
    second = add(forge, 2)
    forge.answers[file_of(1)] = Answer(b"a" * 300_000)
    done = gitlab(forge)
    assert done.returncode == 1
    assert "!1: " in done.stderr
    assert "is longer than 262144 bytes" in done.stderr
    assert forge.written() == [("POST", second, {"body": COMMENT})]


def test_commands_in_a_comment_are_escaped(forge: Forge) -> None:
    notes = add(forge, 1)
    forge.answers[file_of(1)] = Answer(f"{COMMENT}/approve\n".encode())
    assert gitlab(forge).returncode == 0
    assert forge.written() == [("POST", notes, {"body": f"{COMMENT}\\/approve\n"})]


def test_the_token_is_sent_only_to_the_api(forge: Forge) -> None:
    add(forge, 1)
    forge.answers[file_of(1)] = Answer(status=302, to=f"{forge.url}/elsewhere")
    forge.answers["GET /elsewhere"] = Answer(COMMENT.encode())
    assert gitlab(forge).returncode == 0
    tokens = {one.path: one.token for one in forge.asked}
    assert tokens.pop("/elsewhere") == ""
    assert set(tokens.values()) == {TOKEN}


@pytest.mark.parametrize("place", ["GET /user", f"GET {REQUESTS}/1", file_of(1), f"POST {REQUESTS}/1/notes"])
def test_an_error_of_the_api_is_printed_without_the_token(forge: Forge, place: str) -> None:
    add(forge, 1)
    forge.answers[place] = Answer({"message": f"401 Unauthorized {TOKEN}"}, 401)
    done = gitlab(forge)
    assert (done.returncode, done.stderr) == (3, f"{place}: 401 401 Unauthorized ***\n")


@pytest.mark.parametrize("name", ["CI_API_V4_URL", "CI_PROJECT_ID", "GENERATOR_DIFF_TOKEN"])
def test_a_missing_variable_is_a_usage_error(forge: Forge, name: str) -> None:
    done = gitlab(forge, **{name: ""})
    assert (done.returncode, done.stderr) == (2, f"${name} is not set\n")
