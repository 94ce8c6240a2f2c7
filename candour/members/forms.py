"""The forms of signing in, as allauth has them but in our words, and those of people and agencies."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from candour.people.models import AGENCY_ROLES, Agency, Role, Service, ServiceKind, User
from candour.ui.forms import DateField, Form, RadioSelect, text_box

ADVICE = "At least 12 characters. Three words that do not belong together are easy to keep in mind."


class Plain:
    """An allauth form in the product's own words, without placeholders."""

    words: dict[str, str] = {}
    hints: dict[str, str] = {}
    use_required_attribute = False
    mark_optional = False
    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["label_suffix"] = ""
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.words.get(name, field.label)
            field.help_text = self.hints.get(name, "")


class LoginForm(Plain, account.LoginForm):
    words = {"login": "Email address"}


class ResetPasswordForm(Plain, account.ResetPasswordForm):
    words = {"email": "Email address"}


class ResetPasswordKeyForm(Plain, account.ResetPasswordKeyForm):
    words = {"password1": "New password", "password2": "New password again"}
    hints = {"password1": ADVICE}


class ChangePasswordForm(Plain, account.ChangePasswordForm):
    words = {"oldpassword": "Current password", "password1": "New password", "password2": "New password again"}
    hints = {"password1": ADVICE}


class ReauthenticateForm(Plain, account.ReauthenticateForm):
    words = {"password": "Password"}


class AddEmailForm(Plain, account.AddEmailForm):
    words = {"email": "New email address"}


class ChangeEmailForm(Plain, account.ChangeEmailForm):
    words = {"email": "New email address"}


class ConfirmEmailForm(Plain, account.ConfirmEmailVerificationCodeForm):
    words = {"code": "Code from the email"}


class AuthenticateForm(Plain, mfa.AuthenticateForm):
    words = {"code": "Code from your authenticator app"}
    hints = {"code": "Six digits, or one of your recovery codes if you do not have the app with you."}


class ConfirmCodeForm(Plain, mfa.ReauthenticateForm):
    words = AuthenticateForm.words
    hints = AuthenticateForm.hints


class ActivateAppForm(Plain, totp.ActivateTOTPForm):
    words = {"code": "Code that the app shows"}
    hints = {"code": "Six digits. It changes every half minute."}


class AddPasskeyForm(Plain, webauthn.AddWebAuthnForm):
    words = {"name": "A name for this passkey", "passwordless": "Let me sign in with this passkey alone"}
    hints = {"name": "For example, “Work laptop”."}


