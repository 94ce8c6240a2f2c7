"""Pages of the fourth step."""

from candour.appraisal.views.celebrating import celebrate
from candour.appraisal.views.checking import authorise, comments, send_back, submit, submitted
from candour.appraisal.views.copies import copy_pdf, copy_word, word, word_leave, word_take, words, words_zip
from candour.appraisal.views.declaring import declare
from candour.appraisal.views.late import late, pause
from candour.appraisal.views.offline import offline, waiting, worker
from candour.appraisal.views.others import others, said_before
from candour.appraisal.views.returns import (
    audit,
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
    show,
    submit_alone,
    take_back,
    withdraw,
)

__all__ = [
    "audit",
    "authorise",
    "begin",
    "celebrate",
    "check",
    "closed",
    "comments",
    "copy_pdf",
    "copy_word",
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
    "submitted",
    "take_back",
    "waiting",
    "withdraw",
    "word",
    "word_leave",
    "word_take",
    "words",
    "words_zip",
    "worker",
]
