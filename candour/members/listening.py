"""Sign-ins and changes of accounts, as allauth tells of them, go on the installation's own record."""

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.conf import settings
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from candour.kernel.clock import now
from candour.members import actions, second_factor
from candour.people.models import User


def _note(user: User | None, verb: str, **detail: Any) -> None:
    if user is not None:
        actions.note_account(person=user, verb=verb, detail=detail, at=now())


@receiver(account.user_logged_in)
def signed_in(request: HttpRequest, user: User, sociallogin: Any = None, **kwargs: Any) -> None:
    """Somebody signed in; where their organisation says it asked for a second factor, and may, that counts."""
    if sociallogin is not None and settings.OIDC_SECOND_FACTOR and _asserted(sociallogin):
        second_factor.shown(request.session, user)
    _note(user, "signed in", how="directory" if sociallogin else "own")


@receiver(user_logged_out)
def signed_out(user: User | None, **kwargs: Any) -> None:
    """Somebody signed out."""
    _note(user, "signed out")


@receiver(account.password_changed)
@receiver(account.password_set)
def password_changed(user: User, **kwargs: Any) -> None:
    """Somebody changed their password."""
    _note(user, "password changed")


@receiver(account.password_reset)
def password_reset(user: User, **kwargs: Any) -> None:
    """Somebody set a new password by the link mailed to them; every session of theirs ends."""
    _note(user, "password reset")
    actions.end_sessions(person=user, at=now())


@receiver(account.email_changed)
def address_changed(user: User, **kwargs: Any) -> None:
    """Somebody changed the address that they sign in with."""
    _note(user, "address changed")


@receiver(mfa.authenticator_added)
def factor_added(request: HttpRequest, user: User, authenticator: Any, **kwargs: Any) -> None:
    """Somebody set up a second factor, and so showed it."""
    second_factor.shown(request.session, user)
    _note(user, "second factor added", kind=authenticator.type)


@receiver(mfa.authenticator_used)
def factor_used(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Somebody showed their second factor."""
    second_factor.shown(request.session, user)


@receiver(mfa.authenticator_removed)
def factor_removed(user: User, authenticator: Any, **kwargs: Any) -> None:
    """Somebody removed a second factor."""
    _note(user, "second factor removed", kind=authenticator.type)


@receiver(mfa.authenticator_reset)
def codes_renewed(user: User, **kwargs: Any) -> None:
    """Somebody had new recovery codes made."""
    _note(user, "recovery codes renewed")


def _asserted(sociallogin: Any) -> bool:
    """Whether the directory says (RFC 8176) that more than a password was asked for."""
    said = sociallogin.account.extra_data or {}
    methods = said.get("amr") or (said.get("id_token") or {}).get("amr") or (said.get("userinfo") or {}).get("amr")
    return bool({"mfa", "otp", "hwk", "fpt", "sc"} & set(methods or []))
