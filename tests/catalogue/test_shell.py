"""Shell text made from the table of causes, run in a shell."""

from __future__ import annotations

import subprocess
from itertools import product

import pytest

from generator.catalogue import find, shell
from generator.catalogue.causes import ENTRIES, Answer, answers
from generator.catalogue.entries import Text, error
from generator.catalogue.message import fields_of, say

ODD = """it's a "text" with $HOME, `id`, \\ and {name}"""


def run(script: str) -> str:
    """Return what a script prints."""
    return subprocess.run(["sh", "-euc", script], capture_output=True, text=True, check=True).stdout


def sentences(code: str, variant: str, fields: dict[str, str]) -> list[str]:
    """Return `what` and `fix` as the shell function makes them."""
    variables = "".join(f"f_{name}='{value}'\n" for name, value in fields.items())
    function = shell.sentence_function([code])
    return run(
        f"{function}\n{variables}sentence {code} '{variant}'\nprintf '%s\\n' \"$what\" \"$fix\""
    ).split("\n")


def variants(code: str) -> list[str]:
    """Return the variants of a code."""
    texts = (find(code).what, find(code).fix)
    return sorted({name for text in texts if isinstance(text, dict) for name in text} or {""})


@pytest.mark.parametrize("code", ENTRIES)
def test_the_sentences_of_the_shell_are_those_of_the_catalogue(code: str) -> None:
    names = fields_of(find(code).what) + fields_of(find(code).fix)
    for variant, given in product(variants(code), (names, [name for name in names if name != "log"])):
        fields = {name: f"<{name}>" for name in given}
        message = say(code, variant, **fields)
        if isinstance(find(code).fix, str):
            assert sentences(code, variant, fields)[:2] == [message.what, message.fix]
        else:
            assert sentences(code, variant, fields)[0] == message.what


@pytest.mark.parametrize(
    "text", [ODD, ("{missing}", ODD), {"": ODD, "other": "x"}], ids=["one", "several", "variants"]
)
def test_text_is_quoted(text: Text, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shell, "english", lambda code: error(code, means="", what=text))
    assert sentences("edgecore-stopped", "", {"name": "$x `y`"})[0] == ODD.replace("{name}", "$x `y`")


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("0:401", "answer-401"),
        ("late:200", "answer-late"),
        ("0:200", "answer-local"),
        ("http:000", "answer-uses-http"),
        ("60:000", "answer-tls-error"),
        ("52:000", "answer-tls-error"),
        ("7:000", "answer-refused"),
        ("28:000", "answer-late"),
        ("3:000", "answer-none"),
        ("0:418", "answer-unknown"),
        ("0:400", "answer-uses-https"),
    ],
)
def test_each_answer_has_the_code_of_its_first_pattern(key: str, code: str) -> None:
    assert run(f'{shell.answer_function()}\nanswer "{key}"\necho "$code"') == f"{code}\n"


@pytest.mark.parametrize("one", answers(), ids=lambda one: one.code)
def test_the_case_of_the_test_pod_gives_the_sentence_and_the_causes(one: Answer) -> None:
    if one.code == "answer-none":
        key = "3:000"
    else:
        key = one.match[0].replace("[1-9]", "2").replace("*", "0" if one.match[0].startswith("*") else "000")
    exit_code, status = key.split(":")
    given = f"exit='{exit_code}' status='{status}' url=URL error='$ERROR'\n"
    out = run(f'{given}{shell.explain_case()}\nprintf "%s%s" "$why" "$causes"')
    why, *causes = out.split("\n")
    assert why == f"{say(one.code, url='URL', status=status, error='$ERROR').what} [{one.code}]"
    assert [line[line.rindex("[") + 1 : -1] for line in causes] == list(one.causes)
    assert all(line.startswith("- ") for line in causes)


def test_codes_are_found_in_a_script_in_the_order_of_likelihood() -> None:
    found = shell.codes_in(
        'found edgecore-stopped ""\nfound node-not-joined ""\necho cloudcore-not-ready-yet edgecore'
    )
    assert found[:2] == ("node-not-joined", "edgecore-stopped")
    assert set(found[2:]) == {one.code for one in answers()}
