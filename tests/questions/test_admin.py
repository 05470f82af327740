"""Questions in the workshop: who gets in, the page of a question, what is refused and in which words."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from questions import publishing
from questions.models import Misconception, Option, Question
from tests.exams.threads import together
from tests.factories import NOW, GuestFactory, QuestionFactory, UserFactory, blueprint, mistakes
from tests.questions.test_audit import STEM, TEXTS
from tests.questions.workshop import Fields, Page, add, address, browser, instructor, loaded, page, save

pytestmark = pytest.mark.django_db

HOME = "/admin/"
SIGN_IN = "/account/sign-in/"


@pytest.fixture
def client() -> Client:
    return browser(instructor())


@pytest.fixture
def question() -> Question:
    made: Question = QuestionFactory(slug="q", changed_at=NOW, ratings=[0.55])
    return made


def stored(question: Question) -> dict[str, Any]:
    """All that is stored of a question and its options, without ids."""
    row = Question.objects.filter(pk=question.pk).values().get()
    options = question.options.values("key", "text", "correct", "why", "misconception__slug")
    return row | {"options": list(options)}


# ---- who gets in ----


def test_the_workshop_leads_a_visitor_to_sign_in_and_back() -> None:
    response = Client().get(HOME, follow=True)
    assert response.redirect_chain[-1] == (f"{SIGN_IN}?next=%2Fadmin%2F", 302)
    assert response.templates[0].name == "account/login.html"


def test_a_visitor_who_signs_in_comes_to_the_workshop() -> None:
    instructor().set_password("a long enough word")
    user = instructor("other@example.org")
    user.set_password("a long enough word")
    user.save()
    sent = {"login": user.email, "password": "a long enough word", "next": HOME}
    response = Client().post(SIGN_IN, sent, follow=True)
    assert response.redirect_chain == [(HOME, 302)]
    assert response.context["title"] == "The bank"


@pytest.mark.parametrize("path", [HOME, "/admin/login/", "/admin/questions/question/", "/admin/accounts/user/"])
@pytest.mark.parametrize("who", [UserFactory, GuestFactory])
def test_the_workshop_refuses_a_candidate(path: str, who: Any) -> None:
    response = browser(who()).get(path, follow=True)
    assert response.status_code == 403
    assert b"You may not do this here." in response.content


def test_the_admins_own_sign_in_takes_no_password() -> None:
    user = instructor()
    user.set_password("a long enough word")
    user.save()
    client = Client()
    sent = {"username": user.email, "password": "a long enough word", "next": HOME}
    response = client.post("/admin/login/", sent)
    assert response.status_code == 302
    assert response["Location"].startswith(SIGN_IN)
    assert "_auth_user_id" not in client.session


def test_guessing_a_password_is_throttled() -> None:
    user = instructor()
    user.set_password("a long enough word")
    user.save()
    client = Client()
    for _ in range(5):
        client.post(SIGN_IN, {"login": user.email, "password": "wrong"})
    client.post(SIGN_IN, {"login": user.email, "password": "a long enough word"})
    assert "_auth_user_id" not in client.session


def test_staff_without_rights_on_the_bank_see_none_of_it() -> None:
    client = browser(UserFactory(is_staff=True))
    assert client.get(HOME).status_code == 200
    assert client.get(address("question_changelist")).status_code == 403


def test_who_may_only_read_gets_the_question_without_fields_or_buttons(question: Question) -> None:
    reader = UserFactory(is_staff=True)
    reader.user_permissions.add(*Permission.objects.filter(codename__in=["view_question", "view_option"]))
    client = browser(reader)
    text = client.get(address("question_change", question.pk)).content.decode()
    assert "The case of q." in text
    assert "_publish" not in text
    hidden = ("_FORMS", "-id", "-question", "csrfmiddlewaretoken", "changed_at")
    assert [name for name in Page(text).forms["question_form"] if not name.endswith(hidden)] == []
    refused = client.post(address("question_change", question.pk), {"stem": "Mine?"})
    assert refused.status_code == 403


# ---- the page ----


def test_the_page_brings_what_is_stored(client: Client, question: Question) -> None:
    fields = loaded(client, question)
    assert "slug" not in fields  # it stays
    assert fields["stem"] == ["The case of q.\r\n\r\nWhich option of q fits?"]
    assert fields["references"] == ["A page | https://docs.aws.amazon.com/page.html"]
    assert fields["ratings"] == ["0.55"]
    assert fields["options-0-key"] == ["a"]
    assert fields["options-0-correct"] == ["on"]
    assert fields["options-1-misconception"] == ["mistake-b"]
    assert fields["options-INITIAL_FORMS"] == ["4"]


def test_saving_what_is_stored_changes_nothing(client: Client, question: Question) -> None:
    before = stored(question)
    assert "was changed successfully" in save(client, question, loaded(client, question)).text
    assert stored(question) == before


def test_saving_keeps_the_moment(client: Client, question: Question, monkeypatch: pytest.MonkeyPatch) -> None:
    later = NOW + timedelta(hours=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    save(client, question, loaded(client, question), rationale="Another idea.")
    question.refresh_from_db()
    assert (question.rationale, question.changed_at) == ("Another idea.", later)


def test_a_change_of_an_option_alone_keeps_the_moment_too(
    client: Client, question: Question, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = NOW + timedelta(hours=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    save(client, question, loaded(client, question), **{"options-1-why": "Because."})
    question.refresh_from_db()
    assert question.changed_at == later
    assert question.options.get(key="b").why == "Because."


def test_references_and_ratings_are_written_in_lines_and_with_commas(client: Client, question: Question) -> None:
    lines = "Pipes | or bars | https://docs.aws.amazon.com/a.html\r\n\r\n  Second|https://docs.aws.amazon.com/b.html#c  \r\n"
    save(client, question, loaded(client, question), references=lines, ratings=" 0.5,1 , 0")
    question.refresh_from_db()
    assert question.references == [
        {"title": "Pipes | or bars", "url": "https://docs.aws.amazon.com/a.html"},
        {"title": "Second", "url": "https://docs.aws.amazon.com/b.html#c"},
    ]
    assert question.ratings == [0.5, 1.0, 0.0]


def test_the_page_offers_every_misconception(client: Client, question: Question) -> None:
    Misconception.objects.create(slug="takes-one", name='Takes <one> for "the other"', remedy="Look.")
    text = client.get(address("question_change", question.pk)).content.decode()
    assert '<option value="takes-one">Takes &lt;one&gt; for &quot;the other&quot;</option>' in text


def test_a_new_question_without_script(client: Client) -> None:
    assert "was added successfully" in add(client).text
    made = Question.objects.get(slug="new")
    assert [(row.key, row.correct, row.text) for row in made.options.all()] == [
        ("a", True, "Option a"),
        ("b", False, "Option b"),
        ("c", False, "Option c"),
        ("d", False, "Option d"),
    ]
    assert publishing.publish(made, by=None, at=NOW).number == 1


def test_a_new_question_with_six_options_without_script(client: Client) -> None:
    more = {
        f"options-{place}-{name}": f"{name} {letter}"
        for place, letter in ((4, "e"), (5, "f"))
        for name in ("text", "why")
    }
    wrong = {f"options-{place}-misconception": "mistake-b" for place in (4, 5)}
    keys = {"options-1-correct": "on", "options-1-misconception": ""}
    assert "was added successfully" in add(client, kind="multiple", **more, **wrong, **keys).text
    assert "".join(Question.objects.get().options.values_list("key", flat=True)) == "abcdef"


def test_a_fifth_option_without_script_gets_the_next_key(client: Client, question: Question) -> None:
    fields = loaded(client, question)
    assert fields["options-4-key"] == [""]
    fifth = {"options-4-text": "Fifth", "options-4-why": "Because", "options-4-misconception": "mistake-b"}
    second = {"options-1-correct": "on", "options-1-misconception": ""}
    save(client, question, fields, kind="multiple", **fifth, **second)
    assert list(question.options.values_list("key", "correct")) == [
        ("a", True),
        ("b", True),
        ("c", False),
        ("d", False),
        ("e", False),
    ]


def test_an_option_is_removed_by_its_box_and_another_may_take_its_place(client: Client, question: Question) -> None:
    row = {
        "options-4-key": "d",
        "options-4-text": "New d",
        "options-4-why": "So",
        "options-4-misconception": "mistake-b",
    }
    save(client, question, loaded(client, question), **{"options-3-DELETE": "on"}, **row)
    assert [(row.key, row.text) for row in question.options.all()][-1] == ("d", "New d")
    assert question.options.count() == 4


def test_the_key_of_a_stored_option_stays(client: Client, question: Question) -> None:
    before = stored(question)["options"]
    swapped = {"options-0-key": "b", "options-1-key": "a"}
    assert "was changed successfully" in save(client, question, loaded(client, question), **swapped).text
    assert stored(question)["options"] == before


# ---- what is refused ----

COUNT_SINGLE = "Give it four options and one key; it has {} and {}."
COUNT_MULTIPLE = "Give it five or six options and two or three keys; it has {} and {}."
SHARE = "“{}” is not a share from 0 to 1. Write them with commas: 0.55, 0.65"
TITLE_BAR = "Line {}: write a title, a bar and an address: Title | https://docs.aws.amazon.com/…"
AWS_ONLY = "Line {}: the address must be a page of https://docs.aws.amazon.com/"
FIFTH = {"options-4-text": "E", "options-4-why": "So", "options-4-misconception": "mistake-b"}
SECOND_KEY = {"options-1-correct": "on", "options-1-misconception": ""}
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "three options": ({"options-3-DELETE": "on"}, COUNT_SINGLE.format(3, 1)),
    "five options": (FIFTH, COUNT_SINGLE.format(5, 1)),
    "two keys": (SECOND_KEY, COUNT_SINGLE.format(4, 2)),
    "no key": ({"options-0-correct": None, "options-0-misconception": "mistake-b"}, COUNT_SINGLE.format(4, 0)),
    "multiple with four": ({"kind": "multiple", **SECOND_KEY}, COUNT_MULTIPLE.format(4, 2)),
    "multiple with one key": ({"kind": "multiple", **FIFTH}, COUNT_MULTIPLE.format(5, 1)),
    "one key twice": ({"options-3-DELETE": "on", "options-4-key": "a", **FIFTH}, "Give each option a key of its own."),
    "a strange key": ({"options-3-DELETE": "on", "options-4-key": "A-1", **FIFTH}, "Use small letters and digits."),
    "no reason": ({"options-2-why": " "}, "Say why this option is right or wrong."),
    "no text": ({"options-2-text": ""}, "Write the option."),
    "no misconception": ({"options-2-misconception": ""}, "Name the mistake that leads to this option."),
    "a misconception of the key": (
        {"options-0-misconception": "mistake-b"},
        "A right option stands for no mistake: empty this field.",
    ),
    "an unknown misconception": (
        {"options-2-misconception": "nobody-makes-it"},
        "There is no such misconception. Choose one of the list, or add it first.",
    ),
    "no reference": ({"references": " \r\n"}, "Cite at least one page of the AWS documentation."),
    "a reference without a title": ({"references": "https://docs.aws.amazon.com/a.html"}, TITLE_BAR.format(1)),
    "a reference with an empty title": ({"references": " | https://docs.aws.amazon.com/a"}, TITLE_BAR.format(1)),
    "a page elsewhere": (
        {"references": "One | https://docs.aws.amazon.com/a\r\nTwo | https://example.org/"},
        AWS_ONLY.format(2),
    ),
    "a host that only begins so": (
        {"references": "One | https://docs.aws.amazon.com.example.org/"},
        AWS_ONLY.format(1),
    ),
    "an address of two words": ({"references": "One | https://docs.aws.amazon.com/a b"}, AWS_ONLY.format(1)),
    "a rating above one": ({"ratings": "0.5, 65"}, SHARE.format("65")),
    "a rating that is no number": ({"ratings": "half"}, SHARE.format("half")),
    "a rating that is nan": ({"ratings": "nan"}, SHARE.format("nan")),
}


@pytest.mark.parametrize(("changed", "words"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_is_said_and_kept_as_typed(
    client: Client, question: Question, changed: dict[str, Any], words: str
) -> None:
    before = stored(question)
    shown = save(client, question, loaded(client, question), stem="Mine?", **changed)
    assert words in shown.parts
    assert stored(question) == before
    again = shown.forms["question_form"]
    assert again["stem"] == ["Mine?"]
    for name, value in changed.items():
        assert again.get(name, [None])[0] == value


def test_a_new_question_without_options_is_refused(client: Client) -> None:
    empty: dict[str, Any] = {
        f"options-{place}-{name}": "" for place in range(4) for name in ("text", "why", "misconception")
    }
    shown = add(client, **(empty | {"options-0-correct": None}))
    assert COUNT_SINGLE.format(0, 0) in shown.parts
    assert not Question.objects.exists()


def test_an_id_that_is_taken_is_refused(client: Client, question: Question) -> None:
    assert "Question with this Id already exists." in add(client, slug="q").parts
    assert Question.objects.count() == 1


def test_a_blueprint_without_the_scenario_is_refused(client: Client, question: Question) -> None:
    other = blueprint("DOP-C01")
    shown = save(client, question, loaded(client, question), blueprints=[str(other.pk)])
    assert "The scenario has no place in DOP-C01, so no form can have it there." in shown.parts


def test_a_flaw_that_is_a_warning_is_shown_and_saved(client: Client, question: Question) -> None:
    shown = save(client, question, loaded(client, question), stem="A case.\r\n\r\nWhich does not fit?")
    assert "was changed successfully" in shown.text
    assert "Look at these again (1)" in shown.parts
    ask = "Stem: Ask for what is so. If the question must be negative, write NOT in capitals."
    assert ask in shown.parts


def test_a_flaw_of_wording_keeps_a_draft_from_being_published_and_not_from_being_saved(
    client: Client, question: Question
) -> None:
    shown = save(client, question, loaded(client, question), stem="A case.\r\n\r\nWhich fits? Choose TWO.")
    question.refresh_from_db()
    assert question.stem.endswith("Choose TWO.")
    assert "Must be mended before it can be published (1)" in shown.parts
    assert "Stem: Take out 'Choose TWO': the page says how many to choose." in shown.parts


def test_the_page_of_a_flawless_question_says_so(client: Client, question: Question) -> None:
    Question.objects.filter(pk=question.pk).update(stem=STEM)
    for letter in "abcd":
        question.options.filter(key=letter).update(text=TEXTS[letter])
    shown = page(client, address("question_change", question.pk))
    assert "Draft" in shown.parts
    assert "Nothing to mend." in shown.parts


def test_the_page_of_a_draft_that_is_no_question_says_what_is_missing(client: Client, question: Question) -> None:
    Question.objects.filter(pk=question.pk).update(references=[{"title": "A page"}, "https://x"])
    shown = page(client, address("question_change", question.pk))
    assert "url of reference 1 is missing" in shown.parts
    assert shown.forms["question_form"]["references"] == ["A page | \r\nhttps://x"]


# ---- two people at once ----

TOLD = "This question was saved at 12:34:56 UTC by somebody else, or in another tab, so yours is not stored yet."
TOLD_SHORT = "by somebody else, or in another tab, so yours is not stored yet."
THEN = datetime(2026, 11, 21, 12, 34, 56, 789, tzinfo=UTC)


@pytest.fixture
def theirs(client: Client, question: Question, monkeypatch: pytest.MonkeyPatch) -> Fields:
    """A form that was loaded before a colleague changed the stem and the reason of option b."""
    fields = loaded(client, question)
    monkeypatch.setattr("django.utils.timezone.now", lambda: THEN)
    colleague = browser(instructor("colleague@example.org"))
    save(colleague, question, loaded(colleague, question), stem="Theirs?", **{"options-1-why": "Their reason."})
    return fields


def test_the_second_to_save_is_told_and_loses_nothing(client: Client, question: Question, theirs: Fields) -> None:
    before = stored(question)
    shown = save(client, question, theirs, stem="Mine?", **{"options-2-why": "My reason."})
    assert TOLD in shown.text
    assert stored(question) == before
    again = shown.forms["question_form"]
    mine = theirs | {"stem": ["Mine?"], "options-2-why": ["My reason."], "changed_at": [THEN.isoformat()]}
    assert {name: again[name] for name in mine if name != "csrfmiddlewaretoken"} == {
        name: value for name, value in mine.items() if name != "csrfmiddlewaretoken"
    }


def test_who_was_told_may_save_again(client: Client, question: Question, theirs: Fields) -> None:
    shown = save(client, question, theirs, stem="Mine?")
    assert "was changed successfully" in save(client, question, shown.forms["question_form"]).text
    question.refresh_from_db()
    assert question.stem == "Mine?"


def test_who_was_told_is_told_again_of_a_third_save(
    client: Client, question: Question, theirs: Fields, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = save(client, question, theirs, stem="Mine?")
    monkeypatch.setattr("django.utils.timezone.now", lambda: THEN + timedelta(microseconds=1))
    colleague = browser(instructor("third@example.org"))
    save(colleague, question, loaded(colleague, question), stem="The third?")
    assert TOLD in save(client, question, shown.forms["question_form"]).text
    question.refresh_from_db()
    assert question.stem == "The third?"


@pytest.mark.parametrize("token", ["", "yesterday", (THEN - timedelta(microseconds=1)).isoformat()])
def test_a_page_that_does_not_say_which_copy_it_shows_saves_nothing(
    client: Client, question: Question, theirs: Fields, token: str
) -> None:
    assert TOLD in save(client, question, theirs, changed_at=token).text
    question.refresh_from_db()
    assert question.stem == "Theirs?"


def replaced(question: Question) -> None:
    """All options made anew, as a new seed does it."""
    rows = list(question.options.select_related("misconception"))
    question.options.all().delete()
    for row in rows:
        row.pk = None
    Option.objects.bulk_create(rows)
    Question.objects.filter(pk=question.pk).update(changed_at=THEN)


def removed(question: Question) -> None:
    question.options.filter(key="d").delete()
    Question.objects.filter(pk=question.pk).update(changed_at=THEN)


def added(question: Question) -> None:
    Option.objects.create(question=question, key="e", text="Theirs", why="So", misconception=mistakes()["e"])
    Question.objects.filter(pk=question.pk).update(changed_at=THEN)


@pytest.mark.parametrize("meanwhile", [replaced, removed, added])
def test_rows_that_changed_meanwhile_lose_nothing_either(client: Client, question: Question, meanwhile: Any) -> None:
    fields = loaded(client, question)
    meanwhile(question)
    before = stored(question)
    shown = save(client, question, fields, **{"options-3-text": "My d", "options-1-why": "My b"})
    assert TOLD in shown.text
    assert stored(question) == before
    drop = {"options-4-DELETE": "on"} if meanwhile is added else {}
    again = shown.forms["question_form"]
    assert "was changed successfully" in save(client, question, again, **drop).text
    assert [(row.key, row.text, row.why) for row in question.options.all()] == [
        ("a", "Option a of q", "Reason a of q"),
        ("b", "Option b of q", "My b"),
        ("c", "Option c of q", "Reason c of q"),
        ("d", "My d", "Reason d of q"),
    ]


def test_an_option_that_a_colleague_added_is_there_after_the_refusal(client: Client, question: Question) -> None:
    fields = loaded(client, question)
    added(question)
    again = save(client, question, fields).forms["question_form"]
    sent = [again[f"options-4-{name}"] for name in ("key", "text", "why", "misconception")]
    assert sent == [["e"], ["Theirs"], ["So"], ["mistake-e"]]


# ---- deleting ----


def test_a_draft_can_be_deleted(client: Client, question: Question) -> None:
    client.post(address("question_delete", question.pk), {"post": "yes"})
    assert not Question.objects.exists()


def test_a_question_in_use_cannot_be_deleted(client: Client, question: Question) -> None:
    publishing.publish(question, by=None, at=NOW)
    shown = page(client, address("question_delete", question.pk))
    assert "q has been published, and attempts may hold it. So it stays, and cannot be deleted." in shown.parts
    client.post(address("question_delete", question.pk), {"post": "yes"})
    sent = {"action": "delete_selected", "_selected_action": [question.pk], "post": "yes"}
    client.post(address("question_changelist"), sent)
    assert Question.objects.count() == 1


def test_a_question_in_use_cannot_be_deleted_by_a_superuser(question: Question) -> None:
    publishing.publish(question, by=None, at=NOW)
    client = browser(UserFactory(is_staff=True, is_superuser=True))
    client.post(address("question_delete", question.pk), {"post": "yes"})
    client.post(
        address("question_changelist"), {"action": "delete_selected", "_selected_action": [question.pk], "post": "yes"}
    )
    assert Question.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_saves_at_the_same_moment_one_is_told() -> None:
    question: Question = QuestionFactory(slug="q", changed_at=NOW)
    clients = [browser(instructor(f"author{number}@example.org")) for number in (1, 2)]
    fields = [loaded(client, question) for client in clients]

    def saving(number: int) -> bool:
        return TOLD_SHORT in save(clients[number], question, fields[number], stem=f"Mine, {number}?").text

    told = together([lambda: saving(0), lambda: saving(1)])
    assert sorted(told) == [False, True]
    question.refresh_from_db()
    assert question.stem == f"Mine, {told.index(False)}?"


def test_a_key_that_a_colleague_added_is_there_after_the_refusal(client: Client) -> None:
    question: Question = QuestionFactory(slug="q", kind="multiple", changed_at=NOW)
    fields = loaded(client, question)
    Option.objects.create(question=question, key="f", text="Theirs", why="So", correct=True)
    Question.objects.filter(pk=question.pk).update(changed_at=THEN)
    again = save(client, question, fields).forms["question_form"]
    assert [again[f"options-5-{name}"] for name in ("key", "correct", "misconception")] == [["f"], ["on"], [""]]
