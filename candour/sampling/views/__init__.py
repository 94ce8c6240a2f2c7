"""Pages of the second step."""

from candour.sampling.views.chosen import case, choose, give_cases, replace, row
from candour.sampling.views.drawing import confirm, draw_cases, drawn, fixed, receipt, verify, void, withdraw
from candour.sampling.views.joining import confirm_sure, decide, matching, pairs, second
from candour.sampling.views.lists import columns, give, keep, set_aside, show, understood
from candour.sampling.views.scope import children, counts, figures, fix, leave_out, take_back
from candour.sampling.views.service_areas import area, areas

__all__ = [
    "area",
    "areas",
    "case",
    "children",
    "choose",
    "columns",
    "confirm",
    "confirm_sure",
    "counts",
    "decide",
    "draw_cases",
    "drawn",
    "figures",
    "fix",
    "fixed",
    "give",
    "give_cases",
    "keep",
    "leave_out",
    "matching",
    "pairs",
    "receipt",
    "replace",
    "row",
    "second",
    "set_aside",
    "show",
    "take_back",
    "understood",
    "verify",
    "void",
    "withdraw",
]
