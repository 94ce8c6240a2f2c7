"""Codes that describe children, known by code or by label, with or without their prefix; the rest is "not stated"."""

import re
from datetime import date
from functools import lru_cache
from typing import Any

from candour.sampling.readers.cells import bare, known

SEXES = {"M": "Male", "F": "Female", "O": "Another", "": "Not stated"}
_SEX = {
    "m": "M", "male": "M", "boy": "M", "1": "M", "f": "F", "female": "F", "girl": "F", "2": "F",
    "neither": "O", "9": "O", "other": "O", "indeterminate": "O", "non-binary": "O", "nonbinary": "O",
    "another": "O", "i": "O",
}  # fmt: skip
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
    ("not obtained", ""), ("not stated", ""), ("not recorded", ""),
)  # fmt: skip
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
_FACTOR = re.compile(r"(?<![0-9A-Z])(\d{1,2}[A-F]?)(?![0-9A-Z])")
_NEED = re.compile(r"\bN(\d)\b")
_KINDS = [
    (code, re.compile(rf"\b{word}")) for code, word in (("NEG", "neg"), ("PHY", "phy"), ("SAB", "sex"), ("EMO", "emo"))
]
BANDS = ("Unborn", "Under 1", "1 to 4", "5 to 9", "10 to 15", "16 and 17", "18 and over", "Not known")


@lru_cache(maxsize=4096)
def sex(value: Any) -> tuple[str, bool]:
    """Give a sex's code, and whether what stands there was understood."""
    said = bare(value)
    code = _SEX.get(said, "")
    return code, bool(code) or said in _NO_SEX


@lru_cache(maxsize=4096)
def ethnicity(value: Any) -> tuple[str, bool]:
    """Give an ethnic group's code, and whether what stands there was understood."""
    said = known(value)
    for code in _CODE.findall(said.upper() if len(said) == 4 else said):
        if code in _BY_CODE:
            return _BY_CODE[code], True
    lower = bare(value)
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
    kinds = [code for code, word in _KINDS if word.search(lower)]
    if said.upper() in ("SAB", "MUL") or "multiple" in lower or len(kinds) > 1:
        return ("SAB" if said.upper() == "SAB" else "MUL"), True
    if "abuse or neglect" in lower:
        return "N1", True
    return (kinds[0], True) if kinds else ("", not lower)


@lru_cache(maxsize=4096)
def factors(value: Any) -> tuple[str, ...]:
    """Give the codes of the assessment factors that a cell names, by code."""
    return tuple(code for code in _FACTOR.findall(known(value).upper()) if code in FACTORS)


def yes(value: Any) -> bool | None:
    """Give a yes or a no; nothing where neither stands there."""
    said = bare(value)
    if said in ("yes", "y", "1", "true", "t"):
        return True
    return False if said in ("no", "n", "0", "false", "f") else None


def age_at(born: date, on: date) -> int:
    """Give somebody's age in whole years, -1 before birth."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day)) if born <= on else -1


def band(age: int | None) -> str:
    """Give the age band that the figures use."""
    if age is None:
        return BANDS[7]
    limits = ((-1, 0), (0, 1), (4, 2), (9, 3), (15, 4), (17, 5))
    return next((BANDS[number] for limit, number in limits if age <= limit), BANDS[6])
