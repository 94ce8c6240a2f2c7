"""Pages of involvement: the coordinator's, and those of a service that is asked."""

from candour.involvement.views.running import (
    add_service,
    ask_again,
    ask_services,
    begin_identities,
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

__all__ = [
    "add_service",
    "answer",
    "ask_again",
    "ask_services",
    "begin_identities",
    "grid",
    "keep",
    "open_answers",
    "open_case",
    "open_screening",
    "opened",
    "people",
    "prepare",
    "remind",
    "rest",
    "screen",
    "show",
    "start_screening",
    "want_return",
    "withdraw",
]
