"""Nothing in focus hides behind the sticky bar, targets are large enough, and nothing moves under the pointer."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from tests.browser.pages import Exam
from tests.browser.sittings import sign_in
from tests.browser.states import STATES

pytestmark = pytest.mark.browser

# what has the focus while its middle is out of view, under something else, or without a ring; "round" after the last
STOP = """(first) => {
  const one = document.activeElement;
  if (first) window.first = one;
  else if (one === document.body || one === window.first) return "round";
  const option = one.matches(".option input") && one.closest(".option");
  const box = one.getBoundingClientRect();
  const x = box.left + box.width / 2, y = box.top + box.height / 2;
  const there = document.elementFromPoint(x, y);
  const name = one.getAttribute("aria-label") || one.id || one.textContent.trim().slice(0, 30);
  if (!there) return `${name}: out of view at ${x}, ${y}`;
  if (!(option || one).contains(there) && !there.contains(one)) return `${name}: under ${there.outerHTML.slice(0, 60)}`;
  return getComputedStyle(option || one).outlineStyle === "none" ? `${name}: no ring` : "";
}"""
SMALL = """() => [...document.querySelectorAll("button, a, summary, input, textarea")].filter((one) => {
  const box = one.getBoundingClientRect();
  return box.width && (box.width < 24 || box.height < 24) && !one.matches("p.small a");  // within a sentence
}).map((one) => one.outerHTML)"""
WINDOWS = [(1280, 720), (900, 600), (390, 700), (320, 480)]


def _walk(page: Page, key: str) -> tuple[int, list[str]]:
    """Press a key until the focus has gone round; how many stops there were, and what was hidden."""
    hidden: list[str] = []
    for stops in range(220):
        page.keyboard.press(key)
        found = page.evaluate(STOP, stops == 0)
        if found == "round":
            return stops, hidden
        if found:
            hidden.append(found)
    raise AssertionError("the focus does not come round")


@pytest.mark.parametrize(("width", "height"), WINDOWS)
def test_what_has_the_focus_is_in_view(page: Page, user: User, width: int, height: int) -> None:
    """Down and up through a long question with everything unfolded, by Tab."""
    page.set_viewport_size({"width": width, "height": height})
    STATES["question with code"](page, _signed_in(page, user))
    page.evaluate("() => { for (const one of document.querySelectorAll('details')) one.open = true; }")
    for key in ("Tab", "Shift+Tab"):
        stops, hidden = _walk(page, key)
        assert stops > 85
        assert not hidden, "\n".join(hidden)


def _signed_in(page: Page, user: User) -> User:
    sign_in(page.context, user)
    return user


@pytest.mark.parametrize("name", ["review, All", "start", "report, All", "sign up with errors"])
def test_every_stop_is_in_view_and_has_a_ring(page: Page, user: User, name: str) -> None:
    page.set_viewport_size({"width": 390, "height": 700})
    STATES[name](page, _signed_in(page, user))
    stops, hidden = _walk(page, "Tab")
    assert stops > 5
    assert not hidden, "\n".join(hidden)


def test_targets_are_large_enough(exam: Exam) -> None:
    """WCAG asks for 24 px; options have 44 and more, cells 26, at 320 px too."""
    exam.go(40)
    for width in (1280, 320):
        exam.page.set_viewport_size({"width": width, "height": 800})
        exam.page.evaluate("() => { for (const one of document.querySelectorAll('details')) one.open = true; }")
        assert _smallest(exam.page.locator(".option label")) >= (44, 52)
        assert _smallest(exam.page.locator(".cells .cell")) >= (26, 26)
        assert min(_smallest(exam.page.locator(".strike"))) >= 36
        assert _smallest(exam.page.locator(".move .btn"))[1] >= 44
        assert not exam.page.evaluate(SMALL)


def _smallest(targets: Locator) -> tuple[float, float]:
    boxes = [box for target in targets.all() if (box := target.bounding_box())]
    assert boxes
    return min(box["width"] for box in boxes), min(box["height"] for box in boxes)


def _place(target: Locator) -> list[float]:
    """Where it is on the page, however far that is scrolled."""
    found: list[float] = target.evaluate("""(one) => {
      const box = one.getBoundingClientRect();
      return [box.left, box.top + scrollY, box.width, box.height];
    }""")
    return found


def test_nothing_moves_when_an_answer_is_given(exam: Exam) -> None:
    """Choosing, counting, saving and flagging change colours, and no place."""
    exam.go(exam.sitting.first(2))
    watched = [exam.row("A"), exam.row("D"), exam.flag, exam.note.locator("..")]
    before = [_place(one) for one in watched]
    exam.choose("A")
    exam.strike("C").click()
    exam.flag.click()
    exam.expect_saved()
    assert [_place(one) for one in watched] == before


def test_the_page_begins_at_its_top_after_a_move(exam: Exam) -> None:
    exam.page.set_viewport_size({"width": 390, "height": 600})
    exam.page.get_by_role("button", name="Next", exact=True).scroll_into_view_if_needed()
    exam.next()
    exam.expect_question(2)
    assert exam.page.evaluate("() => scrollY") == 0


@pytest.mark.parametrize("width", [1280, 390])
def test_the_navigator_folds_on_small_screens_only(sit: Callable[..., Exam], width: int) -> None:
    exam = sit(1, None)
    exam.page.set_viewport_size({"width": width, "height": 800})
    if width == 1280:
        expect(exam.cell(75)).to_be_visible()
    else:
        expect(exam.cell(75)).to_be_hidden()
        exam.page.get_by_text("All questions").click()
        expect(exam.cell(75)).to_be_visible()


def test_forced_colours_keep_the_states_apart(exam: Exam) -> None:
    """With colours of the system a chosen option has a thicker border, and a flag stays in the cell."""
    exam.page.emulate_media(forced_colors="active")
    exam.choose("A")
    exam.flag.click()
    exam.expect_saved()
    width = "(row) => getComputedStyle(row).borderTopWidth"
    assert exam.row("A").evaluate(width) == "3px"
    assert exam.row("B").evaluate(width) == "1px"
    expect(exam.cell(1).locator(".pin")).to_be_visible()


def test_a_sitting_is_not_printed_with_its_controls(page: Page, user: User) -> None:
    STATES["report of all right"](page, _signed_in(page, user))
    page.emulate_media(media="print")
    expect(page.get_by_role("link", name="Go through the questions")).to_be_hidden()
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    expect(page.locator("p.score")).to_be_visible()
