"""What the forms of the workshop are made of: fields for text of several lines, references and ratings; rows."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import DELETION_FIELD_NAME
from django.forms.models import BaseInlineFormSet

from questions.audit import DOCUMENTATION

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Any]
    FormSet = BaseInlineFormSet[Any, Any, Any]
else:  # Django's own classes take no type arguments
    ModelForm, FormSet = forms.ModelForm, BaseInlineFormSet


class Text(forms.CharField):
    """Text of several lines as it is stored: browsers send other line ends, which would look like an edit."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return super().to_python(str(value).replace("\r\n", "\n") if value else value) or ""


class References(forms.Field):
    """Pages of the AWS documentation, one a line: "title | address". The value is a list of title and url."""

    widget = forms.Textarea(attrs={"rows": 3, "cols": 100, "class": "vLargeTextField"})

    def prepare_value(self, value: Any) -> Any:
        """Lines for what is stored, and for what was typed the very text."""
        return "\n".join(map(_line, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[dict[str, str]]:
        lines = [(place, line.strip()) for place, line in enumerate(str(value or "").splitlines(), 1)]
        return [self._reference(place, line) for place, line in lines if line]

    def _reference(self, place: int, line: str) -> dict[str, str]:
        title, bar, url = (part.strip() for part in line.rpartition("|"))
        if not (bar and title):
            raise ValidationError(f"Line {place}: write a title, a bar and an address: Title | {DOCUMENTATION}…")
        if not url.startswith(DOCUMENTATION) or len(url.split()) != 1:
            raise ValidationError(f"Line {place}: the address must be a page of {DOCUMENTATION}")
        return {"title": title, "url": url}


def _line(reference: Any) -> str:
    """What is stored may have come in by other ways than this page, and must be shown to be mended."""
    if not isinstance(reference, dict):
        return str(reference)
    return f"{reference.get('title', '')} | {reference.get('url', '')}"


class Ratings(forms.Field):
    """Shares from 0 to 1 with commas: "0.55, 0.65". The value is a list of numbers."""

    widget = forms.TextInput(attrs={"class": "vTextField"})

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[float]:
        return [self._share(part.strip()) for part in str(value or "").split(",") if part.strip()]

    def _share(self, text: str) -> float:
        try:
            share = float(text)
        except ValueError:
            share = -1.0
        if not 0 <= share <= 1:  # also refuses nan
            raise ValidationError(f"“{text}” is not a share from 0 to 1. Write them with commas: 0.55, 0.65")
        return share


def kept(formset: FormSet) -> list[Any]:
    """The forms of the rows that will be there after saving."""
    return [
        form
        for form in formset.forms
        if hasattr(form, "cleaned_data")
        and not form.cleaned_data.get(DELETION_FIELD_NAME)
        and (form.instance.pk or form.has_changed())
    ]
