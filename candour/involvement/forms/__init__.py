"""Forms of the third step: they clean what was typed and decide nothing."""

from candour.involvement.forms.once import CallForm, CodeForm
from candour.involvement.forms.rows import AnswerForm, PeopleForm, ScreenForm, initial_of, left_over, typed
from candour.involvement.forms.running import AddServiceForm, GridFilter, KeepForm, PurposeForm, TakeForm

__all__ = [
    "AddServiceForm",
    "AnswerForm",
    "CallForm",
    "CodeForm",
    "GridFilter",
    "KeepForm",
    "PeopleForm",
    "PurposeForm",
    "ScreenForm",
    "TakeForm",
    "initial_of",
    "left_over",
    "typed",
]
