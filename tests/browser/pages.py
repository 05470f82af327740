"""The pages as a candidate meets them: what can be seen and done there, in the candidate's words."""

import re
import time
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.browser.sittings import Sitting

PATIENCE = 15.0


class Exam:
    """The exam screen."""

    def __init__(self, page: Page, sitting: Sitting) -> None:
        self.page = page
        self.sitting = sitting
        self.heading = page.locator("#place")
        self.state = page.locator("#save")
        self.status = page.locator("#status")
        self.alert = page.locator("#alert")
        self.notices = page.locator("#notices .notice")
        self.flag = page.get_by_role("button", name="Flag", exact=True)
        self.count = page.locator("#many")
        self.time = page.get_by_role("timer")
        self.note = page.locator("#note")

    @classmethod
    def of(cls, page: Page) -> "Exam":
        """The exam that this page shows."""
        expect(page).to_have_url(re.compile(r"/attempts/\d+/questions/\d+/$"))
        return cls(page, Sitting(int(page.url.split("/attempts/")[1].split("/")[0])))

    # ---- places ----

    def open(self, position: int) -> "Exam":
        self.page.goto(f"/attempts/{self.sitting.pk}/questions/{position}/")
        return self

    def wait_for_question(self, position: int) -> None:
        self.heading.filter(has_text=f"Question {position} of 75").wait_for()  # looks oftener than `expect`

    def expect_question(self, position: int) -> None:
        """The question is shown, and focus is on its heading."""
        self.wait_for_question(position)
        expect(self.heading).to_be_focused()

    def next(self) -> None:
        self.page.get_by_role("button", name="Next", exact=True).click()

    def go(self, position: int) -> None:
        """By the navigator, unfolded first where the window is small."""
        if not self.cell(position).is_visible():
            self.page.get_by_text("All questions").click()
        self.cell(position).click()
        self.expect_question(position)

    def review(self) -> "Review":
        self.page.get_by_role("button", name="Review and end").click()
        return Review(self.page)

    # ---- options ----

    def option(self, letter: str) -> Locator:
        """The radio button or checkbox."""
        return self.page.locator(f"#o{letter}")

    def row(self, letter: str) -> Locator:
        return self.page.locator(".option").filter(has=self.option(letter))

    def strike(self, letter: str) -> Locator:
        return self.page.get_by_role("button", name=f"Strike out {letter}")

    def choose(self, letters: str) -> None:
        """Click the rows of these letters."""
        for letter in letters:
            self.row(letter).locator("label").click()

    def expect_chosen(self, letters: str) -> None:
        for option in self.page.locator("input[name=choice]").all():
            expect(option).to_be_checked(checked=option.get_attribute("value") in list(letters))

    def try_now(self) -> None:
        """Press "Try now", unless a retry has taken the notice away in this very moment."""
        button = self.page.get_by_role("button", name="Try now")
        button.evaluate_all("(buttons) => { for (const button of buttons) button.click(); }")

    # ---- states ----

    def expect_saved(self) -> None:
        """Everything has reached the server, and the page says so ("Saving" shows after 400 ms only)."""
        until = time.monotonic() + PATIENCE
        while self.page.evaluate("() => window.Saving.pending()"):
            assert time.monotonic() < until, self.state.inner_text()
            self.page.wait_for_timeout(20)
        expect(self.state).to_have_text("Saved")

    def expect_not_saved(self) -> None:
        expect(self.state).to_have_text("Not saved yet: retrying")

    def cell(self, position: int) -> Locator:
        return self.page.locator(f".cells [value='{position}']")

    def total(self, name: str) -> Locator:
        """A count of the legend: done, part, seen, unseen or flagged."""
        return self.page.locator(f".legend [data-count='{name}']")

    @property
    def announced(self) -> "Announcements":
        return Announcements(self.page)


class Announcements:
    """Everything that the live regions have said since `listen`."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def listen(self) -> "Announcements":
        self.page.evaluate("""() => {
          window.announced = [];
          for (const id of ["status", "alert"]) {
            const place = document.getElementById(id);
            new MutationObserver(() => { if (place.textContent) window.announced.push([id, place.textContent]); })
              .observe(place, { childList: true, characterData: true, subtree: true });
          }
        }""")
        return self

    @property
    def said(self) -> list[list[str]]:
        """Pairs of region and text."""
        found: list[list[str]] = self.page.evaluate("() => window.announced")
        return found


class Review:
    """The list before the end, and the confirmation."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.heading = page.locator("#place")
        self.facts = page.locator(".page-head p")
        expect(page.get_by_role("heading", name="Before you end")).to_be_visible()

    def tab(self, name: str) -> None:
        self.page.get_by_role("navigation", name="Show").get_by_role("link", name=re.compile(f"^{name}")).click()

    @property
    def listed(self) -> list[int]:
        """The questions in the list."""
        found = self.page.get_by_role("row").get_by_role("button").all_inner_texts()
        return [int(text.removeprefix("Question ")) for text in found]

    def end(self) -> None:
        """To the confirmation."""
        self.page.get_by_role("link", name="End exam …").click()
        expect(self.page.get_by_role("heading", name="End the exam now?")).to_be_focused()

    def confirm(self) -> "Report":
        self.page.get_by_role("button", name="End the exam and see my score").click()
        return Report(self.page)


@dataclass
class Report:
    page: Page

    def __post_init__(self) -> None:
        expect(self.page).to_have_url(re.compile(r"/attempts/\d+/report/"))
        self.score = self.page.locator("p.score")
        self.time_over = self.page.get_by_text("The time is over.")

    def expect_score(self, *, scaled: int, verdict: str, right: int) -> None:
        expect(self.score).to_have_text(re.compile(rf"^\s*{scaled}\s*{verdict}\s*{right} of 75 right\s*$"))

    @property
    def domains(self) -> dict[str, tuple[int, int]]:
        """Right and all by name of the domain."""
        rows = self.page.get_by_role("table", name="Result by domain").locator("tbody tr").all()
        found = {}
        for row in rows:
            right, _, total = row.locator("[data-th=right]").inner_text().partition(" of ")
            found[row.get_by_role("rowheader").inner_text()] = (int(right), int(total))
        return found

    @property
    def tabs(self) -> dict[str, int]:
        """Counts by name of the filter."""
        texts = self.page.get_by_role("navigation", name="Show questions").get_by_role("link").all_inner_texts()
        return {name: int(number) for name, _, number in (text.rpartition(" ") for text in texts)}


def tab_to(page: Page, target: Locator, limit: int = 130) -> None:
    """Press Tab until the target has the focus."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        if target.evaluate("(element) => element === document.activeElement"):
            return
    raise AssertionError(f"{target} cannot be reached with Tab")
