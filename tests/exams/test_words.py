"""How times are written on pages."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import timezone

from exams import pictures
from exams.templatetags import exam_words

AT = datetime(2026, 11, 20, 16, 42, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("span", "written"),
    [
        (0, "0:00"),
        (0.999, "0:00"),
        (59, "0:59"),
        (60, "1:00"),
        (144, "2:24"),
        (3599.9, "59:59"),
        (3600, "1:00:00"),
        (3744, "1:02:24"),
        (36_000, "10:00:00"),
        (timedelta(minutes=2, seconds=24), "2:24"),
        (timedelta(days=1), "24:00:00"),
    ],
)
def test_clock(span: timedelta | float, written: str) -> None:
    assert exam_words.clock(span) == written


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (0, "0:00:00"),
        (0.9, "0:00:00"),
        (9078, "2:31:18"),
        (10_800, "3:00:00"),
        (59.99, "0:00:59"),
        (86_400, "24:00:00"),
    ],
)
def test_timer(seconds: float, written: str) -> None:
    assert exam_words.timer(seconds) == written


@pytest.mark.parametrize(
    ("span", "written"),
    [
        (timedelta(0), "0 min"),
        (timedelta(seconds=29), "0 min"),
        (timedelta(seconds=31), "1 min"),
        (timedelta(minutes=59), "59 min"),
        (timedelta(minutes=59, seconds=31), "1 h 0 min"),
        (timedelta(hours=2, minutes=41), "2 h 41 min"),
        (timedelta(hours=6), "6 h 0 min"),
    ],
)
def test_hours(span: timedelta, written: str) -> None:
    assert exam_words.hours(span) == written


@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        ("UTC", "16:42 UTC", "20 November 2026"),
        ("Europe/Berlin", "17:42", "20 November 2026"),
        ("America/Los_Angeles", "08:42", "20 November 2026"),
        ("Pacific/Auckland", "05:42", "21 November 2026"),
        ("Asia/Kathmandu", "22:27", "20 November 2026"),
    ],
)
def test_moments_are_in_the_zone_of_the_reader(zone: str, moment: str, day: str) -> None:
    with timezone.override(ZoneInfo(zone)):
        assert (exam_words.moment(AT), exam_words.day(AT)) == (moment, day)


def test_moments_on_both_sides_of_a_change_of_clocks() -> None:
    before, after = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    with timezone.override(ZoneInfo("Europe/Berlin")):
        assert (exam_words.moment(before), exam_words.moment(after)) == ("02:30", "02:30")


def test_days_have_no_leading_zero() -> None:
    with timezone.override(ZoneInfo("UTC")):
        assert exam_words.day(datetime(2026, 3, 1, tzinfo=UTC)) == "1 March 2026"


def test_templates_know_the_words() -> None:
    written = Template("{% load exam_words %}{{ span|clock }} {% bar share cut %}{{ text|inline }}").render(
        Context({"span": 144, "share": 50, "cut": 72.2, "text": "`<b>`"})
    )
    assert written == f"2:24 {pictures.bar(50, 72.2)}<code>&lt;b&gt;</code>"
