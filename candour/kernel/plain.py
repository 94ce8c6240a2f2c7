"""Text that every kind of file can hold: what was typed, less the characters that are no text at all."""

import re

NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def plain(text: str) -> str:
    """A text without the characters of nothing, the halves of characters and the like."""
    return NO_TEXT.sub("", text)