class JoinForm(Form):
    """Somebody invited chooses a password."""

    name = forms.CharField(label="Your name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label="Choose a password",
        help_text=ADVICE,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_password(self) -> str:
        """A password that is long and not well known."""
        password = self.cleaned_data["password"]
        validate_password(password, User(email=self.email, name=self.cleaned_data.get("name", "")))
        return password


HINTS: dict[str, str] = {
    Role.COORDINATOR: "Sets audits up, draws, chases, collates and publishes.",
    Role.SECOND: "Confirms a fixed list; clears a briefing.",
    Role.CHAIR: "Leads the discussion and agrees conclusions.",
    Role.SCRUTINEER: "Independent; reads everything under case numbers once the pack is out.",
    Role.EXECUTIVE: "Reads results and accepts recommendations; sees no identity and no return.",
    Role.CONCERNS: "Takes up concerns about a child's safety.",
    Role.CONTACT: "Answers whether the agency knows a child; names auditors and authorisers.",
    Role.AUDITOR: "Reads the service's record and completes returns.",
    Role.AUTHORISER: "Checks returns and submits them.",
    Role.OWNER: "Reports on actions.",
}


class RoleForm(Form):
    """A role, where it holds and until when."""

    role = forms.ChoiceField(label="Role", widget=RadioSelect(hints=HINTS))
    place = forms.ChoiceField(
        label="Agency or service", required=False, help_text="For the last four roles. A service alone is narrower."
    )
    deputy = forms.BooleanField(label="As deputy", required=False)
    ends_on = DateField(
        label="Last day", required=False, help_text="Leave empty unless it is for a time, such as one audit."
    )

    def __init__(self, *args: Any, roles: list[str], agencies: list[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agencies = {agency.pk: agency for agency in agencies}
        self.services = {service.pk: service for agency in agencies for service in agency.services.all()}
        self.field("role").choices = [(role.value, role.label) for role in Role if role in roles]
        self.field("place").choices = [("", "None: it holds in the partnership"), *self._places()]

    def _places(self) -> list[tuple[str, Any]]:
        return [
            (agency.name, [(agency.pk, f"All of {agency.name}"), *((s.pk, s.name) for s in agency.services.all())])
            for agency in self.agencies.values()
        ]

    def clean(self) -> dict[str, Any]:
        """Partnership roles hold in the partnership, the others in an agency or a service of it."""
        data = super().clean() or self.cleaned_data
        place, needs_place = data.pop("place", ""), data.get("role") in AGENCY_ROLES
        if needs_place and not place:
            self.add_error("place", "Choose the agency or service")
        service: Service | None = self.services.get(place) if needs_place else None
        data["service"] = service
        data["agency"] = service.agency if service else self.agencies.get(place) if needs_place else None
        return data


class InviteForm(RoleForm):
    """Who is invited, to which role."""

    name = forms.CharField(label="Name", max_length=120)
    email = forms.EmailField(label="Email address", help_text="Their work address; the invitation goes there.")
    field_order = ["name", "email", "role", "place", "deputy", "ends_on"]


class BoardForm(Form):
    """The agency's member of the partnership's board."""

    name = forms.CharField(label="Name", max_length=120, required=False)
    email = forms.EmailField(
        label="Email address",
        required=False,
        help_text="They need no account. They hear where an answer or a return of their agency stays out for long, and "
        "nothing of a child. Leave both empty for nobody.",
    )

    def clean(self) -> dict[str, Any]:
        """Both or neither."""
        said = super().clean() or self.cleaned_data
        if bool(said.get("name")) != bool(said.get("email")) and not self.errors:
            self.add_error(
                "name" if said.get("email") else "email", "Give both a name and an email address, or neither"
            )
        return said


class LastDayForm(Form):
    """A last day."""

    ends_on = DateField(label="Last day", help_text="It still counts on that day.")


class StandInForm(Form):
    """Who stands in for somebody who is away."""

    deputy = forms.ChoiceField(
        label="Who stands in?",
        required=False,
        help_text="Somebody who holds the same role for the same service. They see nothing new by standing in.",
    )

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {one.pk: one for one in people}
        self.field("deputy").choices = [("", "Nobody"), *((pk, str(one)) for pk, one in self.people.items())]

    def said(self) -> dict[str, Any]:
        """What was typed, with the person chosen."""
        return self.cleaned_data | {"deputy": self.people.get(self.cleaned_data["deputy"])}


class AwayForm(StandInForm):
    """From when until when somebody is away, and who stands in."""

    starts_on = DateField(label="First day away")
    ends_on = DateField(label="Last day away")
    field_order = ["starts_on", "ends_on", "deputy"]


class ServiceForm(Form):
    """A service of an agency."""

    name = forms.CharField(label="Service or team", max_length=120)
    kind = forms.ChoiceField(
        label="What it is", choices=ServiceKind.choices, help_text="Decides which questions it is asked."
    )


class AgencyForm(Form):
    """An agency and its first services, one a line."""

    name = forms.CharField(label="Name of the agency", max_length=120)
    kind = forms.ChoiceField(
        label="What its services are",
        choices=ServiceKind.choices,
        help_text="You can add services of another kind later.",
    )
    services = forms.CharField(
        label="Services or teams that know children",
        help_text="One a line. A school or a GP practice is itself its one service.",
        widget=text_box(3),
    )

    def clean_services(self) -> list[str]:
        """The services named, each once."""
        lines = [line.strip() for line in self.cleaned_data["services"].splitlines() if line.strip()]
        if len({line.lower() for line in lines}) < len(lines):
            raise ValidationError("A service stands here twice")
        if any(len(line) > 120 for line in lines):
            raise ValidationError("A service's name can have 120 letters at most")
        return lines

    def agency(self) -> dict[str, Any]:
        """The agency's name, and its services as (name, kind)."""
        said = self.cleaned_data
        return {"name": said["name"], "services": [(name, said["kind"]) for name in said["services"]]}
