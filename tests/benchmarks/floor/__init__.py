"""The floor: the least that Django does for such a step, to measure the app against. Not a part of the app.

A bare Django project of its own with the middleware that `startproject` gives: the session and user row looked up,
one PostgreSQL, pages from the template language.
"""
