from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from math import comb
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.audit_bank import GUESSERS, BankReport, Figure, at_least, audit_bank, success
from questions.content import MULTIPLE, SINGLE, Content, Option

SYLLABLES = ("ba", "ce", "di", "fo", "gu", "ka", "le", "mi", "no", "pu", "ra", "se", "ti", "vo", "zu")

Plant = Callable[[Content, Random], Content]


def word(rng: Random) -> str:
    return "".join(rng.choice(SYLLABLES) for _ in range(4)) + "k"  # an ending that no stemmer takes off


def sentence(rng: Random, size: int) -> str:
    return " ".join(word(rng) for _ in range(size)).capitalize() + "."


def question(rng: Random, options: int, keys: int) -> Content:
    """A question without a cue: words, lengths and the places of the keys are all drawn."""
    right = rng.sample(range(options), keys)
    return Content(
        kind=SINGLE if keys == 1 else MULTIPLE,
        stem=f"{sentence(rng, 30)}\n\nWhich solution meets these requirements with the LEAST operational overhead?",
        options=tuple(
            Option("abcdef"[place], sentence(rng, rng.randint(10, 14)), correct=place in right, why="Because.")
            for place in range(options)
        ),
        rationale="",
        references=(),
    )


def bank(seed: int, size: int = 120, plant: Plant | None = None) -> dict[str, Content]:
    """Two of three questions have one key; `plant` works on half of all."""
    rng = Random(seed)
    kinds = [(4, 1), (4, 1), (5, 2)]
    contents = [question(rng, *kinds[number % 3]) for number in range(size)]
    if plant:
        contents = [plant(content, rng) if number % 2 else content for number, content in enumerate(contents)]
    return {f"q{number}": content for number, content in enumerate(contents)}


def rewrite(content: Content, *, right: Callable[[str], str] = str, wrong: Callable[[str], str] = str) -> Content:
    options = (
        replace(option, text=right(option.text) if option.correct else wrong(option.text)) for option in content.options
    )
    return replace(content, options=tuple(options))


def shared(content: Content, rng: Random) -> Content:
    """Each distractor takes other words of the key, so that the key lies between them."""
    own = [word(rng) for _ in range(12)]
    parts = iter([own[:5], own[4:9], own[7:]])
    return rewrite(
        content,
        right=lambda text: f"{' '.join(own)}.",
        wrong=lambda text: f"{' '.join([*next(parts), sentence(rng, 7)])}",
    )


def at_place(place: int) -> Plant:
    def move(content: Content, rng: Random) -> Content:
        order = sorted(content.options, key=lambda option: not option.correct)
        order[0], order[place] = order[place], order[0]
        return replace(content, options=tuple(order))

    return move


def both_letters(place: int) -> Plant:
    """For questions with two keys a letter is not enough, so all of these plants are on single ones."""
    return lambda content, rng: at_place(place)(content, rng) if content.kind == SINGLE else content


PLANTS: Mapping[str, Plant] = {
    "longest": lambda content, rng: rewrite(content, right=lambda text: text + sentence(rng, 6)),
    "shortest": lambda content, rng: rewrite(content, wrong=lambda text: text + sentence(rng, 6)),
    "stem echo": lambda content, rng: rewrite(content, right=lambda text: f"{text} {content.stem[:60]}"),
    "most central": shared,
    "most specific": lambda content, rng: rewrite(content, right=lambda text: text.title()),
    "fewest absolutes": lambda content, rng: rewrite(content, wrong=lambda text: f"Always {text}"),
    "letter B": both_letters(1),
    "letter C": both_letters(2),
}


def failing(report: BankReport) -> set[str]:
    return {guesser.rule for guesser in report.guessers if not guesser.ok}


def figure(report: BankReport, rule: str) -> Figure:
    return next(one for one in report.figures if one.rule == rule)


def flawed(report: BankReport) -> set[str]:
    return {flaw.rule for flaw in report.flaws}


@pytest.mark.parametrize("seed", range(8))
def test_a_bank_without_a_cue_passes(seed: int) -> None:
    report = audit_bank(bank(seed))
    assert report.ok
    assert failing(report) == set()


def test_a_large_bank_without_a_cue_has_no_flaw() -> None:
    report = audit_bank(bank(2, 600))
    assert report.flaws == ()
    assert all(guesser.ok for guesser in (*report.guessers, *report.single))


def test_figures_rarely_leave_their_limits_by_chance() -> None:
    flawed_banks = sum(bool(audit_bank(bank(seed, 60)).flaws) for seed in range(20))
    assert flawed_banks <= 6  # two limits of 5 % and two of 1 %: 2.4 of 20 expected, and 1 in 100 above 6


