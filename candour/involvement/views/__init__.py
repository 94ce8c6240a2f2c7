"""Pages of involvement: the coordinator's, and those of a service that is asked."""

from candour.involvement.views.once import call_again, come_in, once, send_code, withdraw_visit
from candour.involvement.views.running import (
    add_service,
    ask_again,
    ask_services,
    begin_identities,
    export_grid,
    grid,
    keep,
    opened,
    prepare,
    remind,
    start_screening,
    want_return,
    withdraw,
)
from candour.involvement.views.service import (
    answer,
    open_answers,
    open_case,
    open_screening,
    people,
    rest,
    screen,
    show,
)
from candour.involvement.views.taking import take_list

__all__ = [
    "add_service",
    "answer",
    "ask_again",
    "ask_services",
    "begin_identities",
    "call_again",
    "come_in",
    "export_grid",
    "grid",
    "keep",
    "once",
    "open_answers",
    "open_case",
    "open_screening",
    "opened",
    "people",
    "prepare",
    "remind",
    "rest",
    "screen",
    "send_code",
    "show",
    "start_screening",
    "take_list",
    "want_return",
    "withdraw",
    "withdraw_visit",
]
