"""What a log may say of an error: its kind and where in the code, never its words, which may hold a child's data."""

import logging
import traceback
from types import TracebackType


class Quiet(logging.Formatter):
    """Lines of a log, in which an error is told by its kind and its way through the code alone."""

    def formatException(
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        kinds, problem, lines = [], ei[1], []
        while problem is not None and problem not in kinds:
            kinds.append(problem)
            lines += [*traceback.format_tb(problem.__traceback__), f"{type(problem).__name__}\n"]
            problem = problem.__cause__ or (None if problem.__suppress_context__ else problem.__context__)
        return "".join(lines).rstrip()
