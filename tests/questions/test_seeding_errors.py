"""All or nothing: whatever is wrong with a file is named with its line and a reason, and nothing is seeded."""

from pathlib import Path

import pytest

from questions.interchange.yaml_files import FileError
from tests.questions.seeds import LAST, SERVICES, everything, lay_out, rewrite, run

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return lay_out(tmp_path)


WHERE: dict[str, tuple[str, str, str, str]] = {
    # what is wrong: file, what is replaced, by what, and the message
    "not YAML": ("bank/two.yaml", "title: The second", 'title: "The', "two.yaml, line 4: this is not YAML: "),
    "a name twice": (
        "bank/two.yaml",
        "solution: It is got.",
        "solution: It is got.\nsituation: Again.",
        "two.yaml, line 7: this is not YAML: situation stands here twice",
    ),
    "an option that says correct twice": (
        "bank/two.yaml",
        "correct: true, why: Reason a}",
        "correct: true, why: Reason a, correct: false}",
        "two.yaml, line 18: this is not YAML: correct stands here twice",
    ),
    "a name missing": (
        "bank/two.yaml",
        "title: The second\n",
        "",
        "two.yaml, line 1: 'title' is a required property",
    ),
    "a name missing in a question": (
        "bank/two.yaml",
        "    rationale: The idea.\n",
        "",
        "two.yaml, line 9: 'rationale' is a required property",
    ),
    "a name too many": (
        "bank/two.yaml",
        "    thinking: fault\n",
        "    thinking: fault\n    hint: Look.\n",
        "two.yaml, line 28: Additional properties are not allowed ('hint' was unexpected)",
    ),
    "a word that is none of these": (
        "bank/two.yaml",
        "thinking: fault",
        "thinking: guess",
        "two.yaml, line 30: 'guess' is not one of ['design', 'fault', 'read', 'order']",
    ),
    "text for a number": (
        "bank/two.yaml",
        "[0.5, 0.65]",
        "[0.5, half]",
        "two.yaml, line 24: 'half' is not of type 'number'",
    ),
    "a share above one": ("bank/two.yaml", "0.65", "65", "two.yaml, line 24: 65 is greater than the maximum of 1"),
    "a reference that is not on the web": (
        "bank/two.yaml",
        "https://docs.aws.amazon.com/b.html",
        "docs.aws.amazon.com",
        "two.yaml, line 42: 'docs.aws.amazon.com' does not match '^https://'",
    ),
    "an option without a reason": (
        "bank/two.yaml",
        "text: Option c, why: Reason c, misconception: takes-two",
        "text: Option c, misconception: takes-two",
        "two.yaml, line 20: 'why' is a required property",
    ),
    "a title too long": ("bank/two.yaml", "The second", "x" * 161, "two.yaml, line 2: 'xxx"),
    "another scenario": (
        "bank/two.yaml",
        "scenario: two",
        "scenario: tow",
        "two.yaml, line 1: the file is named two.yaml",
    ),
    "an unknown service": ("bank/two.yaml", "[ec2]", "[ec3]", "two.yaml, line 7: there is no service 'ec3'"),
    "an unknown service of a question": (
        "bank/two.yaml",
        "services: [chat]",
        "services: [chart]",
        "two.yaml, line 32: there is no service 'chart'",
    ),
    "an unknown blueprint of a question": (
        "bank/two.yaml",
        "blueprints: [DOP-X]",
        "blueprints: [DOP-Y]",
        "two.yaml, line 31: there is no blueprint 'DOP-Y'",
    ),
    "blueprints that differ": (
        "bank/two.yaml",
        "domains: {DOP-X: 1}",
        "domains: {DOP-Y: 1}",
        "two.yaml, line 4: domains and tasks name different blueprints",
    ),
    "a task of another domain": (
        "bank/two.yaml",
        'tasks: {DOP-X: "1.1"}',
        'tasks: {DOP-X: "2.1"}',
        "two.yaml, line 4: domain 1 of DOP-X has no task 2.1",
    ),
    "an unknown misconception": (
        "bank/two.yaml",
        "misconception: takes-one",
        "misconception: takes-none",
        "two.yaml, line 17: there is no misconception 'takes-none'",
    ),
    "an id of the same file": (
        "bank/two.yaml",
        "id: two-2",
        "id: two-1",
        "two.yaml, line 28: two-1 stands in two.yaml already",
    ),
    "an id of another file": (
        "bank/two.yaml",
        "id: two-2",
        "id: one-1",
        "two.yaml, line 28: one-1 stands in one.yaml already",
    ),
    "no date": (
        "bank/two.yaml",
        "verified: 2026-11-21",
        "verified: 2026-11-31",
        "two.yaml, line 27: '2026-11-31' is not a date like 2026-11-20",
    ),
    "a date of another form": (
        "bank/two.yaml",
        "verified: 2026-11-21",
        'verified: "20261121"',
        "two.yaml, line 27: '20261121' is not a date like 2026-11-20",
    ),
    "a blank that counts as text": (
        "bank/two.yaml",
        "text: Option c",
        'text: " "',
        "two.yaml, line 9: text of option 4 is missing",
    ),
    "a question that cannot be published": (
        "bank/two.yaml",
        "      - {key: c, text: Option c, why: Reason c, misconception: takes-two}\n",
        "",
        "two.yaml, line 9: two-1: Give it four options and one key; it has 3 and 1.",
    ),
    "a key twice": (
        "bank/two.yaml",
        "{key: c, text",
        "{key: b, text",
        "two.yaml, line 20: two options have the key 'b'",
    ),
    "a service twice": (
        "services.yaml",
        "slug: chat",
        "slug: ec2",
        "services.yaml, line 2: ec2 stands here for the second time",
    ),
    "a state of a service": (
        "services.yaml",
        "status: ok",
        "status: fine",
        "services.yaml, line 1: 'fine' is not one of ['ok', 'renamed', 'closed', 'ended']",
    ),
    "a misconception twice": (
        "misconceptions.yaml",
        "slug: takes-two",
        "slug: takes-one",
        "misconceptions.yaml, line 4: takes-one stands here for the second time",
    ),
    "a slug in capitals": (
        "misconceptions.yaml",
        "slug: takes-two",
        "slug: Takes",
        "misconceptions.yaml, line 4: 'Takes' does not match",
    ),
    "a domain twice": (
        "blueprints/dop-x.yaml",
        "number: 2",
        "number: 1",
        "dop-x.yaml, line 12: domain 1 stands here for the second time",
    ),
    "a day of retirement that is none": (
        "blueprints/dop-x.yaml",
        "minutes: 10",
        "minutes: 10\nretired_on: soon",
        "dop-x.yaml, line 6: 'soon' is not a date like 2026-11-20",
    ),
    "more scored than asked": (
        "blueprints/dop-x.yaml",
        "scored_count: 3",
        "scored_count: 5",
        "dop-x.yaml, line 4: more questions are scored than asked",
    ),
    "a cut off the scale": (
        "blueprints/dop-x.yaml",
        "cut: 750",
        "cut: 1001",
        "dop-x.yaml, line 6: the cut does not lie on the scale",
    ),
    "a number too large": (
        "blueprints/dop-x.yaml",
        "minutes: 10",
        "minutes: 40000",
        "dop-x.yaml, line 5: 40000 is greater than the maximum of 32767",
    ),
}


