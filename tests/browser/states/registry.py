"""Every page of ours in every state, as functions that bring a page there. Who is given is signed in already."""

from collections.abc import Callable

from playwright.sync_api import Page

from accounts.models import User

State = Callable[[Page, User], None]
STATES: dict[str, State] = {}
PASSWORD = "a long password 1"


def state(function: State) -> State:
    """Enter a state under the name of its function."""
    STATES[function.__name__.replace("_", " ")] = function
    return function
