"""A question rendered as candidates see it: in the exam without the key, and in review with it."""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from questions import bank, rendering
from questions.content import Content

LETTERS = "ABCDEF"
WORDS = {2: "TWO", 3: "THREE"}


def shown(content: Content) -> SafeString:
    """Both views, as safe HTML."""
    names = bank.misconceptions(option.misconception for option in content.distractors)
    prompt = content.prompt()
    context = {
        "case": rendering.block(prompt.case),
        "ask": rendering.inline(prompt.ask),
        "choose": WORDS.get(prompt.choose, ""),
        "options": [
            {
                "letter": letter,
                "text": rendering.inline(option.text),
                "why": rendering.inline(option.why),
                "correct": option.correct,
                "misconception": names.get(option.misconception, (option.misconception, ""))[0],
            }
            for letter, option in zip(LETTERS, content.options, strict=False)
        ],
        "rationale": rendering.block(content.rationale),
        "references": content.references,
    }
    return mark_safe(render_to_string("admin/questions/_shown.html", context))  # noqa: S308 - templates escape
