"""What is done in the second step: lists, fixed lists, draws, cases."""

from candour.sampling.actions.chosen import Traced, give_cases, replace_case, trace_case
from candour.sampling.actions.fixing import (
    confirm_list,
    draw_cases,
    fix_list,
    void_draw,
    withdraw_list,
)
from candour.sampling.actions.lists import (
    exclude_child,
    give_list,
    give_up,
    hold_rows,
    include_child,
    keep_list,
    map_columns,
    purge_list,
    set_aside,
    set_scope,
    understand,
)

__all__ = [
    "Traced",
    "confirm_list",
    "draw_cases",
    "exclude_child",
    "fix_list",
    "give_cases",
    "give_list",
    "give_up",
    "hold_rows",
    "include_child",
    "keep_list",
    "map_columns",
    "purge_list",
    "replace_case",
    "set_aside",
    "set_scope",
    "trace_case",
    "understand",
    "void_draw",
    "withdraw_list",
]
