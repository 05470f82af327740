"""Every page of ours in every state: axe finds nothing, and nothing has to be scrolled sideways.

The same walk is a crawl for the Content-Security-Policy and for requests to other hosts: `conftest` watches each page.
"""

import pytest
from playwright.sync_api import Page

from tests.browser import axe, layout
from tests.browser.sittings import person, set_password, sign_in
from tests.browser.states import PASSWORD, STATES

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("name", sorted(STATES))
def test_state(page: Page, name: str) -> None:
    somebody = set_password(person(), PASSWORD)
    sign_in(page.context, somebody)
    STATES[name](page, somebody)
    found = axe.findings(page) + layout.pale(page) + layout.sideways(page)
    assert not found, "\n".join(found)
