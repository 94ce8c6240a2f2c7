"""Identities entered, opened within bounds, and erased: each a recorded act."""

from candour.identity.actions.choosing import set_bounds
from candour.identity.actions.entering import add_person, add_subject, edit_person, keep_apart
from candour.identity.actions.erasing import erase_subject
from candour.identity.actions.opening import (
    Held,
    Revealed,
    close_openings,
    grant_opening,
    open_for_scrutiny,
    open_list,
    read_for_disclosure_check,
    reveal_person,
    reveal_subject,
)

__all__ = [
    "Held",
    "Revealed",
    "add_person",
    "add_subject",
    "close_openings",
    "edit_person",
    "erase_subject",
    "grant_opening",
    "keep_apart",
    "open_for_scrutiny",
    "open_list",
    "read_for_disclosure_check",
    "reveal_person",
    "reveal_subject",
    "set_bounds",
]
