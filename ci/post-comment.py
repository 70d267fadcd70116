#!/usr/bin/env python3
"""Post the comment that an untrusted job wrote, or update the one of the run before.

  ci/post-comment.py github RUN_ID   posts the artifact of a workflow run to its pull request
  ci/post-comment.py gitlab          posts the comments of all open merge requests

Nothing of the change is run or unpacked: the comment is read over the forge's API, and what is not a short
text with our marker, or belongs to another pull request, is refused. Needs Python 3.10, nothing else.

Exit codes: 0 done, or nothing to post; 1 refused; 2 usage; 3 no answer from the API. The token is read from
the environment (GITHUB_TOKEN; GENERATOR_DIFF_TOKEN on GitLab) and never printed.
"""

from __future__ import annotations

import io
import json
import os
import re
import stat
import sys
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

MARKER = "<!-- generator diff -->"
LIMIT = 65_536  # characters; the limit of GitHub
ARTIFACT = "generator-diff-comment"
COMMENT_FILE, NUMBER_FILE = "diff.md", "pr-number"
JOB, JOB_FILE = "generator-diff", "build/ci/comment/diff.md"

MOST_BYTES = 4 * LIMIT  # a character is up to four bytes
MOST_ANSWER = 64 * 2**20  # a page of a hundred long comments
MOST_PAGES = 100
SECONDS = 30


class Refused(Exception):
    """The comment or its artifact is invalid; exit code 1."""


class Usage(Exception):
    """The environment or the command line is incomplete; exit code 2."""


