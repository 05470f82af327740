"""Pages of the site and of attempts."""

from django.urls import path

from exams.views import pages, results, sitting

urlpatterns = [
    path("", pages.home, name="home"),
    path("start/", pages.first_start, name="first_start"),
    path("start/<str:code>/", pages.start, name="start"),
    path("accessibility/", pages.about, {"page": "accessibility"}, name="accessibility"),
    path("privacy/", pages.about, {"page": "privacy"}, name="privacy"),
    path("attempts/", results.attempts, name="attempts"),
    path("attempts/<int:attempt>/", sitting.resume, name="attempt"),
    path("attempts/<int:attempt>/questions/<int:position>/", sitting.question, name="question"),
    path("attempts/<int:attempt>/questions/<int:position>/save/", sitting.save, name="save"),
    path("attempts/<int:attempt>/left/", sitting.left, name="left"),
    path("attempts/<int:attempt>/review/", sitting.review, name="review"),
    path("attempts/<int:attempt>/end/", sitting.end, name="end"),
    path("attempts/<int:attempt>/report/", results.report, name="report"),
    path("attempts/<int:attempt>/report/<int:position>/", results.review, name="question_review"),
    path("attempts/<int:attempt>/report.csv", results.download, name="download"),
]
