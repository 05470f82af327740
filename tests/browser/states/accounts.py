"""The pages of accounts, and of errors."""

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.template.loader import render_to_string
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.browser.sittings import person, sign_in
from tests.browser.states.registry import STATES, State, state


def _heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def _errors(page: Page) -> None:
    expect(page.locator("#errors")).to_be_focused()


@state
def sign_in_with_errors(page: Page, somebody: User) -> None:
    page.context.clear_cookies(name="session")
    page.goto("/account/sign-in/")
    page.get_by_label("Email").fill("nobody@example.org")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    _errors(page)


@state
def sign_up_with_errors(page: Page, somebody: User) -> None:
    page.context.clear_cookies(name="session")
    page.goto("/account/sign-up/")
    page.get_by_label("Email").fill("new@example.org")
    page.get_by_label("Password").fill("123")
    page.get_by_role("button", name="Create the account").click()
    _errors(page)


@state
def account_with_errors(page: Page, somebody: User) -> None:
    page.goto("/account/")
    page.get_by_label("Name").evaluate("(input) => { input.removeAttribute('maxlength'); }")
    page.get_by_label("Name").fill("x" * 90)
    page.get_by_role("button", name="Keep").click()
    _errors(page)


@state
def email_waiting(page: Page, somebody: User) -> None:
    EmailAddress.objects.create(user=somebody, email=somebody.email, primary=True, verified=True)
    EmailAddress.objects.create(user=somebody, email=f"next-{somebody.email}")
    page.goto("/account/email/")
    expect(page.get_by_text("waits to be confirmed")).to_be_visible()


@state
def email_with_errors(page: Page, somebody: User) -> None:
    page.goto("/account/email/")
    page.get_by_role("main").get_by_label("Email").fill(str(somebody.email))
    page.get_by_role("button", name="Change it").click()
    _errors(page)


@state
def confirm_email(page: Page, somebody: User) -> None:
    address = EmailAddress.objects.create(user=somebody, email=somebody.email, primary=True)
    page.goto(f"/account/confirm-email/{EmailConfirmationHMAC(address).key}/")
    _heading(page, "Confirm the address")


@state
def change_the_password_with_errors(page: Page, somebody: User) -> None:
    page.goto("/account/password/change/")
    page.get_by_label("Current Password").fill("wrong")
    page.get_by_label("New Password", exact=True).fill("another password 2")
    again = page.get_by_label("New Password (again)")
    if again.count():
        again.fill("yet another 3")
    page.get_by_role("button", name="Change the password").click()
    _errors(page)


@state
def set_a_password(page: Page, somebody: User) -> None:
    other = person()
    other.set_unusable_password()
    other.save()
    sign_in(page.context, other)
    page.goto("/account/password/set/")
    _heading(page, "Set a password")


@state
def forgot_with_errors(page: Page, somebody: User) -> None:
    page.goto("/account/password/reset/")
    page.get_by_label("Email").evaluate("(input) => { input.type = 'text'; }")
    page.get_by_label("Email").fill("no address")
    page.get_by_role("button", name="Send the link").click()
    _errors(page)


def _reset(page: Page, somebody: User) -> None:
    page.context.clear_cookies(name="session")
    token = default_token_generator.make_token(somebody)
    page.goto(f"/account/password/reset/key/{user_pk_to_url_str(somebody)}-{token}/")
    _heading(page, "Set a new password")


@state
def forgot_set_a_new_one(page: Page, somebody: User) -> None:
    _reset(page, somebody)


@state
def forgot_set_a_new_one_with_errors(page: Page, somebody: User) -> None:
    _reset(page, somebody)
    for field in page.locator("input[type=password]").all():
        field.fill("123")
    page.get_by_role("button", name="Set the password").click()
    _errors(page)


@state
def reauthenticate(page: Page, somebody: User) -> None:
    page.goto("/account/reauthenticate/")
    _heading(page, "Confirm that it is you")


@state
def reauthenticate_with_errors(page: Page, somebody: User) -> None:
    page.goto("/account/reauthenticate/")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("main").get_by_role("button", name="Confirm").click()
    _errors(page)


@state
def forbidden(page: Page, somebody: User) -> None:
    page.goto("/admin/")
    _heading(page, "You may not do this here.")


@state
def form_too_old(page: Page, somebody: User) -> None:
    page.goto("/account/")
    page.context.clear_cookies(name="csrf")
    page.get_by_role("button", name="Keep").click()
    _heading(page, "This form was too old to be taken.")


def _broken(template: str, status: int) -> State:
    """Pages that the server shows when it cannot work; here it only has to look as if."""

    def bring(page: Page, somebody: User) -> None:
        body = render_to_string(template)
        page.route("**/broken/", lambda route: route.fulfill(status=status, content_type="text/html", body=body))
        page.goto("/broken/")
        expect(page.get_by_text(str(status), exact=True)).to_be_visible()

    return bring


STATES |= {str(status): _broken(f"{status}.html", status) for status in (400, 500, 503)}
