"""Check digits of NHS numbers and UPNs. A bad one is a warning, never a refusal."""

_UPN = "ABCDEFGHJKLMNPQRTUVWXYZ"


def nhs_problem(said: str) -> str:
    """Say what is wrong with an NHS number, or nothing."""
    digits = "".join(said.replace("-", " ").split())
    if len(digits) != 10 or not (digits.isascii() and digits.isdigit()):
        return "an NHS number has ten digits"
    check = 11 - sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    if check == 10 or check % 11 != int(digits[9]):
        return "this NHS number does not pass its check digit"
    if len(set(digits)) == 1:
        return "this NHS number has one digit ten times, which is not likely"
    return ""


def upn_problem(said: str) -> str:
    """Say what is wrong with a UPN, or nothing."""
    upn = "".join(said.split()).upper()
    if len(upn) != 13 or upn[0] not in _UPN or not upn[1:12].isdigit() or not upn.isascii():
        return "a UPN has a letter, eleven digits, and a digit or letter"
    if not (upn[12].isdigit() or upn[12] in _UPN):
        return "a UPN has a letter, eleven digits, and a digit or letter"
    values = [_UPN.index(sign) if sign in _UPN else int(sign) for sign in upn[1:]]
    if _UPN[sum(value * position for position, value in enumerate(values, 2)) % 23] != upn[0]:
        return "this UPN does not pass its check letter"
    return ""
