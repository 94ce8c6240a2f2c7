"""What is done in the second step: lists, fixed lists, draws, cases."""

from candour.sampling.actions.areas import keep_area
from candour.sampling.actions.chosen import Traced, choose_case, give_cases, replace_case, trace_case
from candour.sampling.actions.fixing import (
    ask_to_fix,
    confirm_list,
    draw_cases,
    fix_list,
    give_up_fixing,
    void_draw,
    withdraw_list,
)
from candour.sampling.actions.identities import UNDECIDED_FOR, keep_form, let_form_go, take_form
from candour.sampling.actions.lists import (
    give_list,
    give_up,
    hold_rows,
    keep_list,
    map_codes,
    map_columns,
    purge_list,
    set_aside,
    understand,
)
from candour.sampling.actions.matching import decide_pairs, decide_sure, show_pairs
from candour.sampling.actions.scope import exclude_child, hold_count, include_child, say_figures, set_scope
from candour.sampling.actions.witnessing import throw_dice

__all__ = [
    "UNDECIDED_FOR",
    "Traced",
    "ask_to_fix",
    "choose_case",
    "confirm_list",
    "decide_pairs",
    "decide_sure",
    "draw_cases",
    "exclude_child",
    "fix_list",
    "give_cases",
    "give_list",
    "give_up",
    "give_up_fixing",
    "hold_count",
    "hold_rows",
    "include_child",
    "keep_area",
    "keep_form",
    "keep_list",
    "let_form_go",
    "map_codes",
    "map_columns",
    "purge_list",
    "replace_case",
    "say_figures",
    "set_aside",
    "set_scope",
    "show_pairs",
    "take_form",
    "throw_dice",
    "trace_case",
    "understand",
    "void_draw",
    "withdraw_list",
]
