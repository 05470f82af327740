"""What the pages of the workshop share."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget, RelatedFieldWidgetWrapper
from django.db import models
from django.http import HttpRequest

from questions.fields import Text

if TYPE_CHECKING:
    BaseAdmin = admin.ModelAdmin[Any]
    TabularInline = admin.TabularInline[Any, Any]
    StackedInline = admin.StackedInline[Any, Any]
else:  # Django's own classes take no type arguments
    BaseAdmin, TabularInline, StackedInline = admin.ModelAdmin, admin.TabularInline, admin.StackedInline

# text of several lines keeps the line ends that it has
TEXT: Any = {models.TextField: {"form_class": Text, "widget": AdminTextareaWidget(attrs={"rows": 4})}}


class ModelAdmin(BaseAdmin):
    class Media:
        css = {"all": ["workshop.css"]}

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Beside a choice one may add or change what is chosen; to delete it there would be a slip."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        widget = getattr(field, "widget", None)
        if isinstance(widget, RelatedFieldWidgetWrapper):
            widget.can_delete_related = False
        return field
