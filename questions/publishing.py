"""The only writer of revisions: publish and retire."""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from questions import content
from questions.audit import Flaw, audit
from questions.models import Question, Revision


class NotPublishable(Exception):
    """The working copy may not go out as it is; `flaws` says why."""

    def __init__(self, question: Question, flaws: tuple[Flaw, ...]) -> None:
        self.question = question
        self.flaws = flaws
        super().__init__(f"{question}: " + "; ".join(flaw.message for flaw in flaws))


def working_content(question: Question) -> content.Content:
    """The working copy as content; raises `ContentError` where it does not describe a question."""
    return content.parse(
        {
            "kind": question.kind,
            "stem": question.stem,
            "rationale": question.rationale,
            "references": question.references,
            "options": [
                {
                    "key": option.key,
                    "text": option.text,
                    "correct": option.correct,
                    "why": option.why,
                    "misconception": option.misconception.slug if option.misconception else "",
                }
                for option in question.options.all()
            ],
        }
    )


def digest(data: dict[str, Any]) -> str:
    """A fingerprint of content, equal exactly when the content is."""
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@transaction.atomic
def publish(question: Question, *, by: User | None, at: datetime) -> Revision:
    """Freeze the working copy into the next revision, which takes the place of the live one.

    The live revision is returned where nothing has changed. Raises `NotPublishable` on flaws that are errors.
    """
    # read anew under the lock: what the caller holds may be older than what somebody has saved since
    question = Question.objects.select_for_update().prefetch_related("options__misconception").get(pk=question.pk)
    working = working_content(question)
    errors = tuple(flaw for flaw in audit(working) if flaw.severity == "error")
    if errors:
        raise NotPublishable(question, errors)
    data = content.dump(working)
    latest = question.revisions.order_by("-number").first()
    if latest and latest.digest == digest(data) and latest.superseded_at is None and latest.retired_at is None:
        return latest
    question.revisions.live().update(superseded_at=at)
    return Revision.objects.create(
        question=question,
        number=latest.number + 1 if latest else 1,
        content=data,
        digest=digest(data),
        published_at=at,
        published_by=by,
    )


@transaction.atomic
def retire(question: Question, *, at: datetime) -> bool:
    """Take the live revision out of further forms; attempts that hold it keep it. False if none was live."""
    # a revision that is being published at this moment is to be seen here, and retired
    Question.objects.select_for_update().get(pk=question.pk)
    return bool(Revision.objects.live().filter(question=question).update(retired_at=at))
