"""Where questions stand between draft and retired: derived from their revisions, for authors' lists. Reads only."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Exists, F, OuterRef, QuerySet, prefetch_related_objects

from questions import content, publishing
from questions.models import Question, Revision

DRAFT: Final = "draft"
PUBLISHED: Final = "published"
CHANGED: Final = "changed"
RETIRED: Final = "retired"
STATES = {
    DRAFT: "Draft, never published",
    PUBLISHED: "Published",
    CHANGED: "Changed since published",
    RETIRED: "Retired",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A state, and the number of the revision that is live, or was the last one."""

    state: str
    revision: int | None = None

    def __str__(self) -> str:
        match self.state:
            case "draft":
                return "Draft"
            case "changed":
                return f"Changed since revision {self.revision}"
            case "retired":
                return f"Retired, last was revision {self.revision}"
            case _:
                return f"Revision {self.revision}"


def standings(questions: Iterable[Question]) -> dict[int, Standing]:
    """Where each of these questions stands, by id, in the same few queries however many there are."""
    rows = list(questions)
    last: dict[int, Revision] = {}
    for revision in Revision.objects.filter(question__in=rows).defer("content").order_by("number"):
        last[revision.question_id] = revision
    saved_since = [row for row in rows if row.pk in last and row.changed_at > last[row.pk].published_at]
    prefetch_related_objects(saved_since, "options__misconception")
    changed = {row.pk for row in saved_since if _digest(row) != last[row.pk].digest}
    return {row.pk: _standing(last.get(row.pk), changed=row.pk in changed) for row in rows}


def in_state(questions: "QuerySet[Question]", state: str) -> "QuerySet[Question]":
    """The questions that stand so; anything but a state is no filter."""
    revisions = Revision.objects.filter(question=OuterRef("pk"))
    match state:
        case "draft":
            return questions.filter(~Exists(revisions))
        case "retired":
            return questions.filter(Exists(revisions), ~Exists(revisions.live()))
        case "changed":
            return questions.filter(pk__in=_changed())
        case "published":
            return questions.filter(Exists(revisions.live())).exclude(pk__in=_changed())
        case _:
            return questions


def _standing(last: Revision | None, *, changed: bool) -> Standing:
    if last is None:
        return Standing(DRAFT)
    if last.retired_at is not None:
        return Standing(RETIRED, last.number)
    return Standing(CHANGED if changed else PUBLISHED, last.number)


def _changed() -> list[int]:
    """Ids of live questions whose working copy says something else: only those saved since then need be compared."""
    live = (
        Revision.objects.live()
        .filter(published_at__lt=F("question__changed_at"))
        .defer("content")
        .select_related("question")
        .prefetch_related("question__options__misconception")
    )
    return [row.question_id for row in live if _digest(row.question) != row.digest]


def _digest(question: Question) -> str:
    try:
        return publishing.digest(content.dump(publishing.working_content(question)))
    except content.ContentError:
        return ""  # a draft that describes no question is not what was published
