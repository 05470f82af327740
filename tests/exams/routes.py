"""Every route of the site, and what each kind of person is answered there: the only table of who may do what."""

from collections.abc import Iterator
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.guests import BACKEND
from accounts.instructors import instructors
from accounts.models import User
from exams.models import Attempt
from questions.models import Blueprint
from tests import factories
from tests.exams import acts
from tests.factories import GuestFactory, UserFactory

ROLES = ("anonymous", "guest", "owner", "stranger", "instructor", "staff")

# An answer is a status, or the route that it leads to; one for all, or one for each role in the order above.
# "open" and "ended" are two attempts of the owner.
IN = "account_login"
TABLE: dict[str, dict[str, str]] = {
    # the site
    "home": {"GET": "200"},
    "first_drill": {"GET": "drill"},
    "drill": {"GET": "200", "POST": "attempt"},
    "bank": {"GET": "200"},
    "accessibility": {"GET": "200"},
    "privacy": {"GET": "200"},
    "first_start": {"GET": "start"},
    "start": {"GET": "200", "POST": "question"},
    # attempts: to everybody but their owner they do not exist
    "attempts": {"GET": f"{IN} 200 200 200 200 200"},
    "progress": {"GET": f"{IN} 200 200 200 200 200"},
    "attempt": {"GET open": f"{IN} 404 question 404 404 404", "GET ended": f"{IN} 404 report 404 404 404"},
    "question": {
        "GET open": f"{IN} 404 200 404 404 404",
        "GET ended": f"{IN} 404 report 404 404 404",
        "POST open": f"{IN} 404 question 404 404 404",
        "POST ended": f"{IN} 404 report 404 404 404",
    },
    "practice": {
        "GET open": f"{IN} 404 attempt 404 404 404",
        "GET ended": f"{IN} 404 attempt 404 404 404",
        "POST open": f"{IN} 404 attempt 404 404 404",
        "POST ended": f"{IN} 404 attempt 404 404 404",
    },
    "save": {"POST open": "401 404 200 404 404 404", "POST ended": "401 404 410 404 404 404"},
    "left": {"GET open": "401 404 200 404 404 404", "GET ended": "401 404 410 404 404 404"},
    "review": {
        "GET open": f"{IN} 404 200 404 404 404",
        "GET ended": f"{IN} 404 report 404 404 404",
        "POST open": f"{IN} 404 question 404 404 404",
        "POST ended": f"{IN} 404 report 404 404 404",
    },
    "end": {
        "GET open": f"{IN} 404 200 404 404 404",
        "GET ended": f"{IN} 404 report 404 404 404",
        "POST open": f"{IN} 404 report 404 404 404",
        "POST ended": f"{IN} 404 report 404 404 404",
    },
    "report": {"GET open": f"{IN} 404 attempt 404 404 404", "GET ended": f"{IN} 404 200 404 404 404"},
    "question_review": {"GET open": f"{IN} 404 attempt 404 404 404", "GET ended": f"{IN} 404 200 404 404 404"},
    "download": {"GET open": f"{IN} 404 attempt 404 404 404", "GET ended": f"{IN} 404 200 404 404 404"},
    # accounts; a guest has neither address nor password
    "account": {"GET": f"{IN} 200 200 200 200 200", "POST": f"{IN} account account account account account"},
    "token": {"POST": "401 200 200 200 200 200"},
    "theme": {"POST": "home"},
    "account_signup": {
        "GET": "200 200 attempts attempts attempts attempts",
        "POST": "200 200 attempts attempts attempts attempts",
    },
    "account_login": {
        "GET": "200 200 attempts attempts attempts attempts",
        "POST": "200 200 attempts attempts attempts attempts",
    },
    "account_logout": {"GET": "home 200 200 200 200 200", "POST": "home"},
    "account_reauthenticate": {
        "GET": f"{IN} account_signup 200 200 200 200",
        "POST": f"{IN} account_signup 200 200 200 200",
    },
    "account_inactive": {"GET": "200"},
    "account_email": {
        "GET": f"{IN} account_signup 200 200 200 200",
        "POST": f"{IN} account_signup account_email account_email account_email account_email",
    },
    "account_email_verification_sent": {"GET": "200"},
    "account_confirm_email": {"GET": "200", "POST": "404"},
    "account_change_password": {
        "GET": f"{IN} account_signup 200 200 200 200",
        "POST": f"{IN} account_signup 200 200 200 200",
    },
    "account_set_password": {
        "GET": f"{IN} account_signup account_change_password account_change_password account_change_password account_change_password",
        "POST": f"{IN} account_signup account_change_password account_change_password account_change_password account_change_password",
    },
    "account_reset_password": {"GET": "200", "POST": "200"},
    "account_reset_password_done": {"GET": "200"},
    "account_reset_password_from_key": {"GET": "200", "POST": "200"},
    "account_reset_password_from_key_done": {"GET": "200"},
    # the workshop: tests of the admin say what instructors may do in it
    "admin:index": {"GET": "admin:login admin:login admin:login admin:login 200 200"},
    "admin:login": {"GET": f"{IN} 403 403 403 admin:index admin:index"},
}


