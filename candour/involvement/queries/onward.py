"""What the next step tells: where a return is completed, how far it is, and who cannot be named for it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from candour.focus.models import Audit
from candour.involvement.models import Involvement

ReturnPage = Callable[[Involvement], str]
_return_pages: list[ReturnPage] = []


def register_return_page(function: ReturnPage) -> ReturnPage:
    """Have the next step tell the address of the page on which a return begins."""
    if function not in _return_pages:
        _return_pages.append(function)
    return function


def return_page(answer: Involvement) -> str:
    """The page on which the return of this answer begins; the work list where nobody has told one."""
    return next((function(answer) for function in _return_pages), "/")


@dataclass(frozen=True)
class Standing:
    """How far one return is, in words; whether it is in, and whether it is wanted at all."""

    text: str
    given: bool = False
    wanted: bool = True


Returns = Callable[[Audit], dict[str, Standing]]
NOT_BEGUN = Standing("not begun")
_returns: list[Returns] = []


def register_returns(function: Returns) -> Returns:
    """Have a later step say, by answer, how far the returns of an audit are."""
    if function not in _returns:
        _returns.append(function)
    return function


def standings(audit: Audit) -> dict[str, Standing]:
    """By answer, how far the returns of an audit are."""
    return {pk: standing for function in _returns for pk, standing in function(audit).items()}


def given_returns(audit: Audit) -> set[str]:
    """The answers of an audit whose return is in, or wanted no more."""
    return {pk for pk, one in standings(audit).items() if one.given or not one.wanted}


@dataclass(frozen=True)
class Bars:
    """What stands in the way of naming people for one return: to whom its case is closed, who has written in it, and
    whether it is in."""

    closed_to: frozenset[str] = frozenset()
    written_by: frozenset[str] = frozenset()
    given: bool = False


BarsOf = Callable[[Iterable[Involvement]], Mapping[str, Bars]]
_bars: list[BarsOf] = []


def register_bars(function: BarsOf) -> BarsOf:
    """Have the next step tell, by answer, who cannot be named for its return."""
    if function not in _bars:
        _bars.append(function)
    return function


def bars(answers: Iterable[Involvement]) -> dict[str, Bars]:
    """By answer, what stands in the way of naming people for its return."""
    rows = list(answers)
    told = {pk: bar for function in _bars for pk, bar in function(rows).items()}
    return {row.pk: told.get(row.pk, Bars()) for row in rows}
