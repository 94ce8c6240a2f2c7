"""What is done in the fourth step."""

from candour.appraisal.actions.celebrating import celebrate, celebrate_no_more, give_leave
from candour.appraisal.actions.checking import Kept, Remark, save_comments
from candour.appraisal.actions.copies import give_form, leave_form, take_copies, take_copy, take_in, take_overview
from candour.appraisal.actions.declaring import declare, declare_connection
from candour.appraisal.actions.escalating import escalate
from candour.appraisal.actions.others import cover_others
from candour.appraisal.actions.returns import (
    Clash,
    Saved,
    begin,
    close_pack,
    hand_over,
    release,
    reopen,
    save_answers,
    send_back,
    submit,
    submit_alone,
    take_back,
    void,
)

__all__ = [
    "Clash",
    "Kept",
    "Remark",
    "Saved",
    "begin",
    "celebrate",
    "celebrate_no_more",
    "close_pack",
    "cover_others",
    "declare",
    "declare_connection",
    "escalate",
    "give_form",
    "give_leave",
    "hand_over",
    "leave_form",
    "release",
    "reopen",
    "save_answers",
    "save_comments",
    "send_back",
    "submit",
    "submit_alone",
    "take_back",
    "take_copies",
    "take_copy",
    "take_in",
    "take_overview",
    "void",
]
