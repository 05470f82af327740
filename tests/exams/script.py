"""One attempt that was sat by a script, for reports: every answer, and when it was given."""

from datetime import datetime, timedelta

from exams import attempts
from exams.models import Attempt
from questions.models import Service
from tests import factories
from tests.exams import acts
from tests.factories import NOW, UserFactory

# question: domain, kind, services
FORM = {
    1: (1, "single", "s3 lambda"),
    2: (1, "single", "s3"),
    3: (1, "multiple", "s3 sns"),
    4: (2, "single", "lambda sns"),
    5: (2, "single", "lambda"),
    6: (2, "multiple", "sns"),
    7: (2, "single", "lambda"),
    8: (3, "single", ""),
}
# seconds since the start: what is done at a question. The pace is 20 minutes for 8 questions, 150 seconds.
SCRIPT: list[tuple[float, int, str]] = [
    (100, 1, "a"),  # right, in 100 s
    (350, 2, "b"),  # wrong, and slow: 250 s
    (400, 3, "a"),
    (420, 3, "ac"),  # the first complete answer, wrong
    (440, 3, "ab"),  # right at last, in 90 s
    (500, 4, "a"),
    (530, 4, "b"),  # from right to wrong, in 90 s
    (755, 5, "c"),  # wrong, in 225 s: one and a half times the pace is not slow yet
    (981, 6, "cd"),  # wrong twice, in 226 s
    (1000, 6, "de"),  # from wrong to wrong
    (1010, 7, "a"),
    (1020, 7, "b"),
    (1030, 7, "a"),  # changed, and back
]
OF = {"s3": "Amazon S3", "lambda": "AWS Lambda", "sns": "Amazon SNS"}


def sat() -> Attempt:
    """Eight questions in twenty minutes, the last one never reached, the seventh unscored."""
    services = {slug: Service.objects.create(slug=slug, name=name) for slug, name in OF.items()}
    made = factories.blueprint(weights=(50, 40, 5, 5), question_count=8, scored_count=7, minutes=20)
    questions = [factories.QuestionFactory(kind=kind) for _, kind, _ in FORM.values()]
    for question, (_, _, names) in zip(questions, FORM.values(), strict=True):
        # the first question has services of its own, the others those of their scenarios
        holder = question if question is questions[0] else question.scenario
        holder.services.set(services[name] for name in names.split())
    domains = [domain for domain, _, _ in FORM.values()]
    begun = factories.attempt(UserFactory(), made, factories.published(questions), domains=domains)
    begun.items.filter(position=7).update(scored=False)
    _sit(begun)
    return begun


def _sit(attempt: Attempt) -> None:
    """Answer by the script; each question is shown from the moment that the one before was answered last."""
    at, shown, place = 0.0, 0.0, 1
    for at, position, keys in SCRIPT:
        if position != place:
            _go(attempt, place, position, shown=shown, at=shown)
            place = position
        acts.answer(attempt, position, keys, at=after(at), shown=after(shown), page="page-of-script", seq=int(at))
        shown = at
    for position in (3, 6):
        attempts.flag(user=attempt.user, item=acts.item(attempt, position), on=True, at=after(at))


def _go(attempt: Attempt, leaving: int, to: int, *, shown: float, at: float) -> None:
    attempts.move(user=attempt.user, attempt=attempt.pk, leaving=leaving, to=to, shown=after(shown), at=after(at))


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)
