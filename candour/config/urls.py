"""Every page of Candour. Each step brings its own; nothing here knows more than where they begin."""

from typing import Any

from django.urls import include, path

from candour.access.guard import PUBLIC, Need, declare
from candour.access.policy import Can
from candour.members.views import sign_in

ROOMS = (
    "ui",
    "members",
    "notices",
    "identity",
    "tools",
    "concerns",
    "families",
    "focus",
    "sampling",
    "involvement",
    "appraisal",
    "discussion",
    "learning",
    "impact",
    "retention",
    "overview",
)
urlpatterns: list[Any] = [path("", include(f"candour.{room}.urls")) for room in ROOMS]

# Signing in is allauth's, but for its first page. Whatever is not named here wants somebody signed in.
SIGN_IN_PAGES = (
    "account_login",
    "account_logout",
    "account_signup",
    "account_inactive",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_confirm_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
    "socialaccount_signup",
    "openid_connect_login",
    "openid_connect_callback",
)
_third_party: list[Any] = [path("account/", include("allauth.urls"))]
declare(_third_party, dict.fromkeys(SIGN_IN_PAGES, PUBLIC), default=Need(Can.KEEP_ACCOUNT))
urlpatterns += [path("account/login/", sign_in, name="account_login"), *_third_party]

# The interface kit stands below access and cannot name a need itself; its gallery is served to anybody, never in production.
declare([p for p in urlpatterns if getattr(p, "app_name", "") == "ui"], {}, PUBLIC)

handler400 = "candour.ui.views.bad_request"
handler403 = "candour.ui.views.forbidden"
handler404 = "candour.ui.views.not_found"
handler500 = "candour.ui.views.failed"