@pytest.mark.parametrize(("name", "old", "new", "words"), WHERE.values(), ids=WHERE)
def test_what_is_wrong_is_named_with_file_and_line_and_nothing_is_seeded(
    folder: Path, name: str, old: str, new: str, words: str
) -> None:
    rewrite(folder, name, old, new)
    with pytest.raises(FileError) as refused:
        run(folder)
    assert str(refused.value).startswith(words)
    assert {kind: len(rows) for kind, rows in everything().items()} == dict.fromkeys(everything(), 0)


@pytest.mark.parametrize("name", ["services.yaml", "bank/two.yaml"])
def test_an_empty_file_is_named(folder: Path, name: str) -> None:
    (folder / name).write_text("# nothing yet\n")
    with pytest.raises(FileError, match=rf"^{Path(name).name}, line 1: the file is empty$"):
        run(folder)


def test_a_file_that_is_missing_is_named(folder: Path) -> None:
    (folder / "misconceptions.yaml").unlink()
    with pytest.raises(FileError, match=r"^misconceptions.yaml, line 1: the file cannot be read: No such file"):
        run(folder)


def test_a_file_that_is_not_utf_8_is_named_with_its_line(folder: Path) -> None:
    (folder / "services.yaml").write_bytes(SERVICES.replace("Amazon Q", "Amäzon Q").encode("latin-1"))
    with pytest.raises(FileError, match=r"^services.yaml, line 2: this is not UTF-8$"):
        run(folder)


def test_an_error_of_a_later_run_leaves_the_bank_as_it_was(folder: Path) -> None:
    run(folder)
    before = everything()
    rewrite(folder, "bank/one.yaml", "first kind", "third kind")
    rewrite(folder, "services.yaml", "Amazon EC2", "EC2")
    rewrite(folder, "bank/two.yaml", "misconception: takes-one", "misconception: takes-none")
    with pytest.raises(FileError):
        run(folder, at=LAST)
    assert everything() == before
