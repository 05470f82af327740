"""Pages in their states: `STATES` has all of them by name."""

from tests.browser.states import accounts, drills, exam, front, report  # noqa: F401 - each enters its own
from tests.browser.states.registry import PASSWORD, STATES

__all__ = ["PASSWORD", "STATES"]
