"""What looks wrong with an identifier, in words a coordinator can act on; never a refusal."""

import re
from collections.abc import Collection, Mapping
from datetime import date

LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-BD-HJLNP-UW-Z]{2}")
OLDEST_CHILD = 26
OLDEST_ADULT = 110


def squeezed(value: str) -> str:
    """The value without spaces, hyphens or lower case, as it is compared."""
    return re.sub(r"[\s‐-―-]+", "", value).upper()


def nhs_digits(value: str) -> str:
    """An NHS number as its ten digits, or whatever digits and letters were typed."""
    return squeezed(value)


def nhs_shown(value: str) -> str:
    """An NHS number as it is read aloud: three, three, four."""
    digits = nhs_digits(value)
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}" if len(digits) == 10 else value


def nhs_warning(value: str) -> str:
    """What is wrong with an NHS number, or nothing."""
    digits = nhs_digits(value)
    if not digits:
        return ""
    if not (digits.isascii() and digits.isdigit()) or len(digits) != 10:
        return f"The NHS number has to have 10 digits; this has {_counted(digits)}."
    if len(set(digits)) == 1:
        return "The NHS number is one digit repeated. Check it against the record."
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
    check = (11 - total % 11) % 11
    if check == 10:
        return "No NHS number begins like this. Check it digit by digit."
    if check != int(digits[9]):
        return "The last digit of the NHS number does not fit the others. Check it digit by digit."
    return ""


def upn_warning(value: str) -> str:
    """What is wrong with a unique pupil number, or nothing."""
    upn = squeezed(value)
    if not upn:
        return ""
    if len(upn) != 13:
        return f"The UPN has to have 13 characters; this has {len(upn)}."
    if upn[0] not in LETTERS:
        return "The UPN begins with a letter, but not with I, O or S."
    if not (upn[1:12].isascii() and upn[1:12].isdigit()):
        return "Characters 2 to 12 of the UPN have to be digits."
    if upn[12] not in LETTERS + "0123456789":
        return "The UPN ends with a digit, or with a letter other than I, O or S."
    last = LETTERS.index(upn[12]) if upn[12] in LETTERS else int(upn[12])
    total = sum(int(digit) * place for place, digit in enumerate(upn[1:12], start=2)) + last * 13
    if LETTERS[total % 23] != upn[0]:
        return "The first letter of the UPN does not fit its digits. Check it character by character."
    return ""


def postcode_shown(value: str) -> str:
    """A postcode in capitals with its one space."""
    squashed = squeezed(value)
    return f"{squashed[:-3]} {squashed[-3:]}" if 5 <= len(squashed) <= 7 else value.strip().upper()


def postcode_warning(value: str) -> str:
    """What is wrong with a postcode, or nothing."""
    if not value.strip() or POSTCODE.fullmatch(postcode_shown(value)):
        return ""
    return "This does not look like a postcode of the United Kingdom."


def number_warnings(values: Mapping[str, str]) -> list[str]:
    """What is wrong with the numbers and the postcode of a person."""
    found = (nhs_warning(values["nhs_number"]), upn_warning(values["upn"]), postcode_warning(values["postcode"]))
    return [warning for warning in found if warning]


def birth_warning(born_on: date | None, expected_on: date | None, child: bool, on: date) -> str:
    """What is odd about a date of birth, or of an expected birth, on a day."""
    if born_on is None:
        if expected_on and abs((expected_on - on).days) > 310:
            return "The expected date of birth is more than ten months away."
        return ""
    if born_on > on:
        return "The date of birth is in the future. Use the expected date for an unborn child."
    years = (on - born_on).days // 365
    if child and years >= OLDEST_CHILD:
        return f"The date of birth makes the child {OLDEST_CHILD} or older."
    if not child and years >= OLDEST_ADULT:
        return f"The date of birth makes this person {OLDEST_ADULT} or older."
    return ""


def _counted(text: str) -> str:
    if text.isascii() and text.isdigit():
        return f"{len(text)}"
    return "something other than digits in it"


def numbers_by_council(value: str) -> list[tuple[str, str, str]]:
    """What is written of a council's numbers, one a line: whose number, the number, and the number with its dates.

    A line without a colon says no council.
    """
    found = []
    for line in value.splitlines():
        council, _, said = line.rpartition(":")
        if said.strip():
            found.append((council.strip(), said.partition(",")[0].strip(), said.strip()))
    return found


def number_of(value: str, council: str) -> str:
    """What of it one council sees: its own numbers with their dates."""
    return "\n".join(said for whose, _, said in numbers_by_council(value) if whose.casefold() == council.casefold())


def council_warning(value: str, councils: Collection[str]) -> str:
    """Why it cannot be told whose number is whose, or nothing."""
    lines = numbers_by_council(value)
    known = {name.casefold() for name in councils}
    if all(whose.casefold() in known if whose else len(lines) == 1 and len(known) < 2 for whose, _, _ in lines):
        return ""
    names = " or ".join(sorted(councils)) or "there is none yet"
    if len(lines) == 1 and not lines[0][0]:
        return f"Say whose number this is: put before it the council’s name, {names}, and a colon."
    return (
        "Write one number a line, as the council’s name, a colon and the number, for instance “Northmere Council: "
        f"12345, until July 2026”. The councils of this partnership: {names}."
    )
