from typing import TYPE_CHECKING

from django import forms

from accounts.models import User

if TYPE_CHECKING:
    UserForm = forms.ModelForm[User]
else:  # Django's own classes take no type arguments
    UserForm = forms.ModelForm


class AccountForm(UserForm):
    class Meta:
        model = User
        fields = ["name", "accommodation", "exam_on", "daily"]
        widgets = {
            "accommodation": forms.RadioSelect,
            "exam_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        labels = {"name": "Name", "accommodation": "Time that you are usually granted"}
        help_texts = {"exam_on": "Repetition is planned so that everything is fresh on that day."}
