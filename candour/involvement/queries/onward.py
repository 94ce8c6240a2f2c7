"""Where a message leads that says a return is somebody's to complete: to its page, which the next step tells."""

from collections.abc import Callable

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