@pytest.mark.parametrize("rule", GUESSERS)
def test_a_planted_cue_fails(rule: str) -> None:
    report = audit_bank(bank(3, 150, PLANTS[rule]))
    assert rule in failing(report)
    assert not report.ok


def test_every_guesser_has_a_plant() -> None:
    assert PLANTS.keys() == GUESSERS.keys()


def test_letters_are_planted_one_at_a_time() -> None:
    assert failing(audit_bank(bank(3, 150, PLANTS["letter B"]))) == {"letter B"}
    assert failing(audit_bank(bank(3, 150, PLANTS["letter C"]))) == {"letter C"}


def test_guessers_are_given_for_all_and_for_single() -> None:
    report = audit_bank(bank(1, 90))
    assert {guesser.questions for guesser in report.guessers} == {90}
    assert {guesser.questions for guesser in report.single} == {60}
    assert {round(guesser.chance, 9) for guesser in report.guessers} == {0.2}  # 60 of 1/4 and 30 of 1/10
    assert {guesser.chance for guesser in report.single} == {0.25}
    assert [guesser.rule for guesser in report.guessers] == list(GUESSERS)


def keyed(options: int, *right: int) -> Content:
    made = tuple(Option(str(place), f"Text {place}", correct=place in right, why="") for place in range(options))
    return Content(SINGLE if len(right) == 1 else MULTIPLE, "Which?", made, "", ())


@pytest.mark.parametrize(
    ("content", "figures", "chance"),
    [
        (keyed(4, 0), [3, 2, 1, 0], Fraction(1)),
        (keyed(4, 0), [3, 4, 1, 0], Fraction(0)),
        (keyed(4, 0), [3, 3, 1, 0], Fraction(1, 2)),
        (keyed(4, 0), [1, 1, 1, 1], Fraction(1, 4)),
        (keyed(5, 0, 1), [3, 2, 1, 0, 0], Fraction(1)),
        (keyed(5, 0, 1), [3, 2, 2, 0, 0], Fraction(1, 2)),
        (keyed(5, 0, 1), [2, 2, 2, 0, 0], Fraction(1, 3)),
        (keyed(5, 0, 1), [3, 2, 4, 0, 0], Fraction(0)),
        (keyed(5, 0, 1), [1, 0, 0, 0, 0], Fraction(1, 4)),
        (keyed(5, 0, 1), [0, 0, 1, 0, 0], Fraction(0)),
        (keyed(5, 0, 1), [0, 0, 0, 0, 0], Fraction(1, 10)),
        (keyed(6, 1, 3, 5), [0, 5, 2, 5, 2, 2], Fraction(1, 3)),
    ],
)
def test_success_shares_ties(content: Content, figures: list[float], chance: Fraction) -> None:
    assert success(content, figures) == chance


@given(st.lists(st.integers(0, 3), min_size=4, max_size=6), st.data())
def test_success_over_all_possible_keys_is_one(figures: list[float], data: st.DataObject) -> None:
    keys = data.draw(st.integers(1, len(figures) - 1))
    possible = combinations(range(len(figures)), keys)
    assert sum(success(keyed(len(figures), *right), figures) for right in possible) == 1


@pytest.mark.parametrize("trials", [0, 1, 7, 30])
@pytest.mark.parametrize("chance", [Fraction(1, 4), Fraction(1, 10), Fraction(1)])
def test_at_least_is_the_binomial_tail(trials: int, chance: Fraction) -> None:
    for successes in range(trials + 2):
        exact = sum(
            comb(trials, hits) * chance**hits * (1 - chance) ** (trials - hits) for hits in range(successes, trials + 1)
        )
        assert at_least(successes, trials, float(chance)) == pytest.approx(float(exact), rel=1e-9)


def test_gate_needs_both_significance_and_effect() -> None:
    few = {f"q{number}": keyed(4, 1) for number in range(3)}  # all right for letter B, yet p = 1/64
    assert failing(audit_bank(few)) == set()
    # One place in 28 beyond chance: significant in a huge bank, and too small to help anyone.
    places = [1 if number % 28 == 0 else number % 4 for number in range(2800)]
    slight = next(one for one in audit_bank(_plain(places)).guessers if one.rule == "letter B")
    assert slight.p < 0.01 / 8
    assert slight.ok


def _plain(places: list[int]) -> dict[str, Content]:
    """Questions with these key places; each stem has words of its own."""
    return {f"q{number}": replace(keyed(4, place), stem=f"What of {number}?") for number, place in enumerate(places)}


def test_key_position_is_a_chi_square() -> None:
    report = audit_bank(_plain([0] * 30 + [1] * 20 + [2] * 20 + [3] * 10))
    assert figure(report, "key position").value == pytest.approx(0.018566, abs=1e-6)  # chi2(3) = 10
    assert figure(report, "key position").ok


