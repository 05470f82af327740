from collections import Counter
from collections.abc import Mapping
from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exams.drawing import Candidate, Shortage, Slot, draw, option_order

QUOTAS = {1: 17, 2: 13, 3: 11, 4: 11, 5: 10, 6: 13}
UNSCORED = {1: 3, 2: 2, 3: 1, 4: 1, 5: 1, 6: 2}


def bank(size: int) -> list[Candidate]:
    """Scenarios of two questions, spread evenly over six domains of four tasks."""
    rows = ((number, number // 2) for number in range(size))
    return [
        Candidate(number, scenario % 6 + 1, f"{scenario % 6 + 1}.{scenario // 6 % 4}", scenario)
        for number, scenario in rows
    ]


@st.composite
def banks(draw_: st.DrawFn) -> list[Candidate]:
    """Up to 40 candidates of one domain: three tasks, each with scenarios of its own."""
    rows = draw_(
        st.lists(
            st.tuples(
                st.sampled_from("abc"),
                st.integers(0, 5),
                st.none() | st.sampled_from([1.0, 2.0, 3.0]),
                st.integers(0, 3),
            ),
            min_size=1,
            max_size=40,
        )
    )
    return [
        Candidate(number, 1, task, "abc".index(task) * 100 + scenario, seen, answers)
        for number, (task, scenario, seen, answers) in enumerate(rows)
    ]


def possible(candidates: list[Candidate], cap: int) -> int:
    return sum(min(cap, count) for count in Counter(one.task for one in candidates).values())


def taken(form: tuple[Slot, ...], candidates: list[Candidate], *, scored: bool | None = None) -> list[Candidate]:
    by_revision = {one.revision: one for one in candidates}
    return [by_revision[slot.revision] for slot in form if scored in {None, slot.scored}]


def distinct_scenarios(candidates: list[Candidate] | tuple[Candidate, ...]) -> int:
    return len({one.scenario for one in candidates})


caps = st.integers(1, 8)
seeds = st.integers(0, 2**32)


@given(seeds)
def test_draw_meets_the_quotas_scored_and_not(seed: int) -> None:
    form = draw(bank(600), QUOTAS, Random(seed), unscored=UNSCORED)
    assert Counter(slot.domain for slot in form) == QUOTAS
    assert Counter(slot.domain for slot in form if not slot.scored) == UNSCORED


@given(banks(), caps, seeds, st.data())
def test_draw_fills_every_quota_that_can_be_filled(
    candidates: list[Candidate], cap: int, seed: int, data: st.DataObject
) -> None:
    quota = data.draw(st.integers(0, possible(candidates, cap)))
    unscored = data.draw(st.integers(0, quota))
    form = draw(candidates, {1: quota}, Random(seed), unscored={1: unscored}, cap=cap)
    assert len({slot.revision for slot in form}) == len(form) == quota
    assert sum(not slot.scored for slot in form) == unscored
    by_task = Counter(one.task for one in taken(form, candidates))
    assert max(by_task.values(), default=0) <= cap
    assert len(by_task) == min(quota, len({one.task for one in candidates}))


@given(banks(), caps, seeds, st.data())
def test_draw_repeats_a_scenario_only_when_no_other_is_left(
    candidates: list[Candidate], cap: int, seed: int, data: st.DataObject
) -> None:
    quota = data.draw(st.integers(1, possible(candidates, cap)))
    unscored = data.draw(st.integers(0, quota))
    form = taken(draw(candidates, {1: quota}, Random(seed), unscored={1: unscored}, cap=cap), candidates)
    used = {one.scenario for one in form}
    by_task = Counter(one.task for one in form)
    left = [one for one in candidates if one.scenario not in used and by_task[one.task] < cap]
    assert len(used) == len(form) or not left


@given(banks(), caps, seeds, st.data())
def test_draw_finds_as_many_scenarios_as_any_form_of_that_size(
    candidates: list[Candidate], cap: int, seed: int, data: st.DataObject
) -> None:
    candidates = candidates[:9]
    quota = data.draw(st.integers(1, possible(candidates, cap)))
    form = taken(draw(candidates, {1: quota}, Random(seed), cap=cap), candidates)
    tasks = min(quota, len({one.task for one in candidates}))
    forms = [
        other
        for other in combinations(candidates, quota)
        if max(Counter(one.task for one in other).values()) <= cap and len({one.task for one in other}) == tasks
    ]
    assert distinct_scenarios(form) == max(distinct_scenarios(other) for other in forms)


@given(banks(), caps, seeds, st.data())
def test_draw_prefers_the_unseen_then_the_longest_ago(
    candidates: list[Candidate], cap: int, seed: int, data: st.DataObject
) -> None:
    quota = data.draw(st.integers(1, possible(candidates, cap)))
    form = taken(draw(candidates, {1: quota}, Random(seed), cap=cap), candidates)
    revisions = {one.revision for one in form}
    # Swapping within a scenario touches no other law, so there is never a reason to have left the older one.
    for one in form:
        for other in candidates:
            if other.scenario == one.scenario and other.revision not in revisions:
                assert (one.seen or 0) <= (other.seen or 0)


@given(st.lists(st.none() | st.floats(0, 1e9), min_size=8, max_size=30), seeds)
def test_draw_takes_exactly_the_oldest_when_nothing_conflicts(times: list[float | None], seed: int) -> None:
    candidates = [Candidate(number, 1, "1.1", number, seen) for number, seen in enumerate(times)]
    form = taken(draw(candidates, {1: 7}, Random(seed)), candidates)
    assert sorted(one.seen or -1 for one in form) == sorted(-1 if seen is None else seen or -1 for seen in times)[:7]


@given(st.lists(st.integers(0, 50), min_size=10, max_size=30), seeds)
def test_unscored_places_go_to_the_fewest_answers(answers: list[int], seed: int) -> None:
    candidates = [Candidate(number, 1, "1.1", number, answers=count) for number, count in enumerate(answers)]
    form = draw(candidates, {1: 7}, Random(seed), unscored={1: 3})
    assert sorted(one.answers for one in taken(form, candidates, scored=False)) == sorted(answers)[:3]


def test_unscored_places_leave_room_for_every_task() -> None:
    candidates = [Candidate(number, 1, "1.1", number, answers=0) for number in range(5)]
    candidates += [Candidate(10, 1, "1.2", 10, answers=90), Candidate(11, 1, "1.3", 11, answers=90)]
    form = taken(draw(candidates, {1: 3}, Random(1), unscored={1: 2}), candidates)
    assert {one.task for one in form} == {"1.1", "1.2", "1.3"}


def test_scenario_once_outranks_unseen() -> None:
    candidates = [Candidate(1, 1, "1.1", 1), Candidate(2, 1, "1.1", 1), Candidate(3, 1, "1.1", 2, seen=5.0)]
    form = taken(draw(candidates, {1: 2}, Random(1)), candidates)
    assert {one.scenario for one in form} == {1, 2}


def test_task_coverage_outranks_unseen() -> None:
    candidates = [Candidate(number, 1, "1.1", number) for number in range(9)] + [Candidate(9, 1, "1.2", 9, seen=1.0)]
    assert {one.task for one in taken(draw(candidates, {1: 2}, Random(1)), candidates)} == {"1.1", "1.2"}


@settings(max_examples=25)
@given(seeds, st.randoms())
def test_same_seed_gives_the_same_form_in_any_order_of_input(seed: int, rng: Random) -> None:
    candidates = bank(600)
    shuffled = rng.sample(candidates, len(candidates)) + candidates[:5]
    quotas = dict(rng.sample(list(QUOTAS.items()), len(QUOTAS)))
    first = draw(candidates, QUOTAS, Random(seed), unscored=UNSCORED)
    assert draw(iter(shuffled), quotas, Random(seed), unscored=UNSCORED) == first


def test_two_seeds_give_different_forms() -> None:
    forms = [draw(bank(600), QUOTAS, Random(seed)) for seed in range(20)]
    assert len({frozenset(slot.revision for slot in form) for form in forms}) == 20


def test_form_is_mixed_over_domains_and_places() -> None:
    form = draw(bank(600), QUOTAS, Random(4), unscored=UNSCORED)
    domains = [slot.domain for slot in form]
    assert domains != sorted(domains)
    assert {slot.domain for slot in form[:30]} == set(QUOTAS)
    assert any(not slot.scored for slot in form[40:])


def test_every_scenario_is_drawn_equally_often() -> None:
    candidates = [Candidate(number, 1, f"1.{number % 2}", number) for number in range(10)]
    drawn = Counter(slot.revision for seed in range(2000) for slot in draw(candidates, {1: 4}, Random(seed)))
    # 800 each with variance 2000 * .4 * .6 = 480, of which the fixed size of a form takes a tenth; 99.9 % of chi2(9)
    assert sum((drawn[number] - 800) ** 2 / 480 for number in range(10)) * 9 / 10 < 27.9


@pytest.mark.parametrize(
    ("sizes", "short"),
    [
        ({"1.1": 9, "2.1": 2}, {2: (3, 2)}),
        ({"1.1": 9, "1.2": 1}, {1: (9, 8), 2: (3, 0)}),  # the cap of 7 leaves 7 + 1
        ({}, {1: (9, 0), 2: (3, 0)}),
    ],
)
def test_shortage_names_every_short_domain(sizes: Mapping[str, int], short: dict[int, tuple[int, int]]) -> None:
    quotas = {1: 7 if short.keys() == {2} else 9, 2: 3}
    tasks = [task for task, size in sizes.items() for _ in range(size)]
    candidates = [Candidate(number, int(task[0]), task, number) for number, task in enumerate(tasks)]
    with pytest.raises(Shortage) as raised:
        draw(candidates, quotas, Random(1))
    assert raised.value.domains == short


def test_shortage_says_what_is_missing() -> None:
    assert str(Shortage({2: (3, 1), 5: (9, 8)})) == "too few questions: domain 2 has 1 of 3, domain 5 has 8 of 9"


@given(banks(), caps, st.integers(0, 45), seeds)
def test_draw_raises_shortage_exactly_when_the_quota_cannot_be_met(
    candidates: list[Candidate], cap: int, quota: int, seed: int
) -> None:
    available = possible(candidates, cap)
    if quota <= available:
        assert len(draw(candidates, {1: quota}, Random(seed), cap=cap)) == quota
        return
    with pytest.raises(Shortage) as raised:
        draw(candidates, {1: quota}, Random(seed), cap=cap)
    assert raised.value.domains == {1: (quota, available)}


@pytest.mark.parametrize("unscored", [{1: 4}, {1: -1}, {2: 1}])
def test_draw_refuses_unscored_places_that_do_not_fit(unscored: dict[int, int]) -> None:
    with pytest.raises(ValueError, match="unscored"):
        draw(bank(60), {1: 3}, Random(1), unscored=unscored)


def test_draw_refuses_a_revision_in_two_versions() -> None:
    with pytest.raises(ValueError, match="revision 7 is given twice"):
        draw([Candidate(7, 1, "1.1", 1), Candidate(7, 1, "1.2", 1)], {1: 1}, Random(1))


def test_draw_ignores_domains_without_a_quota() -> None:
    assert {slot.domain for slot in draw(bank(600), {3: 5}, Random(1))} == {3}


def test_option_order_is_fixed_and_ignores_the_order_of_keys() -> None:
    assert option_order(20, 3, "abcde") == option_order(20, 3, "edcba")
    assert option_order(2**200, 3, "abcde") == option_order(2**200, 3, "abcde")


@given(st.integers(), st.integers(1, 75), st.sets(st.text(min_size=1), min_size=1, max_size=6))
def test_option_order_keeps_the_keys(seed: int, position: int, keys: set[str]) -> None:
    assert sorted(option_order(seed, position, sorted(keys))) == sorted(keys)


def test_option_order_gives_each_key_each_letter_equally_often() -> None:
    shown = Counter(
        (key, letter)
        for seed in range(100)
        for position in range(1, 76)
        for letter, key in enumerate(option_order(seed, position, "abcd"))
    )
    expected = 7500 / 4
    for key in "abcd":
        statistic = sum((shown[key, letter] - expected) ** 2 / expected for letter in range(4))
        assert statistic < 16.3  # 99.9 % of chi2(3)


def test_option_order_differs_between_seeds_and_between_positions() -> None:
    first = [option_order(1, position, "abcd") for position in range(75)]
    second = [option_order(2, position, "abcd") for position in range(75)]
    agreeing = sum(one == other for one, other in zip(first, second, strict=True))
    assert agreeing < 15  # 75/24 expected
    assert len(set(first)) > 15  # of 24
