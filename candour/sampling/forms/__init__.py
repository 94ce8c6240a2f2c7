"""Forms of the second step: they clean what was typed and decide nothing."""

from candour.sampling.forms.cases import GivenForm, NumberForm, ReplaceForm, VoidForm
from candour.sampling.forms.lists import ColumnsForm, ExcludeForm, FixForm, GiveForm, ScopeForm

__all__ = [
    "ColumnsForm",
    "ExcludeForm",
    "FixForm",
    "GiveForm",
    "GivenForm",
    "NumberForm",
    "ReplaceForm",
    "ScopeForm",
    "VoidForm",
]
