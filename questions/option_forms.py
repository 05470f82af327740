"""The options on a question's page: their form, and what must hold for all of them together."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from questions import content
from questions.audit import audit
from questions.fields import FormSet, ModelForm, kept
from questions.models import Misconception, Option

LETTERS = "abcdefghijklmnopqrstuvwxyz"
ROWS = 26  # of options that are looked at, whatever somebody sends


class OptionForm(ModelForm):
    key = forms.CharField(
        required=False,
        max_length=8,
        validators=[RegexValidator("^[a-z0-9]+$", "Use small letters and digits.")],
        widget=forms.TextInput(attrs={"size": 4}),
        help_text="Stable, never shown. Leave it empty for the next letter.",
    )
    misconception = forms.ModelChoiceField(
        Misconception.objects.all(),
        to_field_name="slug",
        required=False,
        widget=forms.TextInput(attrs={"list": "misconceptions", "size": 50, "autocomplete": "off"}),
        help_text="For a wrong option: the mistake that leads to it.",
        error_messages={"invalid_choice": "There is no such misconception. Choose one of the list, or add it first."},
    )

    class Meta:
        model = Option
        fields = ("key", "correct", "misconception", "text", "why")
        error_messages = {
            "text": {"required": "Write the option."},
            "why": {"required": "Say why this option is right or wrong."},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            # sent along, since it tells which option is meant should the rows be new; not disabled, but never changed
            self.fields["key"].widget.attrs["readonly"] = True
        if self.instance.misconception:
            self.initial["misconception"] = self.instance.misconception.slug

    def clean_key(self) -> str:
        return str(self.instance.key if self.instance.pk else self.cleaned_data["key"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("correct") and data.get("misconception"):
            self.add_error("misconception", "A right option stands for no mistake: empty this field.")
        elif not data.get("correct") and not data.get("misconception") and "misconception" not in self.errors:
            self.add_error("misconception", "Name the mistake that leads to this option.")
        return data


class OptionFormSet(FormSet):
    """The options of a question. Rows that were saved anew meanwhile are found again by their keys."""

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        if self.is_bound and self.instance.pk:
            self.data = self._rows_of_today(self.data)

    def clean(self) -> None:
        rows = kept(self)
        taken = {form.cleaned_data.get("key") for form in self.forms if hasattr(form, "cleaned_data")}
        free = (letter for letter in LETTERS if letter not in taken)
        for form in rows:
            if form.cleaned_data.get("key") == "":
                form.cleaned_data["key"] = form.instance.key = next(free, "")
        super().clean()
        options = tuple(
            content.Option(key, "", bool(form.cleaned_data.get("correct")), "")
            for key, form in zip(LETTERS, rows, strict=False)
        )
        counted = content.Content(self.instance.kind, "", options, "", ())
        for flaw in audit(counted):
            if flaw.rule == "count":
                raise ValidationError(flaw.message)

    def get_unique_error_message(self, unique_check: Any) -> str:
        return "Give each option a key of its own."

    def get_form_error(self) -> str:
        return "Another option has this key."

    def _rows_of_today(self, data: Any) -> Any:
        """What was sent, with the ids that the options have now. Only where somebody else has saved meanwhile."""
        stored = {option.key: option for option in self.get_queryset()}
        prefix = str(self.prefix)
        count = min(ROWS, _number(data.get(f"{prefix}-TOTAL_FORMS")))
        old_ones = min(ROWS, _number(data.get(f"{prefix}-INITIAL_FORMS")))
        sent = {data.get(f"{prefix}-{place}-id") for place in range(old_ones)}
        if sent == {str(option.pk) for option in stored.values()}:
            return data
        fields = ("key", "correct", "misconception", "text", "why", "DELETE")
        rows = [
            {name: data[at] for name in fields if (at := f"{prefix}-{place}-{name}") in data} for place in range(count)
        ]
        old: list[dict[str, Any]] = []
        new: list[dict[str, Any]] = []
        for row in rows:
            option = stored.pop(row.get("key", ""), None)
            (old if option else new).append(row | {"id": option.pk if option else ""})
        old += [_as_sent(option) for option in stored.values()]
        return _numbered(data, prefix, old, new)


def _as_sent(option: Option) -> dict[str, Any]:
    """An option that somebody else has added, as if it had been on the page."""
    sent: dict[str, Any] = {"id": option.pk, "key": option.key, "text": option.text, "why": option.why}
    if option.correct:
        sent["correct"] = "on"
    if option.misconception:
        sent["misconception"] = option.misconception.slug
    return sent


def _numbered(data: Any, prefix: str, old: list[dict[str, Any]], new: Iterable[dict[str, Any]]) -> Any:
    """A copy of what was sent in which the formset has these rows, those that are stored first."""
    rows = [*old, *new]
    copy = data.copy()
    for name in [name for name in copy if name.startswith(f"{prefix}-") and name.split("-")[1].isdigit()]:
        del copy[name]
    for place, row in enumerate(rows):
        for name, value in row.items():
            copy[f"{prefix}-{place}-{name}"] = str(value)
    copy[f"{prefix}-TOTAL_FORMS"], copy[f"{prefix}-INITIAL_FORMS"] = str(len(rows)), str(len(old))
    return copy


def _number(text: Any) -> int:
    return int(text) if isinstance(text, str) and text.isdigit() else 0
