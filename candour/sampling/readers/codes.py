"""Codes that describe children, known by code or by label, with or without their prefix; the rest is "not stated"."""

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from candour.sampling.readers.cells import bare, known

Spellings = Mapping[str, str]
NONE: Spellings = {}
NO_UPN = re.compile(r"UN\d{1,2}", re.IGNORECASE)  # the reason why there is none
NOT_STATED = "-"  # what a coordinator says of a spelling that tells nothing
FIELDS = {"sex": "Sex", "ethnicity": "Ethnic group", "need": "Need or kind of abuse"}

SEXES = {"M": "Male", "F": "Female", "O": "Another", "": "Not stated"}
_SEX = {
    "m": "M", "male": "M", "boy": "M", "1": "M", "f": "F", "female": "F", "girl": "F", "2": "F",
    "neither": "O", "9": "O", "other": "O", "indeterminate": "O", "non-binary": "O", "nonbinary": "O",
    "another": "O", "i": "O",
}  # fmt: skip
_WORD = re.compile(r"[a-z]{2,}|\b[a-z0-9]\b")
_NO_SEX = {"", "0", "u", "unborn", "not stated/recorded", "not stated or recorded", "not specified", "3"}

GROUPS = {"white": "White", "mixed": "Mixed", "asian": "Asian", "black": "Black", "other": "Other", "": "Not stated"}
_ETHNIC = {
    "white": "WBRI WIRI WIRT WOTH WROM", "mixed": "MWBC MWBA MWAS MOTH", "asian": "AIND APKN ABAN AOTH CHNE",
    "black": "BCRB BAFR BOTH", "other": "OOTH", "": "REFU NOBT",
}  # fmt: skip
_BY_CODE = {code: group for group, codes in _ETHNIC.items() for code in codes.split()}
_WORDS = (
    ("mixed", "mixed"), ("multiple ethnic", "mixed"), ("white and", "mixed"), ("white", "white"), ("gypsy", "white"),
    ("roma", "white"), ("traveller", "white"), ("irish", "white"), ("asian", "asian"), ("indian", "asian"),
    ("pakistani", "asian"), ("bangladeshi", "asian"), ("chinese", "asian"), ("black", "black"), ("african", "black"),
    ("caribbean", "black"), ("other", "other"), ("arab", "other"), ("refused", ""), ("not yet", ""),
    ("not obtained", ""), ("declined", ""), ("prefer not", ""), ("information not", ""),
    ("not disclosed", ""), ("not stated", ""), ("not recorded", ""),
)  # fmt: skip
_SELF_DEFINED = re.compile(r"([wmabo])[1-9](?![0-9a-z])")  # the sixteen and one that the police use
_BY_LETTER = {"w": "white", "m": "mixed", "a": "asian", "b": "black", "o": "other"}
_CODE = re.compile(r"(?<![A-Z])[A-Z]{4}(?![A-Z])")

NEEDS = {
    "N1": "Abuse or neglect", "N2": "Child's disability", "N3": "Parent's disability or illness",
    "N4": "Family in acute stress", "N5": "Family dysfunction", "N6": "Socially unacceptable behaviour",
    "N7": "Low income", "N8": "Absent parenting", "N9": "Other than in need", "N0": "Not stated",
    "NEG": "Neglect", "PHY": "Physical abuse", "SAB": "Sexual abuse", "EMO": "Emotional abuse",
    "MUL": "Several kinds of abuse", "": "Not stated",
}  # fmt: skip
MOMENTS = {
    "contact": "Contact", "early-help": "Early help began", "referral": "Referral", "assessment": "Assessment began",
    "s47": "Section 47 enquiry began", "conference": "Initial child protection conference",
    "in-need": "Child in need began", "closed": "Case closed", "plan": "Child protection plan began",
    "plan-end": "Child protection plan ended", "care": "Came into care", "care-end": "Left care",
    "start": "Began", "end": "Ended",
}  # fmt: skip
_WHO = {"A": "child", "B": "parent or carer", "C": "somebody else in the household"}
_THEIRS = (
    "Alcohol",
    "Drugs",
    "Domestic abuse",
    "Mental health",
    "Learning disability",
    "Physical disability or illness",
)
FACTORS = {f"{n}{who}": f"{what}: {whose}" for n, what in enumerate(_THEIRS, 1) for who, whose in _WHO.items()} | {
    "7A": "Young carer", "8A": "Private fostering", "9A": "Unaccompanied asylum seeker", "10A": "Going missing",
    "11A": "Child sexual exploitation", "12A": "Trafficking", "13A": "Gangs", "14A": "Socially unacceptable behaviour",
    "15A": "Self-harm", "16A": "Neglect", "17A": "Emotional abuse", "18A": "Physical abuse",
    "18B": "Physical abuse: child on child", "18C": "Physical abuse: adult on child", "19A": "Sexual abuse",
    "19B": "Sexual abuse: child on child", "19C": "Sexual abuse: adult on child", "20": "Another factor",
    "21": "No factors", "22A": "Female genital mutilation", "23A": "Abuse linked to faith or belief",
    "24A": "Child criminal exploitation",
}  # fmt: skip
_YES, _NO = {"yes", "y", "1", "true", "t"}, {"no", "n", "0", "false", "f"}
_FACTOR = re.compile(r"(?<![0-9A-Z])(\d{1,2}[A-F]?)(?![0-9A-Z])")
_NEED_WORDS = (
    ("abuse or neglect", "N1"), ("abuse, neglect or exploitation", "N1"), ("abuse/neglect", "N1"),
    ("parental disability", "N3"), ("parent's disability", "N3"), ("parental illness", "N3"),
    ("disability or illness in", "N3"), ("child's disability", "N2"), ("childs disability", "N2"),
    ("child’s disability", "N2"), ("child disability", "N2"), ("disability of the child", "N2"), ("acute stress", "N4"),
    ("family dysfunction", "N5"), ("socially unacceptable", "N6"), ("low income", "N7"), ("absent parent", "N8"),
    ("other than children in need", "N9"), ("not children in need", "N9"),
)  # fmt: skip
_NEED = re.compile(r"\bN(\d)\b")
_KINDS = [
    (code, re.compile(rf"\b{word}")) for code, word in (("NEG", "neg"), ("PHY", "phy"), ("SAB", "sex"), ("EMO", "emo"))
]
BANDS = ("Unborn", "Under 1", "1 to 4", "5 to 9", "10 to 15", "16 and 17", "18 and over", "Not known")


