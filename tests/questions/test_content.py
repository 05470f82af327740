import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.content import (
    KINDS,
    MULTIPLE,
    SINGLE,
    Choice,
    Content,
    ContentError,
    Option,
    Prompt,
    Reference,
    dump,
    parse,
    split_stem,
)

line = st.text(min_size=1, max_size=40).map(str.strip).filter(bool)
maybe = st.text(max_size=40).map(str.strip)
options = st.builds(Option, key=line, text=line, correct=st.booleans(), why=maybe, misconception=maybe)
contents = st.builds(
    Content,
    kind=st.sampled_from(KINDS),
    stem=line,
    options=st.lists(options, max_size=6, unique_by=lambda option: option.key).map(tuple),
    rationale=maybe,
    references=st.lists(st.builds(Reference, title=line, url=line), max_size=3).map(tuple),
)


def form(**changes: Any) -> dict[str, Any]:
    """The JSON form of a question, with some of it changed."""
    return {
        "kind": "single",
        "stem": "A fleet fails.\n\nWhich change helps?",
        "options": [
            {"key": "a", "text": "Roll back.", "correct": True, "why": "It works.", "misconception": ""},
            {"key": "b", "text": "Wait.", "correct": False, "why": "It does not.", "misconception": "waits"},
        ],
        "rationale": "Time decides.",
        "references": [{"title": "Rollbacks", "url": "https://docs.aws.amazon.com/x"}],
    } | changes


@given(contents)
def test_parse_undoes_dump(content: Content) -> None:
    assert parse(dump(content)) == content


@given(contents)
def test_dump_is_json(content: Content) -> None:
    assert parse(json.loads(json.dumps(dump(content)))) == content


def test_parse_reads_every_field() -> None:
    assert parse(form()) == Content(
        kind=SINGLE,
        stem="A fleet fails.\n\nWhich change helps?",
        options=(
            Option("a", "Roll back.", correct=True, why="It works."),
            Option("b", "Wait.", correct=False, why="It does not.", misconception="waits"),
        ),
        rationale="Time decides.",
        references=(Reference("Rollbacks", "https://docs.aws.amazon.com/x"),),
    )


def test_parse_strips_text_and_fills_in_what_may_be_missing() -> None:
    content = parse({"kind": "multiple", "stem": " Which?\n", "options": [{"key": "a", "text": " Wait.\n"}]})
    option = Option("a", "Wait.", correct=False, why="")
    assert content == Content(MULTIPLE, "Which?", (option,), rationale="", references=())


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (form(kind="essay"), "kind is 'essay', and can be single or multiple"),
        (form(kind=None), "kind of question is not text"),
        (form(stem=""), "stem of question is missing"),
        (form(stem="  \n"), "stem of question is missing"),
        (form(stem=7), "stem of question is not text"),
        (form(rationale=["x"]), "rationale of question is not text"),
        (form(options={"a": "Wait."}), "options is not a list"),
        (form(options=[form()["options"][0], "Wait."]), "option 2 is not a mapping"),
        (form(options=[{"text": "Wait."}]), "key of option 1 is missing"),
        (form(options=[{"key": "a", "text": " "}]), "text of option 1 is missing"),
        (form(options=[{"key": 1, "text": "Wait."}]), "key of option 1 is not text"),
        (
            form(options=[{"key": "a", "text": "Wait.", "correct": "yes"}]),
            "correct of option 1 is 'yes', and can be true or false",
        ),
        (form(options=[{"key": "a", "text": "Wait.", "correct": 1}]), "correct of option 1 is 1"),
        (form(options=[{"key": "a", "text": "Wait.", "why": None}]), "why of option 1 is not text"),
        (form(references="https://docs.aws.amazon.com/x"), "references is not a list"),
        (form(references=["https://docs.aws.amazon.com/x"]), "reference 1 is not a mapping"),
        (form(references=[{"title": "Rollbacks"}]), "url of reference 1 is missing"),
        (form(references=[{"url": "https://docs.aws.amazon.com/x"}]), "title of reference 1 is missing"),
    ],
)
def test_parse_says_what_is_wrong_and_where(data: dict[str, Any], message: str) -> None:
    with pytest.raises(ContentError) as raised:
        parse(data)
    assert str(raised.value).startswith(message)


def test_keys_and_distractors() -> None:
    content = parse(form())
    assert content.keys == {"a"}
    assert [option.key for option in content.distractors] == ["b"]


def test_prompt_gives_what_a_candidate_may_see() -> None:
    assert parse(form()).prompt() == Prompt(
        kind=SINGLE,
        case="A fleet fails.",
        ask="Which change helps?",
        choices=(Choice("a", "Roll back."), Choice("b", "Wait.")),
        choose=1,
    )


def test_prompt_holds_neither_key_nor_reasons() -> None:
    secret = [
        {"key": key, "text": "Text.", "correct": key == "a", "why": "CANARY-why", "misconception": "CANARY-mistake"}
        for key in "abcd"
    ]
    references = [{"title": "CANARY-title", "url": "CANARY-url"}]
    prompt = parse(form(options=secret, rationale="CANARY-rationale", references=references)).prompt()
    assert "CANARY" not in repr(prompt)


@given(contents, st.data())
def test_prompt_does_not_depend_on_which_options_are_right(content: Content, data: st.DataObject) -> None:
    marks = data.draw(st.permutations([option.correct for option in content.options]))
    moved = dump(content)
    for option, correct in zip(moved["options"], marks, strict=True):
        option["correct"] = correct
    assert parse(moved).prompt() == content.prompt()


@pytest.mark.parametrize(
    ("stem", "case", "ask"),
    [
        ("Which?", "", "Which?"),
        ("One.\n\nTwo.\n\nWhich?", "One.\n\nTwo.", "Which?"),
        ("One.\n\n\nWhich?\n", "One.", "Which?"),
        ("One.\nWhich?", "", "One.\nWhich?"),
        ("One.\n\n```\na\n\nb\n```\n\nWhich?", "One.\n\n```\na\n\nb\n```", "Which?"),
        ("Which of these?\n\n```\na\n\nb\n```", "", "Which of these?\n\n```\na\n\nb\n```"),
    ],
)
def test_split_stem_finds_what_is_asked(stem: str, case: str, ask: str) -> None:
    assert split_stem(stem) == (case, ask)
