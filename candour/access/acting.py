"""A queued job acts as the person who asked for it, with the grants of the moment at which it runs."""

from typing import TypeVar

from django.db.models import Model

from candour.access.policy import Can, demand
from candour.access.scope import visible
from candour.kernel.errors import Refused
from candour.people.models import User

M = TypeVar("M", bound=Model)


def acting(user_id: str, can: Can, of: type[M], pk: str) -> tuple[User, M]:
    """The person and the row, both read afresh and both still allowed; refused where a grant has ended since."""
    person = User.objects.filter(pk=user_id, is_active=True).first()
    thing = visible(of, person).filter(pk=pk).first() if person else None
    if person is None or thing is None:
        raise Refused("Whoever asked for this may no longer do it, so it was not done.")
    demand(person, can, thing)
    return person, thing
