"""All that is done to the people's tables: accounts, invitations, roles and agencies, and who is away."""

from candour.members.actions.absences import call_off, go_away, name_stand_in
from candour.members.actions.accounts import (
    end_sessions,
    enter_demonstration,
    forget_kept,
    note_account,
    post_account_mail,
    reset_second_factor,
)
from candour.members.actions.agencies import add_agency, add_service, end_membership, name_board_member
from candour.members.actions.granting import end_role, give_role, withdraw_role
from candour.members.actions.inviting import VALID, accept, found_partnership, invite, join, withdraw_invitation

__all__ = [
    "VALID",
    "accept",
    "add_agency",
    "add_service",
    "call_off",
    "end_membership",
    "end_role",
    "end_sessions",
    "enter_demonstration",
    "forget_kept",
    "found_partnership",
    "give_role",
    "go_away",
    "invite",
    "join",
    "name_board_member",
    "name_stand_in",
    "note_account",
    "post_account_mail",
    "reset_second_factor",
    "withdraw_invitation",
    "withdraw_role",
]
