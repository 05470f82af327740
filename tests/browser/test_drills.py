"""From a failed mock exam through a drill on its weakest domain, with script and without."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from exams.models import Attempt, Encounter
from tests.browser.conftest import NewContext
from tests.browser.sittings import Sitting, sign_in

pytestmark = pytest.mark.browser


def answer(page: Page, drill: Sitting, position: int, *, right: bool) -> None:
    letters = drill.key(position) if right else drill.wrong(position)
    for letter in letters:
        page.locator(f"#o{letter}").check(force=True)
    page.get_by_text("Unsure", exact=True).click()
    page.get_by_role("button", name="Check my answer").click()
    verdict = "Right: " if right else "Not right: the key is "
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{verdict}{', '.join(drill.key(position))}.")


def through_a_drill(page: Page, user: User) -> None:
    exam = Sitting.begin(user)
    exam.answer_all(right=30, of=75)
    sign_in(page.context, user)
    page.goto(f"/attempts/{exam.pk}/report/")
    page.get_by_role("button", name="Drill it, 10 questions").click()
    drill = Sitting(Attempt.objects.filter(user=user, mode="drill").latest("pk").pk)
    for position in (1, 2, 3):
        answer(page, drill, position, right=position != 2)
        page.get_by_role("link", name="Next").click()
    page.get_by_role("button", name="End the drill").click()
    expect(page).to_have_title("Drill: 2 of 3 right - Cutscore")
    items = drill.items()[:3]
    assert [item.confidence for item in items] == ["unsure"] * 3
    met = Encounter.objects.filter(user=user, question__revisions__in=[item.revision_id for item in items])
    assert sorted(met.values_list("right", flat=True)) == [False, True, True]
    assert set(Attempt.objects.get(pk=drill.pk).items.values_list("domain", flat=True)) == {items[0].domain}


def test_from_a_failed_exam_to_a_drill(page: Page, user: User) -> None:
    through_a_drill(page, user)


def test_from_a_failed_exam_to_a_drill_without_script(new_context: NewContext, user: User) -> None:
    through_a_drill(new_context(user, java_script_enabled=False).new_page(), user)


def test_a_drill_without_a_clock_does_not_end_by_itself(page: Page, user: User) -> None:
    sign_in(page.context, user)
    page.goto("/drill/DOP-C02/?feedback=end&count=5")
    page.get_by_role("button", name="Start the drill").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Question 1 of 5")
    page.wait_for_timeout(1500)
    page.keyboard.press("t")
    expect(page.locator("#status")).to_have_text("There is no time limit.")
    expect(page.get_by_role("heading", level=1)).to_have_text("Question 1 of 5")
