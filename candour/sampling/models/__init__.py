"""Tables of the second step: the list, the fixed list, the draw, and the cases that all later steps point at."""

from candour.sampling.models.draws import Case, CaseQuerySet, Commitment, Draw, Place, Throw
from candour.sampling.models.lists import (
    Block,
    CaseList,
    CaseListQuerySet,
    CodeMap,
    ColumnMap,
    Exclusion,
    Match,
    ServiceArea,
    Upload,
)
from candour.sampling.models.sheets import IdentitySheet

__all__ = [
    "Block",
    "Case",
    "CaseList",
    "CaseListQuerySet",
    "CaseQuerySet",
    "CodeMap",
    "ColumnMap",
    "Commitment",
    "Draw",
    "Exclusion",
    "IdentitySheet",
    "Match",
    "Place",
    "ServiceArea",
    "Throw",
    "Upload",
]
