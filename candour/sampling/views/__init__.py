"""Pages of the second step."""

from candour.sampling.views.chosen import case, choose, give_cases, replace, row
from candour.sampling.views.drawing import (
    confirm,
    draw_cases,
    drawn,
    fixed,
    present,
    receipt,
    throw,
    verify,
    void,
    withdraw,
)
from candour.sampling.views.identities import (
    drop_identities,
    identities,
    identity_form,
    identity_sheet,
    keep_identities,
)
from candour.sampling.views.joining import confirm_sure, decide, matching, pairs, second
from candour.sampling.views.lists import columns, give, keep, set_aside, show, spellings, understood
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
    "drop_identities",
    "figures",
    "fix",
    "fixed",
    "give",
    "give_cases",
    "identities",
    "identity_form",
    "identity_sheet",
    "keep",
    "keep_identities",
    "leave_out",
    "matching",
    "pairs",
    "present",
    "receipt",
    "replace",
    "row",
    "second",
    "set_aside",
    "show",
    "spellings",
    "take_back",
    "throw",
    "understood",
    "verify",
    "void",
    "withdraw",
]
