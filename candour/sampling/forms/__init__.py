"""Forms of the second step: they clean what was typed and decide nothing."""

from candour.sampling.forms.cases import FilledIdentitiesForm, GivenForm, NumberForm, ReplaceForm, ThrowForm, VoidForm
from candour.sampling.forms.fixing import ChooseForm, FixForm
from candour.sampling.forms.lists import CodesForm, ColumnsForm, GiveForm, SecondForm
from candour.sampling.forms.scope import AreaForm, ExcludeForm, FiguresForm, ScopeForm

__all__ = [
    "AreaForm",
    "ChooseForm",
    "CodesForm",
    "ColumnsForm",
    "ExcludeForm",
    "FiguresForm",
    "FilledIdentitiesForm",
    "FixForm",
    "GiveForm",
    "GivenForm",
    "NumberForm",
    "ReplaceForm",
    "ScopeForm",
    "SecondForm",
    "ThrowForm",
    "VoidForm",
]
