"""What axe does not measure: width, text spacing, the sticky bar, sizes of targets."""

from playwright.sync_api import Page

SPACING = """
  * { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
  p { margin-block-end: 2em !important; }
"""  # WCAG 1.4.12

# elements that reach over the right edge of the window, unless they scroll within something of their own
OVER_THE_EDGE = """() => {
  const wide = document.documentElement.scrollWidth;
  if (wide <= innerWidth) return [];
  const over = [...document.body.querySelectorAll("*")].filter((one) =>
    one.getBoundingClientRect().right > innerWidth + 1 && !one.closest("pre, .vh"));
  return [`${wide} px wide`, ...over.slice(0, 5).map((one) => one.outerHTML.slice(0, 120))];
}"""
# texts of pictures with less than 4.5:1 against what lies behind them: the halo in the colour of the page, or a fill
PALE = """() => {
  const channels = (text) => text.match(/[\\d.]+/g).slice(0, 3).map((value) => {
    const share = Number(value) / (text.startsWith("color(") ? 1 : 255);
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const light = (text) => { const [r, g, b] = channels(text); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const ratio = (one, two) => (Math.max(light(one), light(two)) + 0.05) / (Math.min(light(one), light(two)) + 0.05);
  return [...document.querySelectorAll("svg text")].map((text) => {
    const style = getComputedStyle(text);
    const behind = style.stroke === "none" ? getComputedStyle(text.parentNode.querySelector("rect")).fill : style.stroke;
    return [ratio(style.fill, behind), text.outerHTML];
  }).filter(([contrast]) => contrast < 4.5).map(([contrast, html]) => `${contrast.toFixed(2)}:1 ${html}`);
}"""
ADOPT = """(css) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}"""


def pale(page: Page) -> list[str]:
    """Texts of pictures that are too pale, in either theme."""
    found: list[str] = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found += [f"{scheme}: {line}" for line in page.evaluate(PALE)]
    page.emulate_media(color_scheme="light")
    return found


def sideways(page: Page) -> list[str]:
    """What makes the page scroll sideways at 320 px, as it is and with the text spacing that WCAG wants endured."""
    before = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 640})
    found: list[str] = page.evaluate(OVER_THE_EDGE)
    page.evaluate(ADOPT, SPACING)
    found += [f"with text spacing: {line}" for line in page.evaluate(OVER_THE_EDGE)]
    if before:
        page.set_viewport_size(before)
    return found
