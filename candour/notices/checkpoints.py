"""Checkpoints of the trail, sent to people outside who can hold the installation to them later."""

from datetime import datetime

from candour.kernel.clock import today
from candour.notices import actions
from candour.people.models import Grant, GrantQuerySet, Membership, Partnership, Role, User
from candour.trail import checkpoints
from candour.trail.act import act
from candour.trail.models import Chain, Checkpoint

WITNESSES = 2
"""So many agencies' contacts hold each checkpoint, besides the coordinators."""
BODY = """Keep this message. It states how long the record of acts was, and where it stood, at this moment.
Should anybody ever cut or rewrite that record, these three lines and their signature will show it.
You need do nothing now.

{text}"""


def holders(partnership: Partnership | None, at: datetime) -> list[User]:
    """Who is sent a checkpoint: the coordinators, and a contact of the first two agencies that have one."""
    live = User.objects.filter(is_active=True, grants__in=_grants(at))
    if partnership is None:
        return list(live.filter(grants__role=Role.COORDINATOR).distinct().order_by("id"))
    coordinators = live.filter(grants__role=Role.COORDINATOR, grants__partnership=partnership)
    contacts: dict[str, User] = {}
    members = Membership.objects.on(today(at)).filter(partnership=partnership).values("agency")
    own = _grants(at).filter(role=Role.CONTACT, agency__in=members, user__is_active=True)
    for grant in own.select_related("user").order_by("agency", "id"):
        contacts.setdefault(grant.agency_id, grant.user)
    return [*coordinators.distinct().order_by("id"), *list(contacts.values())[:WITNESSES]]


def _grants(at: datetime) -> GrantQuerySet:
    return Grant.objects.in_force(today(at))


@act
def send_checkpoint(*, chain: Chain, reason: str, at: datetime) -> Checkpoint:
    """Sign where a chain stands, and send it out; before a draw, before a report, and daily."""
    checkpoint = checkpoints.take(chain, reason=reason, at=at)
    for person in holders(chain.partnership, at):
        actions.post(
            key=f"checkpoint:{checkpoint.pk}:{person.pk}",
            to=person,
            subject=f"Checkpoint of the record, {chain.length} entries",
            body=BODY.format(text=checkpoint.text),
            partnership=chain.partnership,
            at=at,
        )
    return checkpoint


def send_daily(at: datetime) -> None:
    """Send a checkpoint of every chain that has grown since its last."""
    for chain in Chain.objects.select_related("partnership").order_by("id"):
        last = chain.checkpoints.order_by("-length").first()
        if chain.length and (last is None or last.length < chain.length):
            send_checkpoint(chain=chain, reason="daily", at=at)
