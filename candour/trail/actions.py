"""Acts upon the record itself."""

from datetime import datetime

from candour.access.policy import Can, demand
from candour.people.models import Partnership, User
from candour.trail.act import act, record


@act
def take_export(*, partnership: Partnership, by: User, at: datetime) -> Partnership:
    """Note that somebody takes the partnership's trail away; the export that follows holds this entry too."""
    demand(by, Can.SEE_TRAIL, partnership)
    record("export the trail", on=partnership, by=by, at=at)
    return partnership
