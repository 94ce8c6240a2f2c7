"""What the typefaces of a paper have no letter for is shown as �, so that whatever somebody wrote can be printed."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from candour.kernel.plain import plain

UNKNOWN, BULLET = "�", "•"
OF_WORD = str.maketrans(dict.fromkeys("\uf0b7\uf0a7\uf0d8", BULLET))
"""The bullets that Word writes in typefaces of its own; pasted, they are letters that nobody else knows."""
MISSING = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
ESCAPED = re.compile(r"\\u\{([0-9a-f]{1,6})\}")


def each(part: Any, change: Callable[[str], str]) -> Any:
    """The same document with every text in it changed."""
    if isinstance(part, str):
        return change(part)
    if isinstance(part, Mapping):
        return {name: each(one, change) for name, one in part.items()}
    return [each(one, change) for one in part] if isinstance(part, (list, tuple)) else part


def tidy(document: Mapping[str, Any]) -> Any:
    """A document whose texts are text, its bullets those of the house."""
    return each(document, lambda text: plain(text).translate(OF_WORD))


def without(document: Any, trouble: str) -> Any:
    """The document without the script, or the kind of sign, of which a letter could not be printed; None where that was
    not the trouble."""
    found = MISSING.search(trouble)
    text = ESCAPED.sub(lambda code: chr(int(code[1], 16)), found[1]) if found else ""
    strange = [char for char in text if ord(char) > 0x7F]
    letters = [char for char in strange if unicodedata.category(char) not in ("Mn", "Me", "Cf")] or strange
    if not letters:
        return None
    kinds = {_kind(char) for char in letters}
    return each(document, lambda one: "".join(UNKNOWN if _kind(char) in kinds else char for char in one))


def _kind(char: str) -> int:
    """A number for each script or kind of sign: most stand in blocks of 128 characters, those of the far East in larger
    ones."""
    code = ord(char)
    return code >> 13 if 0x2E80 <= code < 0xE000 else 0x1000 + (code >> 7)