@pytest.mark.parametrize(
    ("rule", "plant"),
    [
        ("longest", PLANTS["longest"]),
        ("shortest", PLANTS["longest"]),
        ("length", PLANTS["longest"]),
        ("length", PLANTS["shortest"]),
        ("key position", PLANTS["letter C"]),
        ("absolutes", PLANTS["fewest absolutes"]),
        ("absolutes", lambda content, rng: rewrite(content, right=lambda text: f"Only {text}")),
        ("hedges", lambda content, rng: rewrite(content, right=lambda text: f"Usually {text}")),
        ("negative", lambda content, rng: replace(content, stem="One.\n\nWhich does NOT help?")),
    ],
)
def test_figure_outside_its_limits_is_a_warning(rule: str, plant: Plant) -> None:
    report = audit_bank(bank(3, 240, plant))
    assert not figure(report, rule).ok
    assert [(flaw.severity, flaw.where) for flaw in report.flaws if flaw.rule == rule] == [("warning", "bank")]


def test_too_many_keys_with_a_twin_are_a_warning() -> None:
    def twin(content: Content, rng: Random) -> Content:
        text = next(option.text for option in content.options if option.correct)
        return rewrite(content, wrong=lambda old: f"{text[:-1]} {word(rng)}.")

    half = audit_bank(bank(3, 60, twin))
    assert figure(half, "opposites").value == 0.5
    assert "opposites" not in flawed(half)
    more = {name: twin(content, Random(1)) for name, content in bank(3, 60).items()}
    assert "opposites" in flawed(audit_bank(more))


def test_figures_of_few_questions_are_shown_and_not_judged() -> None:
    report = audit_bank(bank(3, 18, lambda content, rng: rewrite(content, right=lambda text: text + text + text)))
    assert figure(report, "length").value > 1.3
    assert report.flaws == ()


def story(length: int, *, seed: int = 1) -> list[str]:
    rng = Random(seed)
    return [word(rng) for _ in range(length)]


def told(*stories: list[str]) -> BankReport:
    return audit_bank({f"q{place}": replace(keyed(4, 1), stem=" ".join(text)) for place, text in enumerate(stories)})


@pytest.mark.parametrize(
    ("kept", "severity"),
    [
        (104, "error"),
        (71, "error"),  # 67 of 133 shingles: 50.4 %
        (70, "warning"),  # 66 of 134: 49.3 %
        (62, "warning"),  # 58 of 142: 40.8 %
        (61, None),  # 57 of 143: 39.9 %
        (0, None),
    ],
)
def test_stems_with_the_same_text(kept: int, severity: str | None) -> None:
    first = story(104)  # 100 runs of five words
    second = first[:kept] + story(104 - kept, seed=2)
    flaws = [(flaw.severity, flaw.rule, flaw.where) for flaw in told(first, second).flaws]
    assert flaws == ([(severity, "near-duplicate", "q0, q1")] if severity else [])


def test_same_words_in_another_order_are_another_text() -> None:
    first = story(60)
    assert told(first, first[::-1]).flaws == ()


def test_near_duplicates_refuse_the_bank() -> None:
    assert not told(story(50), story(50)).ok
    assert told(story(50), story(50, seed=2)).ok


@given(st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=14), min_size=2, max_size=8))
def test_near_duplicates_are_those_of_a_full_comparison(stories: list[list[str]]) -> None:
    runs = [{tuple(text[i : i + 5]) for i in range(max(1, len(text) - 4))} for text in stories]
    expected = {
        f"q{one}, q{other}"
        for one, other in combinations(range(len(stories)), 2)
        if 10 * len(runs[one] & runs[other]) >= 4 * len(runs[one] | runs[other])
    }
    assert {flaw.where for flaw in told(*stories).flaws if flaw.rule == "near-duplicate"} == expected


def test_questions_that_cannot_be_guessed_at_are_left_out() -> None:
    report = audit_bank({"no key": keyed(4), "no distractor": keyed(2, 0, 1), "sound": keyed(4, 1)})
    assert report.questions == 3
    assert {guesser.questions for guesser in report.guessers} == {1}


def test_an_empty_bank_passes() -> None:
    report = audit_bank({})
    assert (report.questions, report.flaws, report.ok) == (0, (), True)
    assert {guesser.rate for guesser in report.guessers} == {0.0}


def test_service_names_are_no_echo() -> None:
    def name(content: Content, rng: Random) -> Content:
        named = rewrite(content, right=lambda text: f"Step Functions {text}")
        return replace(named, stem=f"Step Functions {content.stem}")

    items = bank(3, 150, name)
    assert "stem echo" in failing(audit_bank(items))
    assert "stem echo" not in failing(audit_bank(items, service_names=["AWS Step Functions"]))
