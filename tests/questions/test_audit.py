from collections.abc import Callable
from dataclasses import replace

import pytest

from questions.audit import Flaw, audit
from questions.content import MULTIPLE, SINGLE, Content, Option, Reference

PAGE = Reference("Rolling updates", "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rolling.html")
STEM = (
    "A team releases a web service twice a day. Half of the releases fail, and each failure takes an hour to repair.\n\n"
    "Which change shortens the repair MOST?"
)
TEXTS = {
    "a": "Keep the previous fleet for a day, and point the listener back at it.",
    "b": "Rebuild the artifact from an older commit, and deploy it by hand.",
    "c": "Add another approval before production, and page a manager first.",
    "d": "Run a second pipeline in parallel, and compare both results weekly.",
    "e": "Write longer notes for operators, and rehearse them each quarter.",
}


def option(key: str, *, correct: bool = False, text: str = "") -> Option:
    return Option(
        key=key,
        text=text or TEXTS[key],
        correct=correct,
        why=f"Reason {key}.",
        misconception="" if correct else f"mistake-{key}",
    )


def single(**texts: str) -> Content:
    """A flawless question with the key a; `texts` replaces option texts."""
    options = tuple(option(key, correct=key == "a", text=texts.get(key, "")) for key in "abcd")
    return Content(SINGLE, STEM, options, "The way back decides.", (PAGE,))


def multiple(keys: str = "ab", options: str = "abcde") -> Content:
    return Content(
        kind=MULTIPLE,
        stem=STEM.replace("Which change shortens", "Which changes shorten"),
        options=tuple(option(key, correct=key in keys, text=TEXTS.get(key, f"Another {key}.")) for key in options),
        rationale="The way back decides.",
        references=(PAGE,),
    )


def asking(ask: str, content: Content | None = None) -> Content:
    return replace(content or single(), stem=f"A team releases a web service.\n\n{ask}")


def with_option(content: Content, which: str, /, **changes: str) -> Content:
    options = tuple(replace(one, **changes) if one.key == which else one for one in content.options)  # type: ignore[arg-type]  # fields of text
    return replace(content, options=options)


def found(content: Content, rule: str) -> list[tuple[str, str]]:
    """Severity and place of the flaws of a rule."""
    return [(flaw.severity, flaw.where) for flaw in audit(content) if flaw.rule == rule]


@pytest.mark.parametrize("content", [single(), multiple(), multiple("cd")], ids=["single", "multiple", "other key"])
def test_a_sound_question_has_no_flaw(content: Content) -> None:
    assert [flaw for flaw in audit(content) if flaw.severity != "info"] == []


@pytest.mark.parametrize(
    ("kind", "options", "keys", "flawed"),
    [
        (SINGLE, "abcd", "a", False),
        (SINGLE, "abc", "a", True),
        (SINGLE, "abcde", "a", True),
        (SINGLE, "abcd", "", True),
        (SINGLE, "abcd", "ab", True),
        (MULTIPLE, "abcde", "ab", False),
        (MULTIPLE, "abcde", "abc", False),
        (MULTIPLE, "abcdef", "abc", False),
        (MULTIPLE, "abcdef", "a", True),
        (MULTIPLE, "abcdef", "abcd", True),
        (MULTIPLE, "abcd", "ab", True),
        (MULTIPLE, "abcdefg", "ab", True),
    ],
)
def test_count_of_options_and_keys(kind: str, options: str, keys: str, flawed: bool) -> None:
    content = replace(multiple(keys, options), kind=kind)
    assert found(content, "count") == ([("error", "options")] if flawed else [])