class ApiError(Exception):
    """The forge gave an invalid answer or none; exit code 3."""

    def __init__(self, what: str, status: int = 0) -> None:
        super().__init__(what)
        self.status = status


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect leads to a store of files elsewhere, which must not be given the token."""

    def redirect_request(self, *_: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirect)


@dataclass(frozen=True)
class Api:
    """A forge's REST API; `headers` carry the token."""

    url: str
    headers: dict[str, str]

    def json(self, method: str, path: str, body: dict[str, str] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        answer = self._ask(method, path, data, MOST_ANSWER)
        try:
            return json.loads(answer)
        except ValueError:
            raise ApiError(f"{method} {path}: the answer is not JSON") from None

    def file(self, path: str, most: int) -> bytes:
        """Read a file of at most `most` bytes; raise Refused if it is longer."""
        data = self._ask("GET", path, None, most + 1)
        if len(data) > most:
            raise Refused(f"{path}: is longer than {most} bytes")
        return data

    def pages(self, path: str) -> Iterator[Any]:
        """Yield the entries of a list, page after page."""
        for number in range(1, MOST_PAGES + 1):
            joint = "&" if "?" in path else "?"
            page = self.json("GET", f"{path}{joint}per_page=100&page={number}")
            yield from page
            if len(page) < 100:
                return

    def _ask(self, method: str, path: str, data: bytes | None, most: int) -> bytes:
        url, headers = self.url + path, dict(self.headers)
        if data is not None:
            headers["Content-Type"] = "application/json"
        for _ in range(3):
            request = urllib.request.Request(url, data, headers, method=method)
            try:
                with _OPENER.open(request, timeout=SECONDS) as answer:
                    return bytes(answer.read(most))
            except urllib.error.HTTPError as error:
                target = error.headers.get("Location")
                if method != "GET" or not 300 <= error.code < 400 or not target:
                    raise ApiError(f"{method} {path}: {error.code} {_reason(error)}", error.code) from None
                url, headers = _elsewhere(url, target), {}
            except (OSError, ValueError) as error:
                raise ApiError(f"{method} {path}: {getattr(error, 'reason', error)}") from None
        raise ApiError(f"{method} {path}: too many redirects")


def _elsewhere(url: str, target: str) -> str:
    """Return where a redirect leads: by https, unless the API itself is without."""
    found = urljoin(url, target)
    if urlsplit(found).scheme not in ("https", urlsplit(url).scheme):
        raise ApiError(f"redirected to {urlsplit(found).scheme or 'nowhere'}:")
    return found


def _reason(error: urllib.error.HTTPError) -> str:
    """Return the error message of the API, in one short line."""
    try:
        said = json.loads(error.read(10_000))["message"]
    except (OSError, ValueError, KeyError, TypeError):
        said = error.reason
    return " ".join(str(said).split())[:200]


def environment(name: str) -> str:
    value = os.environ.get(name, "").strip()
    if not value:
        raise Usage(f"${name} is not set")
    return value


def text_of(data: bytes) -> str:
    """Return a comment that is safe to post under our name; raise Refused if it is none of ours."""
    text = data.decode("utf-8", "replace").rstrip() + "\n"
    if not text.startswith(MARKER + "\n"):
        raise Refused(f"the comment does not open with {MARKER}")
    if re.search(r"[\x00-\x08\x0b-\x1f\x7f]", text):
        raise Refused("the comment holds control characters")
    # A line such as /merge is an order to GitLab and to bots, and @name calls people: here neither is.
    text = re.sub(r"(?m)^([^\S\n]*)/(?=[A-Za-z])", r"\1\\/", text)
    text = re.sub(r"(?<!\w)@(?=\w)", "@\u200b", text)
    if len(text) > LIMIT:
        raise Refused(f"the comment is longer than {LIMIT} characters")
    return text


def unpacked(data: bytes) -> tuple[int, str]:
    """Return the number of the pull request and the comment of an artifact; nothing is written to disk."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = sorted(entry.filename for entry in archive.infolist())
            if names != [COMMENT_FILE, NUMBER_FILE]:
                raise Refused(f"{ARTIFACT}: holds {names!r:.200}, not {COMMENT_FILE} and {NUMBER_FILE} alone")
            number = _member(archive, NUMBER_FILE, 20)
            comment = _member(archive, COMMENT_FILE, MOST_BYTES)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise Refused(f"{ARTIFACT}: is no plain zip file ({error})") from None
    if not re.fullmatch(rb"[1-9][0-9]{0,9}\n?", number):
        raise Refused(f"{NUMBER_FILE}: is no number")
    return int(number), text_of(comment)


def _member(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    kind = stat.S_IFMT(archive.getinfo(name).external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise Refused(f"{name}: is no plain file")
    # The sizes in the archive may be wrong, so limit the bytes to read.
    with archive.open(name) as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise Refused(f"{name}: is longer than {most} bytes")
    return data


def github(run_id: str) -> str:
    """Post the comment of one workflow run; return what was done."""
    if not re.fullmatch(r"[1-9][0-9]*", run_id):
        raise Usage("RUN_ID must be a number")
    repository = environment("GITHUB_REPOSITORY")
    headers = {
        "Authorization": f"Bearer {environment('GITHUB_TOKEN')}",
        "Accept": "application/vnd.github+json",
        "User-Agent": "generator-diff",
    }
    api, top = Api(environment("GITHUB_API_URL").rstrip("/"), headers), f"/repos/{quote(repository)}"

    run = api.json("GET", f"{top}/actions/runs/{run_id}")
    if run["event"] != "pull_request":
        raise Refused(f"run {run_id}: is of {run['event']}, not of pull_request")
    listed = api.json("GET", f"{top}/actions/runs/{run_id}/artifacts?name={ARTIFACT}&per_page=100")
    artifacts = [one for one in listed["artifacts"] if one["name"] == ARTIFACT and not one["expired"]]
    if not artifacts:
        return f"run {run_id} left no comment; nothing to post"
    newest = max(int(one["id"]) for one in artifacts)
    number, text = unpacked(api.file(f"{top}/actions/artifacts/{newest}/zip", MOST_BYTES))

    pull = api.json("GET", f"{top}/pulls/{number}")
    head, run_head = pull["head"], run["head_repository"] or {}
    ours = head["repo"] and head["repo"]["id"] == run_head.get("id") and head["ref"] == run["head_branch"]
    if not ours:
        raise Refused(f"{NUMBER_FILE}: {number} is not the pull request of run {run_id}")
    if head["sha"] != run["head_sha"]:
        return f"pull request {number} has moved on since run {run_id}; the next run posts"

    author = os.environ.get("COMMENT_AUTHOR") or "github-actions[bot]"
    own = (
        (one["id"], one["body"])
        for one in api.pages(f"{top}/issues/{number}/comments")
        if one["user"] and one["user"]["login"] == author
    )
    change = ("PATCH", f"{top}/issues/comments")
    return f"pull request {number}: {_upsert(api, own, text, f'{top}/issues/{number}/comments', change)}"


def gitlab() -> str:
    """Post the comments of all open merge requests; return what was done, a line for each."""
    token = environment("GENERATOR_DIFF_TOKEN")
    api = Api(environment("CI_API_V4_URL").rstrip("/"), {"PRIVATE-TOKEN": token})
    requests = f"/projects/{quote(environment('CI_PROJECT_ID'), safe='')}/merge_requests"
    me = api.json("GET", "/user")["id"]
    done, refused = [], []
    for listed in api.pages(f"{requests}?state=opened"):
        number = int(listed["iid"])
        try:
            done.append(f"!{number}: {_merge_request(api, f'{requests}/{number}', me)}")
        except Refused as error:
            refused.append(f"!{number}: {error}")
    if refused:
        raise Refused("\n".join([*done, *refused]))
    return "\n".join(done) or "no open merge request"


def _merge_request(api: Api, path: str, me: int) -> str:
    """Post the comment of the newest pipeline of a merge request, as GitLab says which that is."""
    pipeline = api.json("GET", path).get("head_pipeline") or {}
    if pipeline.get("source") != "merge_request_event":
        return "no merge request pipeline"
    project = f"/projects/{int(pipeline['project_id'])}"
    jobs = [
        int(job["id"])
        for job in api.pages(f"{project}/pipelines/{int(pipeline['id'])}/jobs")
        if job["name"] == JOB and job["status"] in ("success", "failed")
    ]
    if not jobs:
        return "not compared yet"
    try:
        data = api.file(f"{project}/jobs/{max(jobs)}/artifacts/{JOB_FILE}", MOST_BYTES)
    except ApiError as error:
        if error.status == 404:
            return "its job left no comment"
        raise
    own = ((one["id"], one["body"]) for one in api.pages(f"{path}/notes") if one["author"]["id"] == me)
    return _upsert(api, own, text_of(data), f"{path}/notes", ("PUT", f"{path}/notes"))


def _upsert(api: Api, own: Iterator[tuple[int, str]], text: str, create: str, change: tuple[str, str]) -> str:
    """Update the first of our own comments that has the marker, or make one."""
    for known, body in own:
        if (body or "").startswith(MARKER):
            if body.replace("\r\n", "\n").rstrip() == text.rstrip():
                return "the comment says so already"
            method, path = change
            api.json(method, f"{path}/{int(known)}", {"body": text})
            return "comment updated"
    api.json("POST", create, {"body": text})
    return "comment made"


def main(arguments: list[str]) -> int:
    try:
        match arguments:
            case ["github", run_id]:
                said = github(run_id)
            case ["gitlab"]:
                said = gitlab()
            case _:
                raise Usage("usage: ci/post-comment.py github RUN_ID | gitlab")
    except (Usage, Refused, ApiError) as error:
        sys.stderr.write(f"{_hidden(str(error))}\n")
        return 2 if isinstance(error, Usage) else 1 if isinstance(error, Refused) else 3
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        sys.stderr.write(_hidden(f"the API's answer is not as expected: {type(error).__name__} {error}\n"))
        return 3
    sys.stdout.write(f"{_hidden(said)}\n")
    return 0


def _hidden(text: str) -> str:
    """Return a text without the tokens, should an answer have repeated one."""
    for name in ("GITHUB_TOKEN", "GENERATOR_DIFF_TOKEN"):
        token = os.environ.get(name, "").strip()
        text = text.replace(token, "***") if token else text
    # The runner executes a line such as ::set-output.
    return re.sub(r"(?m)^([^\S\n]*)::", r"\1: :", text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