@dataclass(frozen=True)
class Case:
    """One line of the table for one route."""

    route: str
    method: str
    state: str
    answers: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.method} {self.route} {self.state}".strip()


def _cases() -> Iterator[Case]:
    for route, lines in TABLE.items():
        for line, text in lines.items():
            method, _, state = line.partition(" ")
            answers = text.split()
            yield Case(route, method, state, tuple(answers if len(answers) > 1 else answers * len(ROLES)))


CASES = list(_cases())


def all_routes() -> Iterator[tuple[str, URLPattern]]:
    """Name with namespaces, and pattern, of every route there is."""
    yield from _routes(get_resolver(), "")


def _routes(resolver: URLResolver, space: str) -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        else:
            yield f"{space}{pattern.name or ''}", pattern


@dataclass(frozen=True)
class Cast:
    """A person of each role, and two attempts of the owner."""

    people: dict[str, User | None]
    open: Attempt
    ended: Attempt

    def browser(self, role: str, **options: bool) -> Client:
        browser = Client(**options)  # type: ignore[arg-type] # options of the client are booleans
        person = self.people[role]
        if person is not None:
            browser.force_login(person, backend=BACKEND)
        return browser

    def attempt(self, state: str) -> Attempt:
        return self.ended if state == "ended" else self.open

    def address(self, route: str, state: str = "") -> str:
        attempt = self.attempt(state).pk
        places: dict[str, list[object]] = {
            **{name: [Blueprint.objects.get().code] for name in ("start", "drill")},
            "account_confirm_email": ["nothing"],
            "account_reset_password_from_key": ["1", "nothing"],
            **{name: [attempt, 1] for name in ("question", "practice", "save", "question_review")},
            **{name: [attempt] for name in ("attempt", "left", "review", "end", "report", "download")},
        }
        return reverse(route, args=places.get(route, []))

    def form(self, route: str) -> dict[str, object]:
        """What a page of ours would send there; nothing where the case is only about who may."""
        answer = {"version": 0, "page": acts.PAGE, "seq": 2, "shown": 0, "choice": "A"}
        forms: dict[str, dict[str, object]] = {
            "start": {"time": "standard", "counting": "all"},
            "question": answer,
            "save": answer,
            "review": {"go": "1"},
            "account": {"name": "Somebody", "accommodation": "esl", "daily": "20"},
            "theme": {"theme": "dark"},
        }
        return forms.get(route, {})


def cast() -> Cast:
    """People, and a bank that lets each of them start."""
    blueprint = factories.exam()
    owner, instructor = UserFactory(), UserFactory(is_staff=True)
    instructor.groups.add(instructors())
    people: dict[str, User | None] = {
        "anonymous": None,
        "guest": GuestFactory(),
        "owner": owner,
        "stranger": UserFactory(),
        "instructor": instructor,
        "staff": UserFactory(is_staff=True, is_superuser=True),
    }
    for person in filter(None, people.values()):
        if not person.is_guest:
            EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    ended = acts.submit(acts.start(blueprint, owner))
    return Cast(people, acts.start(blueprint, owner), ended)
