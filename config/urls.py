"""All addresses of the site."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

admin.site.site_header = "Cutscore workshop"
admin.site.site_title = "Cutscore"
admin.site.index_title = "The bank"
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign] # allauth's documented way to throttle it

handler404 = "exams.views.pages.not_found"
handler500 = "config.views.server_error"

urlpatterns = [
    path("account/", include("accounts.urls")),
    path("admin/", admin.site.urls),
    path("", include("exams.urls")),
]
