"""What an action says when it will not do what was asked."""


class Refused(Exception):
    """A sentence for the person who asked; it names no value that identifies anybody."""


class Stale(Refused):
    """Somebody saved meanwhile. `theirs` is the saved thing; the caller still holds its own text."""

    def __init__(self, message: str, theirs: object = None) -> None:
        super().__init__(message)
        self.theirs = theirs