@pytest.mark.parametrize(
    ("change", "rule", "flaws"),
    [
        (lambda one: with_option(one, "b", key="c"), "option-key", [("error", "option c")]),
        (lambda one: with_option(one, "b", text=TEXTS["c"].upper() + " "), "duplicate", [("error", "option c")]),
        (lambda one: with_option(one, "b", why=" "), "why", [("error", "option b")]),
        (lambda one: with_option(one, "a", why=""), "why", [("error", "option a")]),
        (lambda one: with_option(one, "b", why="Reason d!"), "why", [("warning", "option d")]),
        (lambda one: with_option(one, "b", misconception=""), "misconception", [("warning", "option b")]),
        (lambda one: with_option(one, "a", misconception=""), "misconception", []),
        (lambda one: replace(one, rationale=" "), "rationale", [("error", "rationale")]),
        (lambda one: replace(one, references=()), "reference", [("error", "references")]),
        (
            lambda one: replace(one, references=(PAGE, Reference("Blog", "https://aws.amazon.com/blogs/devops/"))),
            "reference",
            [("warning", "reference 2")],
        ),
        (
            lambda one: replace(one, references=(Reference("Plain", "http://docs.aws.amazon.com/x"),)),
            "reference",
            [("error", "reference 1"), ("warning", "reference 1")],
        ),
        (
            lambda one: replace(one, references=(Reference("Trap", "javascript:alert(1)"),)),
            "reference",
            [("error", "reference 1"), ("warning", "reference 1")],
        ),
        (
            lambda one: replace(one, references=(Reference("Trap", "https://docs.aws.amazon.com.example.org/"),)),
            "reference",
            [("warning", "reference 1")],
        ),
    ],
)
def test_what_a_question_must_have(
    change: Callable[[Content], Content], rule: str, flaws: list[tuple[str, str]]
) -> None:
    assert found(change(single()), rule) == flaws


@pytest.mark.parametrize(
    ("ask", "flawed"),
    [
        ("Which change helps?", False),
        ("**Which change helps?**", False),
        ("Which change helps? It must be cheap.", True),
        ("The team should", True),
    ],
)
def test_stem_ends_in_a_question(ask: str, flawed: bool) -> None:
    assert found(asking(ask), "question") == ([("warning", "stem")] if flawed else [])


@pytest.mark.parametrize(
    ("ask", "flawed"),
    [
        ("Which changes help? (Choose two.)", True),
        ("Which changes help? Choose TWO", True),
        ("Select the 3 correct answers. Which?", True),
        ("Pick two of these. Which?", True),
        ("Which changes let the team choose two zones?", False),
        ("Which two changes help?", False),
    ],
)
def test_stem_does_not_say_how_many_to_choose(ask: str, flawed: bool) -> None:
    assert found(asking(ask), "count-in-stem") == ([("error", "stem")] if flawed else [])


@pytest.mark.parametrize(
    ("ask", "flawed"),
    [
        ("Which change does not help?", True),
        ("Which of these changes help, and what is not needed?", True),
        ("All help. Which except the first?", True),
        ("Which change does NOT help?", False),
        ("Which change helps so that data is not lost?", False),
        ("Which solution makes sure that it does not fail?", False),
        ("It does not work. Which change helps?", False),
    ],
)
def test_negative_question_is_in_capitals(ask: str, flawed: bool) -> None:
    assert found(asking(ask), "negative") == ([("warning", "stem")] if flawed else [])


@pytest.mark.parametrize(
    ("text", "flawed"),
    [
        ("All of the above.", True),
        ("None of the above", True),
        ("None of these", True),
        ("Do none of the other options.", True),
        ("Both A and C.", True),
        ("A and B", True),
        ("Send all of these records to Amazon S3.", False),
        ("Use the zones described above.", False),
    ],
)
def test_options_do_not_speak_of_each_other(text: str, flawed: bool) -> None:
    assert found(single(d=text), "above") == ([("error", "option d")] if flawed else [])


def length_case(key_words: int, *, letters: int = 4) -> Content:
    """Distractors of ten words of four letters; the key of `key_words` with `letters` each."""
    texts = {key: " ".join([letter * 4] * 10) for key, letter in zip("bcd", "xyz", strict=True)}
    return single(a=" ".join(["k" * letters] * key_words), **texts)


