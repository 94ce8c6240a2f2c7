"""What people do in involvement: prepare the cases, ask the services, answer, name who completes the returns."""

from candour.involvement.actions.answering import (
    Given,
    RowsRefused,
    answer,
    not_known_for_the_rest,
    open_case,
    take_list,
)
from candour.involvement.actions.asking import (
    add_service,
    ask_again,
    ask_services,
    follow_timetable,
    note_export,
    remind,
    withdraw_ask,
)
from candour.involvement.actions.calling import (
    Called,
    call_again,
    call_in,
    come_in,
    end_visits,
    end_visits_to,
    forget_visitor,
    send_code,
    withdraw_visit,
)
from candour.involvement.actions.closing import close_asking
from candour.involvement.actions.naming import Named, name_people, stop_sharing, want_return
from candour.involvement.actions.preparing import Looked, begin_identities, keep_case, screen, start_screening

__all__ = [
    "Called",
    "Given",
    "Looked",
    "Named",
    "RowsRefused",
    "add_service",
    "answer",
    "ask_again",
    "ask_services",
    "begin_identities",
    "call_again",
    "call_in",
    "close_asking",
    "come_in",
    "end_visits",
    "end_visits_to",
    "follow_timetable",
    "forget_visitor",
    "keep_case",
    "name_people",
    "not_known_for_the_rest",
    "note_export",
    "open_case",
    "remind",
    "screen",
    "send_code",
    "start_screening",
    "stop_sharing",
    "take_list",
    "want_return",
    "withdraw_ask",
    "withdraw_visit",
]
