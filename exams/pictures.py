"""Pictures as inline SVG: x in per cent, y in pixels, so that they stretch and their text does not.

Each is a list of shapes with classes of the stylesheet; no style attribute, no viewBox. Pure.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from exams.scoring import Scale


@dataclass(frozen=True, slots=True)
class Bar:
    """One question of the pace picture."""

    position: int
    seconds: float
    right: bool | None  # None while it may not be told


FILLS = {True: "p-fill", False: "p-hollow", None: "p-tint"}


def scale_picture(scaled: int, low: int, high: int, scale: Scale, *, labels: bool = True) -> SafeString:
    """The score on its scale with the cut and the interval; `labels` writes score and interval above it."""
    top = 30 if labels else 6
    height = top + 64
    at = [_share(value, scale) for value in (low, high, scaled, scale.cut)]
    shapes = [
        format_html('<rect class="p-track" y="{}" width="100%" height="18" rx="3"/>', top),
        *_ticks(scale, top + 18),
        format_html(
            '<rect class="p-tint" x="{}" y="{}" width="{}" height="18" rx="3"/>', _p(at[0]), top, _p(at[1] - at[0])
        ),
        format_html('<rect class="p-cut" x="{}" y="{}" width="2" height="50"/>', _p(at[3]), top - 6),
        _text(at[3], top + 60, f"{scale.cut} passes", "strong"),
        _text(0, top + 40, str(scale.minimum), "soft", "start"),
        _text(100, top + 40, str(scale.maximum), "soft", "end"),
        format_html('<circle class="p-dot" cx="{}" cy="{}" r="7"/>', _p(at[2]), top + 9),
    ]
    if labels:
        shapes += [_text(at[2], 19, str(scaled), "strong"), *_ends(low, high, at)]
    name = (
        f"{scaled} on the scale from {scale.minimum} to {scale.maximum}; {scale.cut} passes; interval {low} to {high}"
    )
    return _picture(height, name, shapes)


def bar(percent: float, cut: float) -> SafeString:
    """A share as a fill with the cut across; hidden from screen readers, since the row has the number."""
    return mark_safe(  # noqa: S308 - two numbers; a report has dozens of bars, and format_html costs
        '<svg class="bar" aria-hidden="true"><rect class="p-track" width="100%" height="14" rx="2"/>'
        f'<rect class="p-fill" width="{_p(percent)}" height="14" rx="2"/>'
        f'<rect class="p-cut" x="{_p(cut)}" y="-2" width="2" height="18"/></svg>'
    )


def blocks(count: int) -> SafeString:
    """So many questions, one block each; hidden from screen readers, since the row has the number."""
    shapes = format_html_join(
        "", '<rect class="p-fill" x="{}" width="7" height="12" rx="1"/>', ((9 * place,) for place in range(count))
    )
    return format_html('<svg class="bar" aria-hidden="true">{}</svg>', shapes)


def weights_picture(code: str, domains: Sequence[tuple[int, str, int]]) -> SafeString:
    """The domains of a blueprint side by side, as wide as they weigh."""
    start, shapes = 0, []
    for number, _, weight in domains:
        shapes.append(
            format_html(
                '<svg x="{}%" width="{}%" height="48"><rect class="p-fill" width="98%" height="48"/>'
                '<text class="on" x="49%" y="29" text-anchor="middle">{}</text></svg>',
                start,
                weight,
                number,
            )
        )
        start += weight
    names = ", ".join(f"{name} {weight} percent" for _, name, weight in domains)
    return _picture(48, f"Weights of {code}: {names}", shapes)


def pace_picture(bars: Sequence[Bar], pace: float) -> SafeString:
    """Seconds on each question against the pace; right is filled, wrong hollow."""
    base, room = 140, 110
    longest = max([one.seconds for one in bars] + [pace * 1.5, 1])
    width = 100 / max(len(bars), 1)

    def y(seconds: float) -> float:
        return base - room * seconds / longest

    shapes = [_rule(base), *_minutes(longest, y)]
    shapes += [
        mark_safe(  # noqa: S308 - a class of ours and numbers; format_html costs, and there are 75 of them
            f'<rect class="{FILLS[one.right]}" x="{_p(width * (place + 0.13))}" y="{y(one.seconds):.0f}"'
            f' width="{_p(width * 0.75)}" height="{base - y(one.seconds):.0f}"/>'
        )
        for place, one in enumerate(bars)
    ]
    shapes.append(
        format_html('<line class="p-dash" x1="0" x2="100%" y1="{}" y2="{}"/>', f"{y(pace):.0f}", f"{y(pace):.0f}")
    )
    shapes += _places(len(bars))
    name = (
        f"Seconds spent on each of the {len(bars)} questions, against the pace. The list of questions has every time."
    )
    return _picture(168, name, shapes)


def trend_picture(scores: Sequence[tuple[int, int, int]], scale: Scale) -> SafeString:
    """Scaled scores in the order of time, each with its interval, against the cut."""
    top, base = 12, 172

    def y(value: int) -> float:
        return base - (base - top) * (value - scale.minimum) / (scale.maximum - scale.minimum)

    width = 100 / max(len(scores), 1)
    shapes = [_rule(base), _rule(top), _text(0, top - 2, str(scale.maximum), "soft", "start")]
    for place, (scaled, low, high) in enumerate(scores):
        middle = width * (place + 0.5)
        shapes.append(
            mark_safe(  # noqa: S308 - nothing but numbers is put in
                f'<rect class="p-tint" x="{_p(middle - min(width, 6) / 3)}" y="{y(high):.0f}"'
                f' width="{_p(min(width, 6) / 1.5)}" height="{y(low) - y(high):.0f}" rx="3"/>'
                f'<circle class="p-dot" cx="{_p(middle)}" cy="{y(scaled):.0f}" r="5"/>'
            )
        )
    shapes.append(format_html('<line class="p-dash" x1="0" x2="100%" y1="{0}" y2="{0}"/>', f"{y(scale.cut):.0f}"))
    shapes.append(_text(100, y(scale.cut) - 5, f"{scale.cut} passes", "strong", "end"))
    first, last = scores[0][0], scores[-1][0]
    name = f"Scaled scores of {len(scores)} mock exams, from {first} at first to {last}. The table has each of them."
    return _picture(base + 8, name, shapes)


def _minutes(longest: float, y: Callable[[float], float]) -> list[SafeString]:
    step = next(step for step in (120, 300, 600, 1800, 3600, 10**9) if longest / step <= 4)
    shapes = []
    for seconds in range(step, int(longest) + 1, step):
        shapes.append(_rule(round(y(seconds))))
        shapes.append(_text(0, y(seconds) - 4, f"{seconds // 60} min", "soft", "start"))
    return shapes


def _places(count: int) -> list[SafeString]:
    marks = sorted({1, count} | {round(count / 3), round(2 * count / 3)})
    return [
        _text(
            100 * (place - 0.5) / count,
            160,
            str(place),
            "soft",
            "start" if place == 1 else "end" if place == count else "middle",
        )
        for place in marks
        if 1 <= place <= count
    ]


def _ends(low: int, high: int, at: Sequence[float]) -> list[SafeString]:
    """Labels of the interval's ends, left out where the score's own label stands."""
    ends = []
    if at[2] - at[0] > 6:
        ends.append(_text(at[0], 19, str(low), "soft", "start" if at[0] < 6 else "end"))
    if at[1] - at[2] > 6:
        ends.append(_text(at[1], 19, str(high), "soft", "end" if at[1] > 94 else "start"))
    return ends


def _ticks(scale: Scale, y: int) -> list[SafeString]:
    step = 100
    return [
        format_html(
            '<line class="p-tick" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>',
            _p(_share(value, scale)),
            y,
            y + (7 if value in (scale.minimum, scale.maximum) else 4),
        )
        for value in range(scale.minimum, scale.maximum + 1, step)
    ]


def _rule(y: float) -> SafeString:
    return format_html('<line class="p-grid" x1="0" x2="100%" y1="{0}" y2="{0}"/>', y)


def _text(x: float, y: float, words: str, kind: str, anchor: str = "middle") -> SafeString:
    if anchor == "middle" and (x < 4 or x > 96):
        anchor = "start" if x < 4 else "end"
    return format_html(
        '<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>', kind, _p(x), f"{y:.0f}", anchor, words
    )


def _picture(height: int, name: str, shapes: Sequence[SafeString]) -> SafeString:
    body = mark_safe("".join(shapes))  # noqa: S308 - each of them is safe
    return format_html('<svg class="picture" height="{}" role="img" aria-label="{}">{}</svg>', height, name, body)


def _share(value: int, scale: Scale) -> float:
    return 100 * (value - scale.minimum) / (scale.maximum - scale.minimum)


def _p(percent: float) -> str:
    return f"{percent:.2f}%"
