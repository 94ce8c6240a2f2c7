"""What notices does: messages go into the outbox, people are reminded, and dates stand in their calendars."""

from candour.notices.actions.appointing import (
    cancel_appointment,
    keep_appointment,
    keep_deadline,
    make_feed,
    tell_deadline,
)
from candour.notices.actions.outbox import forget_person, post, post_text, resend, take_notice
from candour.notices.actions.reminding import begin_round, finish_round, remind_people

__all__ = [
    "begin_round",
    "cancel_appointment",
    "finish_round",
    "forget_person",
    "keep_appointment",
    "keep_deadline",
    "make_feed",
    "post",
    "post_text",
    "remind_people",
    "resend",
    "take_notice",
    "tell_deadline",
]
