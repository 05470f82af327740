"""Markdown of questions to HTML: rendered, highlighted, sanitised, and kept in a bounded cache.

Content is immutable, so HTML is cached by the text itself; VERSION is part of nothing stored.
"""

from functools import lru_cache

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

TAGS = {
    "p",
    "pre",
    "code",
    "span",
    "strong",
    "em",
    "ul",
    "ol",
    "li",
    "a",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "br",
}
ATTRIBUTES = {
    "a": {"href"},
    "span": {"class"},
    "pre": {"tabindex", "role", "aria-label"},
    "ol": {"start"},
}
LANGUAGES = {
    "": "Text",
    "text": "Text",
    "yaml": "YAML",
    "json": "JSON",
    "bash": "Shell",
    "sh": "Shell",
    "console": "Terminal",
}
_formatter = HtmlFormatter(nowrap=True)


def _code(text: str, language: str) -> str:
    try:
        lexer = get_lexer_by_name(language) if language else None
    except ClassNotFound:
        lexer = None
    body = highlight(text, lexer, _formatter) if lexer else escape(text)
    name = LANGUAGES.get(language.lower(), language.capitalize())
    # a code block scrolls sideways, so it takes the focus and has a name
    return f'<pre tabindex="0" role="group" aria-label="{escape(name)}"><code>{body.rstrip()}</code></pre>'


class _Renderer(RendererHTML):
    def fence(self, tokens: "list[Token]", idx: int, *args: object) -> str:  # type: ignore[override] # options and env unused
        token = tokens[idx]
        return _code(token.content, (token.info or "").split(" ")[0])

    def code_block(self, tokens: "list[Token]", idx: int, *args: object) -> str:  # type: ignore[override] # as above
        return _code(tokens[idx].content, "")


def _abroad(tag: str, attribute: str, value: str) -> str | None:
    """Links lead to https pages elsewhere: the sanitiser alone lets relative addresses pass, and //host with them."""
    return value if attribute != "href" or value.startswith("https://") else None


_markdown = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer).enable("table")
_cleaner = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    url_schemes={"https"},
    attribute_filter=_abroad,
    link_rel="noopener noreferrer",
)


@lru_cache(maxsize=8192)
def block(text: str) -> SafeString:
    """Markdown paragraphs, lists, tables and code as safe HTML."""
    return mark_safe(_cleaner.clean(_markdown.render(text)))  # noqa: S308 - sanitised in this very line


@lru_cache(maxsize=32768)
def inline(text: str) -> SafeString:
    """One paragraph of Markdown without its <p>: options and what is asked."""
    return mark_safe(_cleaner.clean(_markdown.renderInline(text)))  # noqa: S308 - sanitised in this very line
