"""How allauth's sign-in behaves here: by invitation only, its mail through the outbox, its secrets sealed."""

import base64
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context as current
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from candour.kernel.clock import now
from candour.kernel.ids import new_id
from candour.members import actions, visiting

RECENT = 600
"""Seconds for which a sign-in counts as having just proved who one is."""


class AccountAdapter(DefaultAccountAdapter):
    """Accounts: nobody signs up unless invited, and every mail goes through the outbox."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Whoever was called in for one case has no account to sign in to: they hear how to come back."""
        if visiting.is_visit(request.session):
            return reverse("members:visit_over")
        return str(super().get_logout_redirect_url(request))

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Somebody who signed in a moment ago is not asked again while setting up their second factor."""
        request = current.request
        proofs = get_authentication_records(request, request.user)
        if proofs and time.time() - proofs[-1]["at"] < RECENT:
            return False
        return super().is_reauthentication_required(app=app, **kwargs)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put allauth's mail into the outbox. It may bear a link or code, so nobody else may read it."""
        everything = {"request": current.request, "email": email, "base_url": settings.BASE_URL, **context}
        letter = self.render_mail(template_prefix, email, everything)
        key = f"account:{template_prefix}:{new_id()}"
        actions.post_account_mail(key=key, to=email, subject=letter.subject, body=str(letter.body), at=now())

    def format_email_subject(self, subject: str) -> str:
        return str(subject)


class MFAAdapter(DefaultMFAAdapter):
    """Second factors: their secrets sealed, and the last one never removed."""

    def encrypt(self, text: str) -> str:
        return _secrets().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _secrets().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        others = Authenticator.objects.filter(user=authenticator.user).exclude(pk=authenticator.pk)
        return others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


class DirectoryAdapter(DefaultSocialAccountAdapter):
    """An organisation's own sign-in opens the door to people already invited; it brings in nobody new."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[Any]:
        """Those of the settings; where they name none, the sign-in page need not ask the database."""
        named = any(settings.SOCIALACCOUNT_PROVIDERS.values())
        return super().list_apps(request, provider, client_id) if named else []


def _secrets() -> MultiFernet:
    """The installation's field keys, newest first, made over for this one use."""
    keys = []
    for key in settings.CANDOUR_KEYS["field"]:
        made = HKDF(SHA256(), 32, None, b"second factors").derive(base64.b64decode(key))
        keys.append(Fernet(base64.urlsafe_b64encode(made)))
    return MultiFernet(keys)
