"""Markdown of questions: what hostile text becomes, and how code and tables look."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.rendering import block, inline
from tests.questions.hostile import dangers

HOSTILE = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example></sCrIpT>",
    "<script\n>alert(1)</script\n>",
    "<<script>alert(1)//<</script>",
    "<img src=x onerror=alert(1)>",
    '<img src="x" onerror="alert(1)"/>',
    "![x](https://evil.example/pixel.png)",
    "![x](x)",
    '![x](javascript:alert(1) "t")',
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext></mtext><script>alert(1)</script></math>",
    "<iframe src=https://evil.example></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<object data=x></object><embed src=x>",
    "<style>body{display:none}</style>",
    '<p style="position:fixed">',
    "<link rel=stylesheet href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<base href=//evil.example>",
    "<form action=/end/ method=post><button>Go</button></form>",
    "<input name=choice value=A>",
    "<textarea>",
    "<template><script>alert(1)</script></template>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    '<a href="javascript:alert(1)">go</a>',
    "[go](javascript:alert(1))",
    "[go](JaVaScRiPt:alert(1))",
    "[go](java\nscript:alert(1))",
    "[go](&#106;avascript:alert(1))",
    "[go](javascript&colon;alert(1))",
    "[go](\x01javascript:alert(1))",
    "[go](data:text/html,<script>alert(1)</script>)",
    "[go](data:text/html;base64,PHNjcmlwdD4=)",
    "[go](vbscript:msgbox(1))",
    "[go](file:///etc/passwd)",
    "[go](http://evil.example)",
    "[go](//evil.example)",
    "[go](/end/)",
    '[go](https://docs.aws.amazon.com/" onmouseover="alert(1))',
    "[go](https://docs.aws.amazon.com/ 'x\" onmouseover=\"alert(1)')",
    "<javascript:alert(1)>",
    '<https://evil.example/"onmouseover=alert(1)>',
    "[go]: javascript:alert(1)\n\n[go]",
    '<div hx-get="/end/" hx-trigger="load">',
    '<p data-hx-post="/end/" data-key="n">',
    '<span id="exam" name="exam">',
    '<a href="https://docs.aws.amazon.com/" onclick="alert(1)" style="color:red" id="x" data-x="y">go</a>',
    '```html" onmouseover="alert(1)\ncode\n```',
    "```<script>alert(1)</script>\ncode\n```",
    "```yaml\n<script>alert(1)</script>\n```",
    "```\n</code></pre><script>alert(1)</script>\n```",
    "    </code></pre><script>alert(1)</script>",
    "`</code><script>alert(1)</script>`",
    "| a |\n|---|\n| <script>alert(1)</script> |",
    "| a |\n|:-:|\n| b |",
    "<!-- <script>alert(1)</script> -->",
    "<!--><script>alert(1)</script>-->",
    "<?php alert(1) ?>",
    "<!DOCTYPE html>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\x00<script>alert(1)</script>",
    "\u2028<script>alert(1)</script>",
    "1. <script>alert(1)</script>\n2. b",
    "> <script>alert(1)</script>",
    "# <script>alert(1)</script>",
    "*<script>alert(1)</script>*",
    "<script>alert(1)</script\u00a0>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<a href='https://x'><style><a title='</style><img src=x onerror=alert(1)>'>",
]
# what code blocks have, and nothing that an author wrote
OURS = {"pre tabindex", "pre role", "pre aria-label"}


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("render", [block, inline])
def test_hostile_text_does_nothing(render: object, text: str) -> None:
    assert callable(render)
    assert dangers(render(text)) == []
    assert dangers(render(f"A case.\n\n{text}\n\nWhich {text} fits?")) == []


@given(st.lists(st.sampled_from([*HOSTILE, "\n\n", "`", "```", "*", "[", "](", ")", "<", ">", '"', " x"]), max_size=6))
def test_hostile_text_in_any_mixture_does_nothing(parts: list[str]) -> None:
    text = "".join(parts)
    assert dangers(block(text)) == []
    assert dangers(inline(text)) == []


@given(st.text())
def test_any_text_can_be_rendered(text: str) -> None:
    assert dangers(block(text)) == []
    assert dangers(inline(text)) == []


@pytest.mark.parametrize(
    "html",
    [
        "<script>",
        "<p onclick='x'>",
        "<a href='javascript:x'>",
        "<a href='/x'>",
        "<p style='x'>",
        "<p hx-get='x'>",
        "<!-- x -->",
        "<img src='https://x'>",
        "<p id='x'>",
    ],
)
def test_the_check_for_dangers_finds_them(html: str) -> None:
    assert dangers(html) != []


def test_raw_html_is_shown_as_it_was_written() -> None:
    assert block("Use `<b>` or <b>.") == "<p>Use <code>&lt;b&gt;</code> or &lt;b&gt;.</p>\n"


# ---- what authors use ----

RENDERED = {
    "paragraphs": ("One\ntwo.\n\nThree.", "<p>One\ntwo.</p>\n<p>Three.</p>\n"),
    "emphasis": ("*a* **b**", "<p><em>a</em> <strong>b</strong></p>\n"),
    "list": ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
    "steps": ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>\n'),
    "code": ("`a < b`", "<p><code>a &lt; b</code></p>\n"),
    "quotes": ("\"a\" & 'b'", "<p>\"a\" &amp; 'b'</p>\n"),
    "link": (
        "[a page](https://docs.aws.amazon.com/a.html?b=c&d=e)",
        '<p><a href="https://docs.aws.amazon.com/a.html?b=c&amp;d=e" rel="noopener noreferrer">a page</a></p>\n',
    ),
    "table": (
        "| a | b |\n|---|---|\n| c | d |",
        "<table>\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n"
        "<tbody>\n<tr>\n<td>c</td>\n<td>d</td>\n</tr>\n</tbody>\n</table>\n",
    ),
    "nothing": ("", ""),
}


@pytest.mark.parametrize(("text", "html"), RENDERED.values(), ids=RENDERED)
def test_markdown_becomes_html(text: str, html: str) -> None:
    assert block(text) == html


def test_a_line_is_rendered_without_a_paragraph() -> None:
    assert inline("Use *one* `code`.") == "Use <em>one</em> <code>code</code>."
    assert inline("- no list") == "- no list"


@pytest.mark.parametrize(
    ("info", "name"),
    [
        ("", "Text"),
        ("text", "Text"),
        ("yaml", "YAML"),
        ("YAML", "YAML"),
        ("json", "JSON"),
        ("bash", "Shell"),
        ("sh", "Shell"),
        ("console", "Terminal"),
        ("python", "Python"),
        ("no-such-language", "No-such-language"),
        ("yaml linenos", "YAML"),
    ],
)
def test_a_code_block_takes_the_focus_and_has_a_name(info: str, name: str) -> None:
    html = block(f"```{info}\na\n```")
    assert html.startswith(f'<pre tabindex="0" role="group" aria-label="{name}"><code>')
    assert html.endswith("</code></pre>")


def test_indented_code_is_a_code_block_too() -> None:
    assert block("    a < b") == '<pre tabindex="0" role="group" aria-label="Text"><code>a &lt; b</code></pre>'


@pytest.mark.parametrize(
    ("info", "code", "html"),
    [
        (
            "yaml",
            "a: 'b'",
            '<span class="nt">a</span><span class="p">:</span><span class="w"> </span><span class="s">\'b\'</span>',
        ),
        ("json", '{"a": 1}', '<span class="p">{</span><span class="nt">"a"</span><span class="p">:</span>'),
        ("text", "a: b", "a: b"),
        ("no-such-language", "a: <b>", "a: &lt;b&gt;"),
    ],
)
def test_code_is_highlighted_in_languages_that_are_known(info: str, code: str, html: str) -> None:
    assert f"<code>{html}" in block(f"```{info}\n{code}\n```")


def test_equal_text_is_rendered_once() -> None:
    text = "A text that no other test renders."
    assert block(text) is block("A text that no other" + " test renders.")
    assert inline(text) is inline("A text that no other" + " test renders.")


def test_what_is_rendered_counts_as_safe_in_templates() -> None:
    assert block("a").__html__() == "<p>a</p>\n"
    assert inline("a").__html__() == "a"
