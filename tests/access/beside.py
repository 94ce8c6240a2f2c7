"""What stands beside an audit: a concern, a message, a legal hold, what a family said."""

from typing import Any

from candour.concerns.models import Concern
from candour.families.models import Link, View
from candour.kernel import vault
from candour.kernel.ids import new_id
from candour.kernel.models import KeyKind
from candour.notices.models import Message
from candour.people.models import Grant
from candour.people.tests.factories import AT, World
from candour.retention.models import Hold
from candour.tools.models import ToolVersion
from candour.trail.act import act, record
from candour.trail.models import Entry

DAY = AT.date()


def beside(w: World, rows: dict[str, Any]) -> dict[str, Any]:
    concern = Concern(
        id=new_id(),
        partnership=w.partnership,
        case=rows["sampling.Case"],
        kind="unsafe",
        route="phone",
        service=w.health_visiting,
        text="Phoned",
        raised_by=w.auditor_hv,
        raised_at=AT,
    )
    vault.make_key(concern.pk, KeyKind.OTHER, AT)
    concern.save(force_insert=True)
    message = Message.objects.create(
        key=new_id(),
        partnership=w.partnership,
        to_user=w.contact_hv,
        to_address=w.contact_hv.email,
        subject="There is work",
        body="Please look.",
        queued_at=AT,
        next_try_at=AT,
    )
    _noted(on=w.partnership)
    lifted = Hold.objects.create(
        partnership=w.partnership,
        audit=rows["focus.Audit"],
        why="Asked for",
        by=w.coordinator,
        at=AT,
        lifted_by=w.coordinator,
        lifted_at=AT,
    )
    view = View.objects.create(
        partnership=w.partnership,
        case=rows["sampling.Case"],
        service=w.health_visiting,
        whose="parent",
        way="talk",
        gathered_by="A health visitor",
        gathered_on=DAY,
        contact_checked=True,
        safe_check="Asked by phone",
        words="She listened",
        written_by=w.auditor_hv,
        written_at=AT,
    )
    link = Link.objects.create(
        partnership=w.partnership,
        case=rows["sampling.Case"],
        service=w.health_visiting,
        questionnaire=ToolVersion.objects.get(tool__code="views-parent"),
        whose="parent",
        until=DAY,
        made_by=w.auditor_hv,
        made_at=AT,
    )
    return {
        "families.View": view,
        "families.Link": link,
        "retention.Hold": lifted,
        "concerns.Concern": concern,
        "notices.Message": message,
        "people.Grant": Grant.objects.filter(agency=w.health_visiting.agency).in_force(DAY).earliest("id"),
        "trail.Entry": Entry.objects.filter(chain__partnership=w.partnership).latest("seq"),
    }


@act
def _noted(*, on: Any) -> None:
    record("noted", on=on, by=None, at=AT)
