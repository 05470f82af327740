"""The front page, the start page, the list of attempts, and pages that need nothing but their address."""

from playwright.sync_api import Page, expect

from accounts.models import User
from questions.models import Blueprint, Domain
from tests.browser.pages import Exam
from tests.browser.sittings import Sitting
from tests.browser.states.registry import STATES, State, state


def _plain(path: str, heading: str, *, visitor: bool = False) -> State:
    """A page that needs nothing but its address."""

    def bring(page: Page, somebody: User) -> None:
        if visitor:
            page.context.clear_cookies(name="session")
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)

    return bring


STATES |= {
    "home of a visitor": _plain("/", "Know where you stand before you sit the exam.", visitor=True),
    "home": _plain("/", "Know where you stand before you sit the exam."),
    "start": _plain("/start/DOP-C02/", "AWS Certified DevOps Engineer – Professional, DOP-C02"),
    "start of the retired one": _plain("/start/DOP-C01/", "AWS Certified DevOps Engineer – Professional, DOP-C01"),
    "attempts, none": _plain("/attempts/", "My attempts"),
    "account": _plain("/account/", "Account"),
    "sign in": _plain("/account/sign-in/", "Sign in", visitor=True),
    "sign up": _plain("/account/sign-up/", "Sign up", visitor=True),
    "sign out": _plain("/account/sign-out/", "Sign out?"),
    "inactive": _plain("/account/inactive/", "This account is closed."),
    "e-mail": _plain("/account/email/", "E-mail address"),
    "verification sent": _plain("/account/confirm-email/", "Look into your mail."),
    "confirm, too old": _plain("/account/confirm-email/old/", "This link has been used, or is too old."),
    "change the password": _plain("/account/password/change/", "Change the password"),
    "forgot the password": _plain("/account/password/reset/", "Forgot the password?", visitor=True),
    "forgot, sent": _plain("/account/password/reset/done/", "Look into your mail.", visitor=True),
    "forgot, too old": _plain("/account/password/reset/key/1-old/", "This link has been used, or is too old."),
    "forgot, set": _plain("/account/password/reset/key/done/", "The password is set.", visitor=True),
    "bank": _plain("/bank/", "The bank of questions"),
    "accessibility": _plain("/accessibility/", "Accessibility"),
    "privacy": _plain("/privacy/", "Privacy"),
    "404": _plain("/nowhere/", "This page is not here."),
    "404 of a visitor": _plain("/nowhere/", "This page is not here.", visitor=True),
}


@state
def home_while_sitting(page: Page, somebody: User) -> None:
    Sitting.begin(somebody)
    page.goto("/")
    expect(page.get_by_role("link", name="Back to question 1")).to_be_visible()


@state
def home_of_a_guest(page: Page, somebody: User) -> None:
    page.context.clear_cookies(name="session")
    page.goto("/start/DOP-C02/")
    page.get_by_role("button", name="Start the exam").click()
    Exam.of(page)
    page.goto("/")
    expect(page.get_by_role("link", name="Sign up", exact=True)).to_be_visible()


@state
def start_with_errors(page: Page, somebody: User) -> None:
    page.goto("/start/DOP-C02/")
    page.locator("[name=time]").first.evaluate("(input) => { input.value = 'for ever'; input.checked = true; }")
    page.get_by_role("button", name="Start the exam").click()
    expect(page.get_by_text("The exam was not started.")).to_be_visible()


@state
def start_while_sitting(page: Page, somebody: User) -> None:
    Sitting.begin(somebody)
    page.goto("/start/DOP-C02/")
    expect(page.get_by_text("You are sitting this exam already.")).to_be_visible()


@state
def start_of_a_thin_bank(page: Page, somebody: User) -> None:
    thin = Blueprint.objects.create(code=f"T{somebody.pk}", name="Thin", question_count=3, scored_count=2, minutes=9)
    domain = Domain.objects.create(blueprint=thin, number=1, name="Everything", weight=100)
    try:
        page.goto(f"/start/{thin.code}/")
        page.get_by_role("button", name="Start the exam").click()
        expect(page.get_by_text("The bank is too thin for this exam.")).to_be_visible()
    finally:
        domain.delete()
        thin.delete()


@state
def attempts_open_and_finished(page: Page, somebody: User) -> None:
    for right in (0, 60):
        Sitting.begin(somebody).answer_all(right=right, of=max(right, 1))
    Sitting.begin(somebody)
    page.goto("/attempts/")
    expect(page.get_by_role("row")).to_have_count(3)
