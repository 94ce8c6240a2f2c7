"""Where an act on the people's tables holds, and on whose record it stands."""

from datetime import datetime

from candour.kernel.clock import today
from candour.kernel.errors import Refused
from candour.people.models import Agency, Grant, Membership, Partnership, Service, User


class Where:
    """Where a role would hold, as the policy looks at it."""

    def __init__(self, partnership: Partnership, agency: Agency | None) -> None:
        self.partnership_id = partnership.pk
        self.agency_id = agency.pk if agency else None


class OnRecordOf:
    """A row that stands on the record of one partnership, although it belongs to an agency of several."""

    def __init__(self, row: Grant | Agency | Service | User, partnership: Partnership) -> None:
        self.pk, self._meta, self.partnership_id = row.pk, row._meta, partnership.pk


def membership_of(agency: Agency, partnership: Partnership, at: datetime) -> Membership:
    """An agency's belonging to a partnership on a day; refused where it does not belong there."""
    found = Membership.objects.on(today(at)).filter(agency=agency, partnership=partnership).first()
    if found is None:
        raise Refused("That agency does not belong to this partnership.")
    return found
