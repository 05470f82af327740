"""Pages of the site and of attempts."""

from django.urls import path, register_converter
from django.urls.converters import IntConverter, StringConverter

from exams.views import drills, pages, progress, results, sitting


class Number(IntConverter):
    """A number that fits into a column: SQLite breaks on longer ones."""

    regex = "[0-9]{1,18}"


class Code(StringConverter):
    """The code of a blueprint: PostgreSQL breaks on NUL."""

    regex = r"[^/\x00]{1,16}"


register_converter(Number, "number")
register_converter(Code, "code")

urlpatterns = [
    path("", pages.home, name="home"),
    path("start/", pages.first_start, name="first_start"),
    path("start/<code:code>/", pages.start, name="start"),
    path("drill/", drills.first_drill, name="first_drill"),
    path("drill/<code:code>/", drills.drill, name="drill"),
    path("bank/", pages.bank, name="bank"),
    path("accessibility/", pages.about, {"page": "accessibility"}, name="accessibility"),
    path("privacy/", pages.about, {"page": "privacy"}, name="privacy"),
    path("progress/", progress.show, name="progress"),
    path("attempts/", results.attempts, name="attempts"),
    path("attempts/<number:attempt>/", sitting.resume, name="attempt"),
    path("attempts/<number:attempt>/questions/<number:position>/", sitting.question, name="question"),
    path("attempts/<number:attempt>/questions/<number:position>/save/", sitting.save, name="save"),
    path("attempts/<number:attempt>/practice/<number:position>/", drills.practice, name="practice"),
    path("attempts/<number:attempt>/left/", sitting.left, name="left"),
    path("attempts/<number:attempt>/review/", sitting.review, name="review"),
    path("attempts/<number:attempt>/end/", sitting.end, name="end"),
    path("attempts/<number:attempt>/report/", results.report, name="report"),
    path("attempts/<number:attempt>/report/<number:position>/", results.review, name="question_review"),
    path("attempts/<number:attempt>/report.csv", results.download, name="download"),
]