@pytest.mark.parametrize(
    ("content", "flaws"),
    [
        (length_case(12), []),
        (length_case(13, letters=3), []),  # exactly 1.3
        (length_case(14, letters=3), [("warning", "options")]),
        (length_case(15, letters=3), [("warning", "options")]),  # exactly 1.5
        (length_case(16, letters=2), [("error", "options")]),
        (length_case(10, letters=5), []),  # 59 characters to 49: 20 % more
        (length_case(10, letters=6), [("error", "options")]),  # 69 to 49
        (length_case(16), [("error", "options"), ("error", "options")]),
        (length_case(6), []),
    ],
)
def test_key_as_long_as_the_distractors(content: Content, flaws: list[tuple[str, str]]) -> None:
    assert found(content, "length") == flaws


def test_length_of_very_short_options_is_no_cue() -> None:
    assert found(single(a="`CreateChangeSet`", b="`Deploy`", c="`Update`", d="`Validate`"), "length") == []
    assert found(single(a="14 days or so", b="7 days", c="1 day", d="2 days"), "length") == []


def test_one_long_distractor_hides_a_long_key() -> None:
    content = length_case(12, letters=6)
    assert found(content, "length") == [("error", "options")]
    assert found(with_option(content, "d", text=" ".join(["z" * 8] * 10)), "length") == []


def test_length_of_several_keys_is_compared_in_the_mean() -> None:
    long = " ".join(["long"] * 18)
    one = with_option(multiple(), "a", text=long)
    both = with_option(one, "b", text=long + " too")
    assert found(one, "length") == [("warning", "options")]  # 18 and 12 words to 10, 11 and 11
    assert found(both, "length") == [("error", "options"), ("error", "options")]


@pytest.mark.parametrize(
    ("right", "wrong", "rules"),
    [
        ("", "always", {"absolutes"}),
        ("never", "always", set()),
        ("never", "", set()),
        ("usually", "", {"hedges"}),
        ("usually", "often", set()),
        ("", "often", set()),
        ("", "`all`", set()),  # a value, not a word
        ("", "allow", set()),
    ],
)
def test_absolute_words_and_hedges(right: str, wrong: str, rules: set[str]) -> None:
    content = single(a=f"{TEXTS['a']} {right}", b=f"{TEXTS['b']} {wrong}")
    assert {flaw.rule for flaw in audit(content)} & {"absolutes", "hedges"} == rules


def test_absolute_words_are_named() -> None:
    messages = [
        flaw.message for flaw in audit(single(b="Never stop it.", c="Stop every one.")) if flaw.rule == "absolutes"
    ]
    assert messages == [
        "Only distractors have words like 'every', 'never', which sound wrong to a guesser: take them out."
    ]


@pytest.mark.parametrize(
    ("key", "text", "flaws"),
    [
        ("a", "Keeping the previous fleet for a day.", [("warning", "option a")]),
        ("c", "The approval of a second manager.", [("warning", "option c")]),
        ("c", "When it fails, add an approval.", [("warning", "option c")]),
        ("c", "`approve` in the pipeline.", [("warning", "option c")]),
        ("c", "15 minutes more.", [("warning", "option c")]),
        ("c", "Bring another approval to production.", []),
        ("c", "Add another approval", [("warning", "option c")]),
        ("c", "Wait for another approval.", []),
    ],
)
def test_one_option_of_another_form(key: str, text: str, flaws: list[tuple[str, str]]) -> None:
    assert found(single(**{key: text}), "grammar") == flaws


def test_two_options_of_another_form_are_no_cue() -> None:
    assert found(single(a="Keeping the old fleet.", b="Rebuilding the artifact."), "grammar") == []


