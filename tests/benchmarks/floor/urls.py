"""All addresses of the floor."""

from django.urls import path

from tests.benchmarks.floor import views

urlpatterns = [
    path("start/", views.start),
    path("attempts/<int:attempt>/review/", views.review),
    path("attempts/<int:attempt>/finish/", views.finish),
    path("attempts/<int:attempt>/report/", views.report),
    path("attempts/<int:attempt>/<int:position>/", views.page),
    path("attempts/<int:attempt>/<int:position>/answer/", views.answer),
]
