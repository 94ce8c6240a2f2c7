"""Mobile numbers as people write them, and as a text message is addressed."""

import re

_SHAPE = re.compile(r"\+\d{8,15}")


def as_mobile(written: str) -> str:
    """A number such as 07700 900123 or +44 (0)7700 900123 as +447700900123; empty where it cannot be one."""
    digits = re.sub(r"[\s().\-‐-―/]", "", written.replace("(0)", ""))
    digits = re.sub(r"^00", "+", digits)
    if digits.startswith("0"):
        digits = "+44" + digits[1:]
    if not _SHAPE.fullmatch(digits):
        return ""
    if digits.startswith("+44") and not re.fullmatch(r"\+447\d{9}", digits):
        return ""
    return digits
