"""A code of six digits that is told or texted beside a link: only its hash is kept, and few guesses are allowed."""

import secrets

from django.contrib.auth.hashers import check_password, make_password

GUESSES = 5
"""So often may one code be typed wrongly."""


def new_code() -> tuple[str, str]:
    """A code of six digits, and the hash that is kept of it."""
    code = f"{secrets.randbelow(10**6):06}"
    return code, make_password(code)


def spoken(code: str) -> str:
    """A code as it is read out."""
    return f"{code[:3]} {code[3:]}"


def is_code(typed: str, code_hash: str, wrong: int) -> bool:
    """Whether this is the code, however it was spaced; after so many wrong ones none is right any more."""
    return wrong < GUESSES and check_password("".join(typed.split()), code_hash)


def one_more(wrong: int) -> int:
    """How many wrong ones there are after another."""
    return min(wrong + 1, GUESSES)
