"""Somebody starts without an account, and makes or opens one in the middle or after: everything is kept."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from exams.models import Attempt
from tests.browser.conftest import NewContext
from tests.browser.pages import Exam, Report
from tests.browser.sittings import Sitting, person, set_password
from tests.browser.states import PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture
def guest(page: Page) -> Exam:
    """An exam just begun by a visitor."""
    page.goto("/start/DOP-C02/")
    page.get_by_role("button", name="Start the exam").click()
    return Exam.of(page)


@pytest.fixture
def address() -> str:
    return f"someone-{User.objects.count()}@example.org"


def _sign_up(page: Page, address: str) -> None:
    page.goto("/account/sign-up/")
    page.get_by_label("Email").fill(address)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create the account").click()
    expect(page.get_by_role("link", name=address)).to_be_visible()


def _sign_in(page: Page, address: str) -> None:
    page.goto("/account/sign-in/")
    page.get_by_label("Email").fill(address)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My attempts")


def _finish(exam: Exam) -> Report:
    review = exam.review()
    review.end()
    return review.confirm()


def test_a_visitor_becomes_a_guest_with_the_first_exam_only(page: Page) -> None:
    before = User.objects.count()
    for path in ("/", "/start/DOP-C02/", "/privacy/", "/account/sign-up/"):
        page.goto(path)
    assert User.objects.count() == before
    page.goto("/start/DOP-C02/")
    page.get_by_role("button", name="Start the exam").click()
    Exam.of(page)
    assert User.objects.count() == before + 1
    page.goto("/")
    expect(page.get_by_text("Guest · Sign up")).to_be_visible()


def test_signing_up_after_the_exam_keeps_it(guest: Exam, address: str) -> None:
    guest.choose(guest.sitting.key(1))
    _finish(guest).expect_score(scaled=112, verdict="Not yet", right=1)
    owner = guest.sitting.attempt.user
    _sign_up(guest.page, address)
    guest.page.goto("/attempts/")
    expect(guest.page.get_by_role("row").filter(has_text="112")).to_contain_text("1 of 75")
    after = guest.sitting.attempt.user
    assert (after.pk, after.email, after.is_guest) == (owner.pk, address, False)


def test_signing_up_in_the_middle_goes_on_with_the_exam(guest: Exam, address: str) -> None:
    """In another tab; the tab of the exam goes on, and its answers are taken."""
    guest.choose(guest.sitting.key(1))
    guest.next()
    guest.expect_question(2)
    deadline = guest.sitting.attempt.deadline
    other = guest.page.context.new_page()
    _sign_up(other, address)
    other.goto("/attempts/")
    expect(other.get_by_text("Your DOP-C02 mock exam is running.")).to_be_visible()

    guest.choose(guest.sitting.key(2))
    guest.expect_saved()
    guest.next()
    guest.expect_question(3)
    _finish(guest).expect_score(scaled=124, verdict="Not yet", right=2)
    attempt = guest.sitting.attempt
    assert (attempt.user.email, attempt.deadline) == (address, deadline)
    assert guest.sitting.answers() == {1: guest.sitting.key(1), 2: guest.sitting.key(2)}


def test_the_account_made_by_a_guest_opens_elsewhere(guest: Exam, address: str, new_context: NewContext) -> None:
    guest.choose("B")
    guest.expect_saved()
    _sign_up(guest.page, address)
    elsewhere = new_context().new_page()
    _sign_in(elsewhere, address)
    elsewhere.get_by_role("link", name="Back to question 1").click()
    Exam.of(elsewhere).expect_chosen("B")


def test_signing_in_takes_the_exam_along(guest: Exam) -> None:
    """The finished exams of the guest are in the account then, and the one being sat goes on."""
    account = set_password(person(), PASSWORD)
    guest.choose(guest.sitting.key(1))
    _finish(guest)
    guest.page.goto("/start/DOP-C02/")
    guest.page.get_by_role("button", name="Start the exam").click()
    again = Exam.of(guest.page)
    again.choose(again.sitting.key(1))
    again.go(7)
    token = again.sitting.attempt.user.guest_token
    _sign_in(guest.page, str(account.email))
    expect(guest.page.get_by_role("row").filter(has_text="112")).to_contain_text("1 of 75")
    guest.page.get_by_role("link", name="Back to question 7").click()
    Exam.of(guest.page).expect_question(7)
    assert again.sitting.attempt.user == account
    assert again.sitting.answers() == {1: again.sitting.key(1)}
    assert not User.objects.filter(guest_token=token).exists()


def test_signing_in_while_the_account_sits_the_exam_ends_the_one_of_the_guest(guest: Exam) -> None:
    """The page says so beforehand; what the guest had answered is scored."""
    account = set_password(person(), PASSWORD)
    own = Sitting.begin(account)
    guest.choose(guest.sitting.key(1))
    guest.expect_saved()
    guest.page.goto("/account/sign-in/")
    expect(guest.page.get_by_text("Only if the account is sitting the same exam already")).to_be_visible()
    _sign_in(guest.page, str(account.email))
    expect(guest.page.get_by_role("row").filter(has_text="112")).to_contain_text("1 of 75")
    guest.page.get_by_role("link", name="Back to question 1").click()
    assert Exam.of(guest.page).sitting == own
    assert guest.sitting.attempt.user == account


def test_signing_out_shows_nothing_to_the_next_person(guest: Exam, address: str) -> None:
    report = f"/attempts/{guest.sitting.pk}/report/"
    _finish(guest)
    _sign_up(guest.page, address)
    page = guest.page
    page.goto("/account/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    page.goto(report)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.goto("/start/DOP-C02/")
    page.get_by_role("button", name="Start the exam").click()
    assert Exam.of(page).sitting.attempt.user != guest.sitting.attempt.user
    page.goto(report)
    expect(page.get_by_role("heading", level=1)).to_have_text("This page is not here.")
    assert Attempt.objects.filter(user=guest.sitting.attempt.user).count() == 1


def test_the_password_can_be_pasted_and_filled_in_by_a_manager(page: Page) -> None:
    """WCAG 3.3.8: nothing to remember or to solve."""
    page.goto("/account/sign-in/")
    expect(page.get_by_label("Password")).to_have_attribute("autocomplete", "current-password")
    expect(page.get_by_label("Email")).to_have_attribute("autocomplete", "email")
    page.get_by_label("Email").focus()
    page.keyboard.insert_text("pasted@example.org")
    expect(page.get_by_label("Email")).to_have_value("pasted@example.org")
    page.goto("/account/sign-up/")
    expect(page.get_by_label("Password")).to_have_attribute("autocomplete", "new-password")


def test_the_theme_is_remembered(page: Page) -> None:
    page.goto("/privacy/")
    page.get_by_role("button", name="Dark").click()
    expect(page).to_have_url("/privacy/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    paper = "() => getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(paper) == "rgb(22, 25, 28)"
    page.goto("/")
    assert page.evaluate(paper) == "rgb(22, 25, 28)"
    page.get_by_role("button", name="Auto").click()
    assert page.evaluate(paper) == "rgb(253, 253, 252)"
