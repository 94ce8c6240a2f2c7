"""Pages of signing in, of invitations, and of people and agencies."""

from candour.members.views.accounts import (
    account,
    enter_demonstration,
    forget_kept,
    kept_posts,
    set_up_second_factor,
    sign_in,
    stale_page,
    visit_over,
)
from candour.members.views.agencies import agency, board_member, end_membership, new_agency
from candour.members.views.away import away, away_of
from candour.members.views.invitations import invitation, invite, withdraw_invitation
from candour.members.views.people import end_role, people, person, reset_second_factor, withdraw_role

__all__ = [
    "account",
    "agency",
    "away",
    "away_of",
    "board_member",
    "end_membership",
    "end_role",
    "enter_demonstration",
    "forget_kept",
    "invitation",
    "invite",
    "kept_posts",
    "new_agency",
    "people",
    "person",
    "reset_second_factor",
    "set_up_second_factor",
    "sign_in",
    "stale_page",
    "visit_over",
    "withdraw_invitation",
    "withdraw_role",
]
