"""Pages of the fourth step."""

from candour.appraisal.views.declaring import declare
from candour.appraisal.views.late import late, pause
from candour.appraisal.views.offline import offline, waiting, worker
from candour.appraisal.views.others import others, said_before
from candour.appraisal.views.returns import (
    audit,
    authorise,
    begin,
    check,
    closed,
    hand_over,
    history,
    pack,
    pack_case,
    release,
    returns,
    section,
    send_back,
    show,
    submit,
    submit_alone,
    take_back,
    withdraw,
)

__all__ = [
    "audit",
    "authorise",
    "begin",
    "check",
    "closed",
    "declare",
    "hand_over",
    "history",
    "late",
    "offline",
    "others",
    "pack",
    "pack_case",
    "pause",
    "release",
    "returns",
    "said_before",
    "section",
    "send_back",
    "show",
    "submit",
    "submit_alone",
    "take_back",
    "waiting",
    "withdraw",
    "worker",
]
