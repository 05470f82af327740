"""axe-core on a page: both themes, a wide and a narrow window, everything unfolded."""

import json
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {"target-size": {"enabled": True}},  # off by default
    "resultTypes": ["violations", "incomplete"],
}
SCHEMES = {
    "light": OPTIONS,
    # the other rules do not look at colours, and would find the same again
    "dark": OPTIONS | {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}},
}
WIDTHS = (1280, 320)

# What axe leaves undecided ("incomplete") and why it is right: rule, beginning of the element.
#   color-contrast <text    axe does not see through the shapes of an SVG; `layout.pale` measures these texts instead
TRIAGED = {("color-contrast", "<text")}


def findings(page: Page) -> list[str]:
    """Violations, and what axe could not decide and nobody has looked at, one line each."""
    session = page.context.new_cdp_session(page)  # strings cannot be run inside of the page: our CSP refuses eval
    _run(session, f"{AXE_SCRIPT}; 0")
    # at the top, since axe cannot see through the sticky bar
    page.evaluate("() => { for (const one of document.querySelectorAll('details')) one.open = true; scrollTo(0, 0); }")
    before = page.viewport_size
    found: list[str] = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme, options in SCHEMES.items():
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type] # one of the two
            found += [f"{scheme} {width}: {line}" for line in _lines(_run(session, f"axe.run({json.dumps(options)})"))]
    page.emulate_media(color_scheme="light")
    if before:
        page.set_viewport_size(before)
    session.detach()
    return found


def _run(session: Any, expression: str) -> Any:
    answer = session.send("Runtime.evaluate", {"expression": expression, "awaitPromise": True, "returnByValue": True})
    if "exceptionDetails" in answer:
        raise RuntimeError(answer["exceptionDetails"])
    return answer["result"].get("value")


def _lines(results: dict[str, Any]) -> list[str]:
    lines = []
    for kind in ("violations", "incomplete"):
        for rule in results[kind]:
            for node in rule["nodes"]:
                if kind == "incomplete" and (rule["id"], node["html"].split()[0]) in TRIAGED:
                    continue
                why = "; ".join(check["message"] for check in node["any"] + node["all"] + node["none"])
                lines.append(f"{kind} {rule['id']}: {node['target']} {why}")
    return lines
