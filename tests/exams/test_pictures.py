"""Pictures: where each shape stands, and what is said in words beside it."""

import re
from xml.etree import ElementTree

import pytest

from exams import pictures
from exams.pictures import Bar
from exams.scoring import SCALE, Scale


def parsed(picture: str) -> ElementTree.Element:
    """The picture as a tree, so that every test also asks for well-formed XML."""
    return ElementTree.fromstring(picture)  # noqa: S314 - our own output, that is what is tested


def shapes(picture: str, kind: str) -> list[dict[str, str]]:
    """The attributes of the shapes of this class."""
    return [element.attrib for element in parsed(picture).iter() if element.get("class") == kind]


def texts(picture: str) -> dict[str, tuple[str, str]]:
    """Each text with where it stands and how it is anchored."""
    return {text.text or "": (text.attrib["x"], text.attrib["text-anchor"]) for text in parsed(picture).iter("text")}


# ---- the score on its scale ----


@pytest.mark.parametrize(
    ("scaled", "low", "high", "dot", "tint"),
    [
        (750, 643, 835, "72.22%", ("60.33%", "21.33%")),
        (100, 100, 150, "0.00%", ("0.00%", "5.56%")),
        (1000, 949, 1000, "100.00%", ("94.33%", "5.67%")),
        (550, 550, 550, "50.00%", ("50.00%", "0.00%")),
    ],
)
def test_score_and_interval(scaled: int, low: int, high: int, dot: str, tint: tuple[str, str]) -> None:
    picture = pictures.scale_picture(scaled, low, high, SCALE)
    assert [shape["cx"] for shape in shapes(picture, "p-dot")] == [dot]
    assert [(shape["x"], shape["width"]) for shape in shapes(picture, "p-tint")] == [tint]
    assert [shape["x"] for shape in shapes(picture, "p-cut")] == ["72.22%"]


def test_the_scale_is_said_in_a_sentence() -> None:
    picture = parsed(pictures.scale_picture(820, 726, 887, SCALE))
    assert (picture.get("role"), picture.get("aria-label")) == (
        "img",
        "820 on the scale from 100 to 1000; 750 passes; interval 726 to 887",
    )


@pytest.mark.parametrize(
    ("scaled", "low", "high", "labels"),
    [
        (
            820,
            726,
            887,
            {
                "820": ("80.00%", "middle"),
                "726": ("69.56%", "end"),
                "887": ("87.44%", "start"),
            },
        ),
        (100, 100, 150, {"100": ("0.00%", "start")}),  # the end at 150 lies too close to the score
        (1000, 949, 1000, {"1000": ("100.00%", "end")}),
        (130, 100, 400, {"130": ("3.33%", "start"), "400": ("33.33%", "start"), "100": ("0.00%", "start")}),
        (600, 120, 980, {"600": ("55.56%", "middle"), "120": ("2.22%", "start"), "980": ("97.78%", "end")}),
    ],
)
def test_labels_above_the_scale(scaled: int, low: int, high: int, labels: dict[str, tuple[str, str]]) -> None:
    found = texts(pictures.scale_picture(scaled, low, high, SCALE))
    ends = {"100": ("0.00%", "start"), "1000": ("100.00%", "end"), "750 passes": ("72.22%", "middle")}
    assert found == ends | labels


def test_a_scale_without_labels_is_lower_and_names_cut_and_ends_only() -> None:
    with_labels, without = (pictures.scale_picture(820, 726, 887, SCALE, labels=labels) for labels in (True, False))
    assert (parsed(with_labels).get("height"), parsed(without).get("height")) == ("94", "70")
    assert set(texts(without)) == {"750 passes", "100", "1000"}


@pytest.mark.parametrize(
    ("scale", "ticks"),
    [(SCALE, 10), (Scale(0, 400, 100), 5), (Scale(200, 250, 220), 1)],
)
def test_ticks_stand_at_hundreds(scale: Scale, ticks: int) -> None:
    picture = pictures.scale_picture(scale.cut, scale.minimum, scale.maximum, scale)
    found = [float(shape["x1"].rstrip("%")) for shape in shapes(picture, "p-tick")]
    assert len(found) == ticks
    assert found == sorted(found)
    assert found[0] == 0


# ---- bars and blocks ----


@pytest.mark.parametrize(("percent", "width"), [(0, "0.00%"), (54.5454, "54.55%"), (100, "100.00%")])
def test_bar(percent: float, width: str) -> None:
    picture = pictures.bar(percent, 72.2222)
    assert [shape["width"] for shape in shapes(picture, "p-fill")] == [width]
    assert [shape["x"] for shape in shapes(picture, "p-cut")] == ["72.22%"]
    assert parsed(picture).get("aria-hidden") == "true"


