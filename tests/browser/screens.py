"""`python -m tests.browser.screens`: the pictures of README in docs/screens/, from a real server and the whole bank.

The forms drawn, the answers and the times are the same at each run, so that the pictures change only with the pages (and the day).
"""

import os
import secrets
import sys
from datetime import timedelta
from pathlib import Path
from random import Random

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from django.conf import settings  # noqa: E402 - Django had to be set up first
from django.utils import timezone  # noqa: E402 - as above
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402 - as above

from exams.models import Attempt, AttemptItem  # noqa: E402 - as above
from questions.seeding import seed  # noqa: E402 - as above
from tests.browser import png  # noqa: E402 - as above
from tests.browser.pages import Exam  # noqa: E402 - as above
from tests.browser.server import Server  # noqa: E402 - as above
from tests.browser.sittings import Sitting, person, sign_in  # noqa: E402 - as above
from tests.conftest import CHROMIUM  # noqa: E402 - as above

FOLDER = settings.BASE_DIR / "docs" / "screens"
LIMIT = 120_000  # bytes of a picture
WIDE = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


def main() -> None:
    """Serve, take the pictures, say their sizes; raises where one is too large."""
    data = Path(settings.DATA_DIR)
    server = Server(database_url=f"sqlite:///{settings.DATABASES['default']['NAME']}", data=data)
    server.manage("migrate", "--verbosity=0")
    server.manage("createcachetable")
    server.manage("collectstatic", "--noinput", "--verbosity=0", "--ignore=admin")
    seed(settings.FIXTURES_DIR, at=timezone.now())
    secrets.randbits = lambda k: 20261120  # the seed of each form
    server.start()
    FOLDER.mkdir(parents=True, exist_ok=True)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_arguments())
            take_all(browser, server.url)
            browser.close()
    finally:
        server.kill()


def _arguments() -> list[str]:
    return ["--no-sandbox"] if os.geteuid() == 0 else []  # root has no sandbox


def take_all(browser: Browser, url: str) -> None:
    candidate = person(name="Ada", email="ada@example.org")
    finished = _finished(Sitting.begin(candidate, ago=timedelta(minutes=171)))
    running = Sitting.begin(candidate, ago=timedelta(minutes=58))
    here = _half_way(running)
    light = _page(browser, url, candidate)
    dark = _page(browser, url, candidate, color_scheme="dark")
    phone = _page(browser, url, candidate, viewport=PHONE)
    for page in (light, dark, phone):
        Exam(page, running).open(here)
        _scroll(page, "#ask")
    _take(light, "exam")
    _take(dark, "exam-dark")
    _take(phone, "phone")
    running.submit()
    report = f"/attempts/{finished.pk}/report/"
    for name, path in (("home", "/"), ("start", "/start/DOP-C02/"), ("report", report)):
        light.goto(path)
        _take(light, name)
    light.goto(f"{report}{_shortest(finished)}/")
    _scroll(light, ".verdicts")
    _take(light, "review")


def _page(browser: Browser, url: str, candidate: object, **options: object) -> Page:
    context = browser.new_context(
        **{"base_url": url, "viewport": WIDE, "timezone_id": "Europe/Berlin", "reduced_motion": "reduce"} | options  # type: ignore[arg-type] # a mixture of options
    )
    sign_in(context, candidate)  # type: ignore[arg-type] # a person of ours
    return context.new_page()


def _scroll(page: Page, selector: str) -> None:
    """So far that the element and what follows can be seen, with some of what comes before."""
    page.evaluate("(selector) => scrollTo(0, document.querySelector(selector).offsetTop - 300)", selector)


def _take(page: Page, name: str) -> None:
    page.evaluate("() => { document.activeElement.blur(); }")
    # the caret is left alone: hiding it needs a style that our policy refuses
    picture = png.with_palette(page.screenshot(caret="initial"))
    sys.stdout.write(f"{name}.png: {len(picture) / 1000:.0f} KB\n")
    if len(picture) > LIMIT:
        raise ValueError(f"{name}.png has {len(picture)} bytes, and may have {LIMIT}")
    (FOLDER / f"{name}.png").write_bytes(picture)


def _finished(sitting: Sitting) -> Sitting:
    """An exam with mistakes where most people make them, at a human pace."""
    rng = Random(7)
    for item in sitting.items():
        place = item.position
        right = rng.random() < (0.6 if item.domain in {4, 5} else 0.9)
        if rng.random() < 0.1:
            sitting.answer(place, sitting.wrong(place))
        sitting.answer(place, sitting.key(place) if right else sitting.wrong(place))
        AttemptItem.objects.filter(pk=item.pk).update(seconds=rng.uniform(45, 220), flagged=rng.random() < 0.12)
    sitting.submit()
    return sitting


def _half_way(sitting: Sitting) -> int:
    """An exam in its middle: where its candidate is, at a question that asks for two."""
    rng = Random(9)
    two = [item for item in sitting.items() if item.position > 20 and sitting.choose(item.position) == 2]
    here = min(two, key=_length).position
    for place in range(1, here):
        if rng.random() < 0.93:
            whole = sitting.key(place)
            sitting.answer(place, whole[:1] if rng.random() < 0.1 else whole)
    AttemptItem.objects.filter(attempt_id=sitting.pk, position__lte=here).update(seen_at=timezone.now())
    AttemptItem.objects.filter(attempt_id=sitting.pk, position__in=[4, 11, here]).update(flagged=True)
    Attempt.objects.filter(pk=sitting.pk).update(position=here)
    sitting.answer(here, sitting.key(here)[:1])
    wrong = next(key for letter, key in sitting.shown(here).items() if letter not in sitting.key(here))
    AttemptItem.objects.filter(attempt_id=sitting.pk, position=here).update(struck=wrong)
    return here


def _shortest(sitting: Sitting) -> int:
    """The wrong one with the shortest stem, so that the verdicts are in the picture."""
    wrong = [item for item in sitting.items() if sitting.chosen(item.position) != sitting.key(item.position)]
    return min(wrong, key=_length).position


def _length(item: AttemptItem) -> int:
    """Characters of the stem and the options."""
    content = item.revision.content
    return len(content["stem"]) + sum(len(option["text"]) for option in content["options"])


if __name__ == "__main__":
    main()
