"""The forms of the workshop: what is checked when somebody saves, and in which words it is refused."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.html import format_html

from questions.audit import DOCUMENTATION
from questions.fields import FormSet, ModelForm, Ratings, References, Text, kept
from questions.models import Blueprint, Domain, Placement, Question


class OnceMade(ModelForm):
    """A form whose `fixed` fields stay as they are once the row is there: files, addresses and revisions name them."""

    fixed: tuple[str, ...] = ("slug",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in self.fixed:
                if name in self.fields:
                    self.fields[name].disabled = True


# ---- blueprints ----


class BlueprintForm(OnceMade):
    fixed = ("code",)

    class Meta:
        model = Blueprint
        fields = (
            *("code", "name", "retired_on", "question_count", "scored_count", "minutes"),
            *("scale_min", "scale_max", "cut"),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        asked, scored = data.get("question_count"), data.get("scored_count")
        if asked and scored and scored > asked:
            self.add_error("scored_count", "More questions are scored than asked.")
        low, cut, high = data.get("scale_min"), data.get("cut"), data.get("scale_max")
        if low is not None and cut is not None and high is not None and not low < cut <= high:
            self.add_error("cut", "The cut score must lie above the lowest and not above the highest score.")
        return data


class DomainForm(OnceMade):
    fixed = ("number",)

    class Meta:
        model = Domain
        fields = ("number", "name", "weight")


class TaskForm(OnceMade):
    fixed = ("code",)


class DomainFormSet(FormSet):
    def clean(self) -> None:
        super().clean()
        weights = [form.cleaned_data.get("weight") for form in kept(self)]
        if None not in weights and sum(weights) != 100:
            raise ValidationError(f"The weights add up to {sum(weights)} per cent; they must add up to 100.")

    def get_unique_error_message(self, unique_check: Any) -> str:
        return "Give each domain a number of its own."


# ---- scenarios ----


class PlacementForm(ModelForm):
    """A task, which says the domain and the blueprint too."""

    class Meta:
        model = Placement
        fields = ("task",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "task" in self.fields:  # a row stays in its blueprint
            tasks = self.fields["task"].queryset  # type: ignore[attr-defined] # it is a choice of models
            self.fields["task"].queryset = tasks.filter(domain__blueprint=self.instance.blueprint_id)  # type: ignore[attr-defined] # as above

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("task"):
            self.instance.blueprint = data["task"].domain.blueprint
        return data


class PlacementFormSet(FormSet):
    def clean(self) -> None:
        super().clean()
        rows = [form.instance for form in kept(self) if form.cleaned_data.get("task")]
        codes = [row.blueprint.code for row in rows]
        if not rows and not any(self.errors):
            raise ValidationError("Place the scenario in at least one blueprint, or no form can have it.")
        for code in sorted({code for code in codes if codes.count(code) > 1}):
            raise ValidationError(f"{code} stands here twice: a scenario has one place in each blueprint.")


# ---- questions ----


class QuestionForm(OnceMade):
    """A working copy. `changed_at` is when the copy was saved that this page shows, and guards later saves."""

    changed_at = forms.CharField(required=False, widget=forms.HiddenInput)
    stem = Text(
        widget=forms.Textarea(attrs={"rows": 14, "class": "vLargeTextField"}),
        help_text=Question._meta.get_field("stem").help_text,
    )
    references = References(
        help_text=f"AWS documentation, one page a line: Title | {DOCUMENTATION}…",
        error_messages={"required": "Cite at least one page of the AWS documentation."},
    )
    ratings = Ratings(
        required=False, help_text="Each rater's share of just-competent candidates who get it right: 0.55, 0.65"
    )

    class Meta:
        model = Question
        fields = (
            *("slug", "scenario", "kind", "thinking", "stem", "rationale", "references", "verified"),
            *("blueprints", "services", "ratings"),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["changed_at"] = self.instance.changed_at.isoformat()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.instance.pk:
            self._refuse_overwriting()
        scenario, blueprints = data.get("scenario"), data.get("blueprints")
        if scenario and blueprints:
            placed = set(scenario.placements.values_list("blueprint", flat=True))
            strange = ", ".join(one.code for one in blueprints if one.pk not in placed)
            if strange:
                self.add_error("blueprints", f"The scenario has no place in {strange}, so no form can have it there.")
        return data

    def _refuse_overwriting(self) -> None:
        """Refuse where somebody saved since this page was made; the next save is then meant to replace theirs."""
        # the row is locked until this save is over, so of two at once the later waits here and then sees the other
        stored = Question.objects.select_for_update().values_list("changed_at", flat=True).get(pk=self.instance.pk)
        if self.cleaned_data.get("changed_at") == stored.isoformat():
            return
        # the next save answers for the copy that is named here
        self.data = cast("QueryDict", self.data).copy()
        self.data[self.add_prefix("changed_at")] = stored.isoformat()
        words = format_html(
            "This question was saved at {} UTC by somebody else, or in another tab, so yours is not stored yet. All that "
            'you typed is below. <a href="" target="_blank" rel="noopener">Open theirs in a tab of its own</a>, take over '
            "what should stay, and save again: yours then replaces theirs.",
            f"{stored:%H:%M:%S}",
        )
        raise ValidationError(words, code="conflict")
