"""The workshop: the bank in Django's admin, and publishing from it."""

from questions.admin import catalogue, questions, revisions

__all__ = ["catalogue", "questions", "revisions"]
