"""People in the workshop: accounts, their rights and their extra time. Guests are shown and never edited."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from accounts import addresses
from accounts.models import User

if TYPE_CHECKING:
    UserForm = forms.ModelForm[User]
    ChangeForm = UserChangeForm[User]
    CreationForm = AdminUserCreationForm[User]
    UserAdminOf = DjangoUserAdmin[User]
else:  # Django's own classes take no type arguments
    UserForm, ChangeForm, CreationForm, UserAdminOf = (
        forms.ModelForm,
        UserChangeForm,
        AdminUserCreationForm,
        DjangoUserAdmin,
    )

RIGHTS = ("is_active", "is_staff", "groups")


class OneAddress(UserForm):
    """An account has an address, and no other account has the same one in whatever letters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "email" in self.fields:
            self.fields["email"].required = True

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).exists():
            raise ValidationError("Another account has this address.")
        return email


class NewUserForm(OneAddress, CreationForm):
    class Meta:
        model = User
        fields = ("email", "name")


class UserForms(OneAddress, ChangeForm):
    class Meta:
        model = User
        fields = ("email", "password", "name", "accommodation", *RIGHTS)


class GuestFilter(admin.SimpleListFilter):
    title = "who"
    parameter_name = "who"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("accounts", "Accounts"), ("guests", "Guests")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() in {"accounts", "guests"}:
            return queryset.filter(guest_token__isnull=self.value() == "accounts")
        return queryset


@admin.register(User)
class UserAdmin(UserAdminOf):
    form = UserForms
    add_form = NewUserForm
    fieldsets = (
        (None, {"fields": ("email", "password", "name", "accommodation")}),
        ("Rights", {"fields": RIGHTS}),
        ("Dates", {"fields": ("date_joined", "last_login")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),)
    readonly_fields = ("date_joined", "last_login")
    filter_horizontal = ("groups",)
    list_display = ("__str__", "email", "accommodation", "is_staff", "is_active", "date_joined")
    list_filter = (GuestFilter, "is_staff", "is_active", "accommodation", "groups")
    search_fields = ("email", "name")
    ordering = ("-date_joined", "-pk")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Only superusers hand out rights, or anybody who may edit people could make themselves one."""
        own = super().get_readonly_fields(request, obj)
        return own if request.user.is_superuser else (*own, *RIGHTS)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and _may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and _may_touch(request, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if "email" in form.changed_data:
            addresses.follow(obj)


def _may_touch(request: HttpRequest, user: User | None) -> bool:
    """Nobody edits a guest, and only superusers edit staff."""
    if user is None:
        return True
    return not user.is_guest and (request.user.is_superuser or not (user.is_staff or user.is_superuser))
