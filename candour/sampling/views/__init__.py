"""Pages of the second step."""

from candour.sampling.views.chosen import case, give_cases, replace, row
from candour.sampling.views.drawing import confirm, draw_cases, drawn, fixed, receipt, verify, void, withdraw
from candour.sampling.views.lists import (
    children,
    columns,
    fix,
    give,
    keep,
    leave_out,
    set_aside,
    show,
    take_back,
    understood,
)

__all__ = [
    "case",
    "children",
    "columns",
    "confirm",
    "draw_cases",
    "drawn",
    "fix",
    "fixed",
    "give",
    "give_cases",
    "keep",
    "leave_out",
    "receipt",
    "replace",
    "row",
    "set_aside",
    "show",
    "take_back",
    "understood",
    "verify",
    "void",
    "withdraw",
]