@pytest.mark.parametrize("count", [0, 1, 17])
def test_blocks(count: int) -> None:
    found = shapes(pictures.blocks(count), "p-fill")
    assert [shape["x"] for shape in found] == [str(9 * place) for place in range(count)]


def test_weights_stand_side_by_side() -> None:
    domains = [(1, "SDLC", 22), (2, "IaC", 17), (3, "Rest", 61)]
    picture = parsed(pictures.weights_picture("DOP-C02", domains))
    assert [(part.get("x"), part.get("width")) for part in picture.findall("svg")] == [
        ("0%", "22%"),
        ("22%", "17%"),
        ("39%", "61%"),
    ]
    assert picture.get("aria-label") == "Weights of DOP-C02: SDLC 22 percent, IaC 17 percent, Rest 61 percent"


def test_names_are_escaped() -> None:
    picture = pictures.weights_picture('<b>"&', [(1, "<script>", 100)])
    assert "<script>" not in picture
    assert parsed(picture).get("aria-label") == 'Weights of <b>"&: <script> 100 percent'


# ---- pace ----


def test_pace_bars_stand_on_the_ground_and_are_filled_where_right() -> None:
    picture = pictures.pace_picture([Bar(1, 0, right=True), Bar(2, 216, right=False), Bar(3, 108, right=True)], 144)
    filled, hollow = shapes(picture, "p-fill"), shapes(picture, "p-hollow")
    assert [(shape["y"], shape["height"]) for shape in filled] == [("140", "0"), ("85", "55")]
    assert [(shape["x"], shape["y"], shape["width"], shape["height"]) for shape in hollow] == [
        ("37.67%", "30", "25.00%", "110")
    ]


@pytest.mark.parametrize(
    ("seconds", "pace", "dash"),
    [(0, 144, "67"), (216, 144, "67"), (432, 144, "103"), (0, 0, "140")],
)
def test_the_dashed_line_is_the_pace(seconds: float, pace: float, dash: str) -> None:
    (line,) = shapes(pictures.pace_picture([Bar(1, seconds, right=True)], pace), "p-dash")
    assert (line["y1"], line["y2"], line["x2"]) == (dash, dash, "100%")


@pytest.mark.parametrize(
    ("longest", "labels"),
    [
        (100, ["2 min"]),  # one and a half times the pace is the least that is shown
        (480, ["2 min", "4 min", "6 min", "8 min"]),
        (481, ["5 min"]),
        (1200, ["5 min", "10 min", "15 min", "20 min"]),
        (2000, ["10 min", "20 min", "30 min"]),
        (7200, ["30 min", "60 min", "90 min", "120 min"]),
        (10_800, ["60 min", "120 min", "180 min"]),
        (14_401, []),
    ],
)
def test_lines_at_whole_minutes(longest: float, labels: list[str]) -> None:
    found = texts(pictures.pace_picture([Bar(1, longest, right=True)], 144))
    assert [text for text in found if text.endswith("min")] == labels


@pytest.mark.parametrize(
    ("count", "places"),
    [
        (
            75,
            {"1": ("0.67%", "start"), "25": ("32.67%", "middle"), "50": ("66.00%", "middle"), "75": ("99.33%", "end")},
        ),
        (3, {"1": ("16.67%", "start"), "2": ("50.00%", "middle"), "3": ("83.33%", "end")}),
        (1, {"1": ("50.00%", "start")}),
    ],
)
def test_places_below_the_ground(count: int, places: dict[str, tuple[str, str]]) -> None:
    found = texts(pictures.pace_picture([Bar(place + 1, 60, right=True) for place in range(count)], 144))
    assert {text: place for text, place in found.items() if text.isdigit()} == places


def test_pace_of_no_questions_is_drawn() -> None:
    assert parsed(pictures.pace_picture([], 144)).get("role") == "img"


@pytest.mark.parametrize(
    "picture",
    [
        pictures.scale_picture(820, 726, 887, SCALE),
        pictures.bar(54.5, 72.2),
        pictures.blocks(3),
        pictures.weights_picture("DOP-C02", [(1, "SDLC", 100)]),
        pictures.pace_picture([Bar(1, 10, right=True)], 144),
    ],
)
def test_pictures_stretch_and_have_nothing_inline(picture: str) -> None:
    """No viewBox, no style: x in per cent, colours by class, as the Content-Security-Policy wants."""
    assert not re.search(r"viewBox|style=|<script|\son\w+=|href", picture)
    assert all(shape.tag in {"svg", "rect", "text", "line", "circle"} for shape in parsed(picture).iter())
