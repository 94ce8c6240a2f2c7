"""The words of the mails that members sends."""

from candour.kernel.clock import local
from candour.members.models import Invitation
from candour.notices.digest import Letter
from candour.people.models import Absence, User


def invitation(given: Invitation) -> Letter:
    """The mail that offers a role; the same for whoever reads it, known or new."""
    until = local(given.expires_at)
    paragraphs = (
        f"Dear {given.name},",
        f"{given.invited_by or 'Candour'} invites you to take part in the multi-agency case audits of "
        f"{given.partnership}, as {given.offer}.",
        "Open the link below to accept. If you have an account already, you sign in with it; if not, you choose a "
        "password and set up a second step, with an authenticator app or a passkey. That takes five minutes.",
        f"The link is for you alone and can be used once, until {until:%A} {until.day} {until:%B %Y}. If you did not "
        "expect it, do nothing.",
    )
    return Letter(f"{given.partnership.short_name}: you are invited as {given.offer}", "\n\n".join(paragraphs))


def second_factor_reset(person: User, by: User) -> Letter:
    """The mail that tells somebody that their second step was reset."""
    paragraphs = (
        f"Dear {person.name},",
        f"{by} has reset the second step of your account, because you, or somebody who said so, had lost it. When you "
        "next sign in with your password, you set up a new one.",
        f"If you did not ask for this, ring {by} at once.",
    )
    return Letter("Your second step has been reset", "\n\n".join(paragraphs))


def absence(given: Absence, what: str, to: User, by: User) -> Letter:
    """The mail that says who is away and who stands in or no longer does, or that it has been called off."""
    span = f"from {given.starts_on.day} {given.starts_on:%B} until {given.ends_on.day} {given.ends_on:%B %Y}"
    whose = "you are" if to.pk == given.user_id else f"{given.user} is"
    if what == "back":
        subject, said = (
            "Nobody is away after all",
            f"{by} has called it off that {whose} away {span}. Messages go as before.",
        )
    elif to.pk == given.user_id:
        subject = "You are marked as away"
        said = f"{by} has said that you are away {span}. {given.deputy or 'Nobody'} stands in. You can call it off "
        said += "under “Your account”."
    elif to.pk != given.deputy_id:
        subject = f"You stand in no more for {given.user}"
        said = f"{by} has said that you no longer stand in for {given.user}, who is away {span}. What comes for them "
        said += "comes to you no more."
    else:
        subject = f"You stand in for {given.user}"
        said = f"{by} has said that {whose} away {span}, and that you stand in. On those days, messages and reminders "
        said += (
            "about the work that both of you may do for your service come to you and say so. You see nothing that you "
        )
        said += "could not see before."
    return Letter(subject, f"Dear {to.name},\n\n{said}")