@pytest.mark.parametrize(
    ("content", "flaws"),
    [
        (asking("The team should use an"), [("warning", "stem")]),
        (asking("The team should use a:"), [("warning", "stem")]),
        (asking("Which actions help?"), [("warning", "stem")]),
        (asking("Which action helps?"), []),
        (asking("Which actions help?", multiple()), []),
        (asking("Which action helps?", multiple()), [("warning", "stem")]),
        (asking("Which combination of changes helps?", multiple()), []),
        (asking("Which solution is a combination that helps?", multiple()), []),
    ],
)
def test_lead_in_fits_every_option(content: Content, flaws: list[tuple[str, str]]) -> None:
    assert found(content, "grammar") == flaws


def test_echo_of_the_stem_in_the_key_alone() -> None:
    content = single(a="Shorten the repair of failing releases, and keep the fleet.")
    assert [flaw for flaw in audit(content) if flaw.rule == "echo"] == [
        Flaw(
            "warning",
            "echo",
            "The key alone repeats 'failing', 'releases', 'repair', 'shorten' of the stem: "
            "say it otherwise, or in a distractor too.",
            "options",
        )
    ]


@pytest.mark.parametrize(
    "texts",
    [
        {"a": "Shorten the repair.", "b": "Shorten the repair after failures."},  # shared with a distractor
        {"a": "Run it by day."},  # no word of six letters
        {"b": "Shorten the repair of failing releases."},  # a distractor leads
    ],
)
def test_echo_needs_a_long_word_of_the_key_alone(texts: dict[str, str]) -> None:
    assert found(single(**texts), "echo") == []


def test_echo_leaves_out_service_names() -> None:
    stem = "A function of AWS Step Functions fails.\n\nWhich change helps?"
    content = replace(single(a="Keep Step Functions."), stem=stem)
    assert found(content, "echo") == [("warning", "options")]
    assert [flaw for flaw in audit(content, service_names=["AWS Step Functions"]) if flaw.rule == "echo"] == []


def test_convergence_on_the_key() -> None:
    texts = {
        "a": "Copy logs nightly into another account.",
        "b": "Copy metrics nightly into the same queue.",
        "c": "Stream logs hourly through a broker into it.",
        "d": "Archive traces weekly with another account.",
    }
    assert found(single(**texts), "convergence") == [("info", "options")]
    assert found(single(**{**texts, "a": texts["d"], "d": texts["a"]}), "convergence") == []


@pytest.mark.parametrize(
    ("key", "text", "flawed"),
    [
        ("b", TEXTS["a"].replace("previous", "next"), True),
        ("b", TEXTS["a"].replace("previous", "next").replace("day", "week"), True),
        ("b", TEXTS["a"].replace("previous", "next").replace("day", "week").replace("fleet", "image"), False),
        ("c", TEXTS["b"].replace("older", "newer"), False),  # two distractors
    ],
)
def test_key_with_a_twin(key: str, text: str, flawed: bool) -> None:
    assert found(single(**{key: text}), "opposites") == ([("info", "options")] if flawed else [])


def test_short_options_are_no_twins() -> None:
    assert found(single(a="Seven days.", b="Nine days.", c="Ten days.", d="A month."), "opposites") == []


def test_errors_come_first() -> None:
    content = replace(single(d="All of the above."), references=())
    order = ["error", "warning", "info"]
    severities = [order.index(flaw.severity) for flaw in audit(content)]
    assert severities == sorted(severities)
    assert severities[0] == 0


@pytest.mark.parametrize("keys", ["", "abcde"])
def test_question_without_a_key_or_without_a_distractor_is_audited(keys: str) -> None:
    assert [flaw.rule for flaw in audit(multiple(keys)) if flaw.severity == "error"] == ["count"]


def test_question_without_options_is_audited() -> None:
    rules = [flaw.rule for flaw in audit(Content(SINGLE, "What?", (), "", ()))]
    assert rules == ["count", "rationale", "reference"]
