"""Whether an answer seems to name somebody: told to whoever writes it, so that no name goes on to the other services."""

from candour.kernel.detail.guess import guess
from candour.kernel.detail.held import Kind
from candour.tools.values import Value

MOST = 3
NAME = "write the role instead, such as “mother” or “health visitor”"
OTHER = {
    Kind.NHS: "an NHS number identifies a person",
    Kind.UPN: "a pupil number identifies a person",
    Kind.NUMBER: "a National Insurance number identifies a person",
    Kind.POSTCODE: "a postcode can point to a handful of homes",
    Kind.PHONE: "a telephone number can identify a person",
    Kind.EMAIL: "an e-mail address can identify a person",
    Kind.ADDRESS: "an address identifies a family",
}


def seems_named(value: Value | None) -> list[str]:
    """What in an answer reads like a name or identifies somebody, each with what to write instead."""
    found: dict[str, str] = {}
    for text in (value or {}).values():
        for span in guess(text):
            found.setdefault(text[span.start : span.end], OTHER.get(span.kind, NAME))
    return [f"“{words}”: {told}." for words, told in list(found.items())[:MOST]]
