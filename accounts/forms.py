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
        fields = ["name", "accommodation"]
        widgets = {"accommodation": forms.RadioSelect}
        labels = {"name": "Name", "accommodation": "Time that you are usually granted"}
