"""What is done in the fourth step."""

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
    "Saved",
    "begin",
    "close_pack",
    "cover_others",
    "declare",
    "declare_connection",
    "escalate",
    "hand_over",
    "release",
    "reopen",
    "save_answers",
    "send_back",
    "submit",
    "submit_alone",
    "take_back",
    "void",
]
