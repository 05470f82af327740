"""Times are shown in the zone of the reader, and an exam lasts as long as it should, whatever clocks do."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.middleware import local_time, zone
from exams.models import GRACE, Attempt
from questions.models import Blueprint
from tests import factories
from tests.accounts.conftest import Clock
from tests.exams import acts

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")
HOSTILE = [
    "",
    "Nowhere/City",
    "europe/berlin/",
    "../../etc/passwd",
    "/etc/passwd",
    "..",
    ".",
    "/",
    "America",
    "Europe/",
    "zone.tab",
    "tzdata.zi",
    "leapseconds",
    "\x00",
    "Europe/Berlin\x00",
    "UTC\n",
    "x" * 5000,
    "Ä/Ö",
    "\udc80",
    "🙂",
    "<script>alert(1)</script>",
    "a.b",
    "zoneinfo.sys",
    "-1",
    "None",
]


@pytest.mark.parametrize("name", ["Europe/Berlin", "America/Argentina/Ushuaia", "Asia/Kathmandu", "UTC", "Etc/GMT+12"])
def test_a_known_zone_is_used(name: str) -> None:
    assert zone(name).key == name


@pytest.mark.parametrize("name", HOSTILE, ids=lambda name: ascii(name)[:30])
def test_anything_else_is_utc(name: str) -> None:
    assert zone(name).key == "UTC"


@pytest.mark.parametrize("name", HOSTILE, ids=lambda name: ascii(name)[:30])
def test_a_hostile_cookie_breaks_no_page(name: str) -> None:
    request = HttpRequest()
    request.COOKIES["tz"] = name
    shown = local_time(lambda _: HttpResponse(timezone.get_current_timezone_name()))(request)
    assert shown.content == b"UTC"


def test_the_zone_of_one_reader_is_not_that_of_the_next() -> None:
    request = HttpRequest()
    request.COOKIES["tz"] = "Asia/Tokyo"
    seen = local_time(lambda _: HttpResponse(timezone.get_current_timezone_name()))(request)
    assert (seen.content, timezone.get_current_timezone_name()) == (b"Asia/Tokyo", "UTC")


def test_a_fault_in_a_page_leaves_no_zone_behind() -> None:
    request = HttpRequest()
    request.COOKIES["tz"] = "Asia/Tokyo"

    def fault(_: HttpRequest) -> HttpResponse:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        local_time(fault)(request)
    assert timezone.get_current_timezone_name() == "UTC"


# ---- pages ----


@pytest.mark.parametrize(
    ("cookie", "until"),
    [
        ("Europe/Berlin", "until 13:10"),
        ("America/New_York", "until 07:10"),
        ("", "until 12:10 UTC"),
        ("x", "until 12:10 UTC"),
    ],
)
def test_the_deadline_is_shown_in_the_zone_of_the_reader(
    small: Blueprint, clock: Clock, cookie: str, until: str
) -> None:
    attempt = acts.start(small)
    visitor = Client()
    visitor.force_login(attempt.user)
    visitor.cookies["tz"] = cookie
    assert f">{until}<" in visitor.get(reverse("question", args=[attempt.pk, 1])).content.decode()


# ---- changes of clocks ----


@pytest.fixture
def three_hours() -> Blueprint:
    return factories.exam(minutes=180)


@pytest.mark.parametrize(
    ("begins", "ends_at"),
    [
        (datetime(2026, 3, 29, 1, 0, tzinfo=BERLIN), "05:00"),  # an hour is left out at 2:00
        (datetime(2026, 10, 25, 1, 0, tzinfo=BERLIN), "03:00"),  # an hour comes twice at 3:00
        (datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=0), "04:30"),
        (datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=1), "05:30"),
        (datetime(2026, 6, 1, 23, 0, tzinfo=BERLIN), "02:00"),
    ],
)
def test_an_exam_lasts_three_hours_across_a_change_of_clocks(
    three_hours: Blueprint, clock: Clock, begins: datetime, ends_at: str
) -> None:
    clock.at = begins.astimezone(UTC)
    visitor = Client()
    visitor.cookies["tz"] = "Europe/Berlin"
    visitor.post("/start/DOP-C02/", {"time": "standard", "counting": "all"})
    attempt = Attempt.objects.get()
    assert (attempt.deadline - attempt.started_at).total_seconds() == 10_800
    page = visitor.get(reverse("question", args=[attempt.pk, 1])).content.decode()
    assert 'data-left="10800.000"' in page
    assert f">until {ends_at}<" in page


@pytest.mark.parametrize("day", [datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)])
def test_it_is_open_until_the_second_and_no_longer(three_hours: Blueprint, clock: Clock, day: datetime) -> None:
    clock.at = day
    attempt = acts.start(three_hours, at=day)
    visitor = Client()
    visitor.force_login(attempt.user)
    visitor.cookies["tz"] = "Europe/Berlin"
    left = reverse("left", args=[attempt.pk])
    for seconds, expected in ((0, 10_800), (3600, 7200), (10_799, 1), (10_800, 0)):
        clock.at = day + timedelta(seconds=seconds)
        assert visitor.get(left).json() == {"left": expected}
    clock.at = day + timedelta(seconds=10_800) + GRACE
    assert visitor.get(left).status_code == 410


def test_the_length_of_a_report_is_that_of_the_exam(three_hours: Blueprint, clock: Clock) -> None:
    clock.at = datetime(2026, 10, 25, 0, 0, tzinfo=UTC)
    attempt = acts.start(three_hours, at=clock.at)
    clock.go_on(minutes=90)
    acts.submit(attempt, at=clock.at)
    visitor = Client()
    visitor.force_login(attempt.user)
    visitor.cookies["tz"] = "Europe/Berlin"
    text = visitor.get(reverse("report", args=[attempt.pk])).content.decode()
    assert "25 October 2026, 02:00 to 02:30" in text
    assert "1 h 30 min of 3 h 0 min." in text