def printed(field: str, said: Any) -> str:
    """Give the fingerprint under which a partnership keeps what a spelling means, and never the spelling."""
    return hashlib.sha256(f"{field}\t{known(said)[:60].casefold()}".encode()).hexdigest()


def understand(field: str, value: Any, spellings: Spellings = NONE) -> tuple[str, bool]:
    """Give a column's code, and whether it was understood, by itself or from what the partnership said of it."""
    code, understood = _UNDERSTAND[field](value)
    if not understood and spellings and (said := spellings.get(printed(field, value))) is not None:
        return ("" if said == NOT_STATED else said), True
    return code, understood


def choices(field: str) -> dict[str, str]:
    """Give the codes that a spelling can be said to mean, with their names."""
    found = {"sex": SEXES, "ethnicity": GROUPS, "need": NEEDS}[field]
    return {code: name for code, name in found.items() if code and code != "N0"}


@lru_cache(maxsize=4096)
def sex(value: Any) -> tuple[str, bool]:
    """Give a sex's code, and whether what stands there was understood."""
    said = bare(value)
    if said in _SEX or said in _NO_SEX:
        return _SEX.get(said, ""), True
    found = {_SEX.get(word, "" if word in _NO_SEX else None) for word in _WORD.findall(said)} - {""}
    if len(found) == 1 and (code := found.pop()):
        return code, True
    return "", False


@lru_cache(maxsize=4096)
def ethnicity(value: Any) -> tuple[str, bool]:
    """Give an ethnic group's code, and whether what stands there was understood."""
    said = known(value)
    for code in _CODE.findall(said.upper() if len(said) == 4 else said):
        if code in _BY_CODE:
            return _BY_CODE[code], True
    lower = bare(value)
    if found := _SELF_DEFINED.match(lower):
        return _BY_LETTER[found[1]], True
    for word, group in _WORDS:
        if word in lower:
            return group, True
    return "", not lower


@lru_cache(maxsize=4096)
def need(value: Any) -> tuple[str, bool]:
    """Give the code of a need or of a category of abuse, and whether what stands there was understood."""
    said = known(value)
    if found := _NEED.search(said.upper()):
        return f"N{found[1]}", True
    lower = bare(value)
    for words, code in _NEED_WORDS:
        if words in lower:
            return code, True
    kinds = [code for code, word in _KINDS if word.search(lower)]
    if said.upper() in ("SAB", "MUL") or "multiple" in lower or len(kinds) > 1:
        return ("SAB" if said.upper() == "SAB" else "MUL"), True
    return (kinds[0], True) if kinds else ("", not lower)


@lru_cache(maxsize=4096)
def factors(value: Any) -> tuple[str, ...]:
    """Give the codes of the assessment factors that a cell names, by code."""
    return tuple(code for code in _FACTOR.findall(known(value).upper()) if code in FACTORS)


def yes(value: Any) -> bool | None:
    """Give a yes or a no; nothing where neither stands there."""
    return _yes(known(value))


@lru_cache(maxsize=2048)
def _yes(value: str) -> bool | None:
    said = bare(value)
    if said in ("no further action", "nfa") or said in _YES:
        return True
    if said in _NO or said.startswith("further action"):
        return False
    first = _WORD.findall(said)[:2]
    found = {True if word in _YES else False if word in _NO else None for word in first}
    return found.pop() if len(found) == 1 else None


def age_at(born: date, on: date) -> int:
    """Give somebody's age in whole years, -1 before birth."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day)) if born <= on else -1


def band(age: int | None) -> str:
    """Give the age band that the figures use."""
    if age is None:
        return BANDS[7]
    limits = ((-1, 0), (0, 1), (4, 2), (9, 3), (15, 4), (17, 5))
    return next((BANDS[number] for limit, number in limits if age <= limit), BANDS[6])


_UNDERSTAND: dict[str, Callable[[Any], tuple[str, bool]]] = {"sex": sex, "ethnicity": ethnicity, "need": need}
