"""Reports with their filters, and questions in review."""

from collections.abc import Callable
from datetime import timedelta
from functools import cache

from playwright.sync_api import Page, expect

from accounts.models import User
from exams.models import AttemptItem
from tests.browser.pages import Report
from tests.browser.sittings import Sitting, person, sign_in
from tests.browser.states.registry import STATES, State, state


@cache
def veteran() -> tuple[User, Sitting]:
    """Somebody with a finished exam that has something of everything: reports are read only, so it is shared."""
    somebody = person(name="A Veteran")
    sitting = Sitting.begin(somebody, ago=timedelta(hours=2), counting="aws")
    sitting.answer(1, sitting.key(1))
    sitting.answer(1, sitting.wrong(1))
    sitting.answer_all(right=58, of=73, start=2)
    AttemptItem.objects.filter(attempt_id=sitting.pk, position__in=[2, 60]).update(
        flagged=True, note="Mine", seconds=400
    )
    return somebody, sitting


def _report(tab: str) -> State:
    def bring(page: Page, somebody: User) -> None:
        owner, sitting = veteran()
        sign_in(page.context, owner)
        page.goto(f"/attempts/{sitting.pk}/report/")
        page.get_by_role("navigation", name="Show questions").get_by_role("link", name=tab).click()
        expect(page.locator(".tabs [aria-current]")).to_contain_text(tab)

    return bring


STATES |= {f"report, {tab}": _report(tab) for tab in ("All", "Wrong", "Flagged", "Slow", "Changed")}


@state
def report_of_an_exam_that_ran_out(page: Page, somebody: User) -> None:
    sitting = Sitting.begin(somebody)
    sitting.leave(seconds=-31)
    page.goto(f"/attempts/{sitting.pk}/")
    expect(Report(page).time_over).to_be_visible()


@state
def report_of_all_right(page: Page, somebody: User) -> None:
    sitting = Sitting.begin(somebody)
    sitting.answer_all(right=75)
    page.goto(f"/attempts/{sitting.pk}/")
    Report(page).expect_score(scaled=1000, verdict="Pass", right=75)


def _reviewed(find: Callable[[Sitting], int], words: str) -> State:
    def bring(page: Page, somebody: User) -> None:
        owner, sitting = veteran()
        sign_in(page.context, owner)
        page.goto(f"/attempts/{sitting.pk}/report/{find(sitting)}/?show=all")
        expect(page.get_by_text(words).first).to_be_visible()

    return bring


STATES |= {
    "reviewed, right": _reviewed(lambda _: 2, "The key, and your choice"),
    "reviewed, wrong and changed": _reviewed(lambda _: 1, "right to wrong"),
    "reviewed, nothing chosen": _reviewed(lambda _: 75, "nothing"),
    "reviewed, unscored": _reviewed(
        lambda sitting: next(item.position for item in sitting.items() if not item.scored), "No: one of the unscored"
    ),
}


@state
def reviewed_locked(page: Page, somebody: User) -> None:
    """A question that is in the exam that one sits now."""
    before = Sitting.begin(somebody)
    before.submit()
    now = {item.revision_id for item in Sitting.begin(somebody).items()}
    place = next(item.position for item in before.items() if item.revision_id in now)
    page.goto(f"/attempts/{before.pk}/report/{place}/")
    expect(page.get_by_text("This question is in the exam that you are sitting.")).to_be_visible()


@state
def report_with_locked_questions(page: Page, somebody: User) -> None:
    before = Sitting.begin(somebody)
    before.submit()
    Sitting.begin(somebody)
    page.goto(f"/attempts/{before.pk}/report/?show=all")
    expect(page.get_by_text("Locked").first).to_be_visible()
