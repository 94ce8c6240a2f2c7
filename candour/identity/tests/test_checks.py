from datetime import date

import pytest

from candour.identity import checks


@pytest.mark.parametrize(
    "number", ["943 476 5919", "9999999999"[:9] + "9", "987-654-3210", "999 000 0018", "999 000 0026", ""]
)
def test_numbers_that_can_exist(number):
    assert checks.nhs_warning(number) in (
        "",
        "The NHS number is one digit repeated. Check it against the record.",
    )


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("123 456 7890", "No NHS number begins"),
        ("112 233 4455", "last digit"),
        ("999 123 4560", "No NHS number begins"),
        ("111 111 1111", "repeated"),
        ("94347659", "this has 8"),
        ("943476591X", "something other than digits"),
    ],
)
def test_numbers_that_cannot(number, words):
    assert words in checks.nhs_warning(number)


@pytest.mark.parametrize(
    "upn", ["B801200005001", "R201100018042", "T20110001804V", "A950000178301", "H243278544154", ""]
)
def test_upns_that_fit(upn):
    assert checks.upn_warning(upn) == ""


@pytest.mark.parametrize(
    ("upn", "words"),
    [
        ("A801200005001", "first letter"),
        ("R247962919251", "first letter"),
        ("A123456789123", "first letter"),
        ("R2011000180", "this has 11"),
        ("I201100018042", "begins with a letter"),
        ("R20110A018042", "Characters 2 to 12"),
        ("R20110001804O", "ends with a digit"),
    ],
)
def test_upns_that_do_not(upn, words):
    assert words in checks.upn_warning(upn)


def test_postcodes():
    assert checks.postcode_shown(" en1  3xy") == "EN1 3XY"
    assert checks.postcode_warning("en13xy") == ""
    assert checks.postcode_warning("") == ""
    assert "postcode" in checks.postcode_warning("Enfield")


def test_dates():
    on = date(2026, 11, 23)
    assert checks.birth_warning(date(2019, 5, 3), None, True, on) == ""
    assert "future" in checks.birth_warning(date(2027, 1, 1), None, True, on)
    assert "26 or older" in checks.birth_warning(date(1990, 1, 1), None, True, on)
    assert checks.birth_warning(date(1990, 1, 1), None, False, on) == ""
    assert "110 or older" in checks.birth_warning(date(1900, 1, 1), None, False, on)
    assert "ten months" in checks.birth_warning(None, date(2028, 1, 1), True, on)
    assert checks.birth_warning(None, date(2027, 2, 1), True, on) == ""


def test_an_nhs_number_is_read_three_three_four():
    assert checks.nhs_shown("9990000018") == "999 000 0018"
    assert checks.nhs_shown("99900") == "99900"
