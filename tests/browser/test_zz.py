import pytest
from tests.browser.sittings import *
from tests.browser.states import STATES, PASSWORD
pytestmark = pytest.mark.browser
WANT = ["home of a visitor","start with errors","question in conflict","question low time","question signed out","review, All","end","report, Wrong","reviewed, wrong and changed","attempts open and finished","account with errors","sign in","sign up with errors","change the password with errors","404","report of an exam that ran out"]
@pytest.mark.parametrize("name", WANT)
def test_shots(page, name):
    u = set_password(person(), PASSWORD); sign_in(page.context, u)
    STATES[name](page, u)
    for w, c in ((1280,"light"),(320,"light"),(320,"dark")):
        page.set_viewport_size({"width": w, "height": 900}); page.emulate_media(color_scheme=c)
        page.wait_for_timeout(50)
        page.screenshot(path=f"/tmp/bt/shots/{name.replace(', ','-').replace(' ','-')}-{w}-{c}.png", caret="initial", full_page=True)
