"""Invented families for the demonstration's identities: names that nobody bears, numbers that nobody was given.

NHS numbers are of the range 999, which is kept for tests; postcodes are of an area that does not exist.
"""

from datetime import date, timedelta

GIRLS = ("Odelie", "Tamsy", "Merrin", "Yewande", "Sabriel", "Florrie", "Isolde", "Nimue", "Keziah", "Orla-Fay")
BOYS = ("Osric", "Jowan", "Idrys", "Tobiah", "Kofi-Lee", "Emrys", "Perran", "Zubin", "Aldous", "Rafferty")
WOMEN = ("Demelza", "Rowenna", "Amarachi", "Sunniva", "Petra-Lyn", "Hestia", "Morwenna", "Zofia", "Bronagh", "Thirza")
MEN = ("Corin", "Bastian", "Uzoma", "Leofric", "Darrow", "Anselm", "Kit", "Milosz", "Garrick", "Ezekiel")
FAMILIES = (
    "Quillfeather", "Marrowby", "Thistlewane", "Okonjo-Vale", "Pennyquick", "Dunnockshaw", "Brackenrigg", "Larksome",
    "Wetherlam", "Applegarth-Roe", "Hobbleton", "Fennimoor", "Sorrelby", "Cinderford-Lee", "Umberfield", "Yarrowdale",
    "Nettlecombe", "Gossamer", "Hawkesmere", "Pebblewick", "Rushlight", "Tallowby", "Winterbourne-Ash", "Jessamine",
    "Kestrelmoor", "Lindenhay", "Mossburn", "Ottershaw-Bell", "Ravensdene", "Saltmarrow",
)  # fmt: skip
STREETS = ("Saltpan Lane", "Weir Terrace", "Bellfounder’s Row", "Old Ropewalk", "Curlew Close", "Lamplighter Street")


def nhs_number(place: int) -> str:
    """The n-th NHS number of the test range, with its check digit."""
    for number in range(999_000_000 + place * 10, 999_000_000 + place * 10 + 10):
        digits = str(number)
        check = (11 - sum(int(digit) * (10 - at) for at, digit in enumerate(digits)) % 11) % 11
        if check < 10:
            return f"{digits}{check}"
    raise ValueError("Ten numbers in a row without a check digit.")


def child(place: int, girl: bool, born: date) -> dict[str, str]:
    """The n-th child's own identity."""
    names = GIRLS if girl else BOYS
    return {
        "given_names": names[place % len(names)],
        "family_name": FAMILIES[place % len(FAMILIES)],
        "born_on": born.isoformat(),
        "sex": "female" if girl else "male",
        "address": f"{3 + place * 7 % 90} {STREETS[place % len(STREETS)]}, Northmere",
        "postcode": f"ZZ9 {place % 9 + 1}AA",
        "school": "Eastbrook Primary School",
        "gp_practice": "Larchfield Surgery",
        "nhs_number": nhs_number(place),
        "council_number": f"NM{40000 + place * 37}",
    }


def adults(place: int, born: date) -> list[tuple[str, dict[str, str]]]:
    """The n-th family's parents, whom adult services need in order to match."""
    family = FAMILIES[place % len(FAMILIES)]
    mother = {
        "given_names": WOMEN[place % len(WOMEN)],
        "family_name": family,
        "born_on": (born - timedelta(days=9800 + place * 61)).isoformat(),
        "sex": "female",
        "nhs_number": nhs_number(300 + place),
    }
    father = {
        "given_names": MEN[place * 3 % len(MEN)],
        "family_name": FAMILIES[(place + 11) % len(FAMILIES)],
        "born_on": (born - timedelta(days=10900 + place * 47)).isoformat(),
        "sex": "male",
    }
    return [("parent", mother), ("parent", father)]
