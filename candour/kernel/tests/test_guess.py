"""What reads like a name by the form of the words alone, and what of practice prose must be left in peace."""

import pytest

from candour.kernel.detail.guess import guess


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mrs Brown said so.", ["Mrs Brown"]),
        ("PC Smith attended, then Dr. O’Dowd.", ["PC Smith", "Dr. O’Dowd"]),
        ("The child told Zebedee Quillfeather.", ["Zebedee Quillfeather"]),
        ("It was Kayla's mother who rang.", ["Kayla"]),
        ("We knew the Okonkwo family.", ["Okonkwo"]),
        ("NHS number 999 000 0018, or 07700 900123.", ["999 000 0018", "07700 900123"]),
        ("Sent to a.sample@example.org from 12 Larch Close.", ["a.sample@example.org", "12 Larch Close"]),
    ],
)
def test_what_identifies_somebody_is_found(text, found):
    assert [text[span.start : span.end] for span in guess(text)] == found


@pytest.mark.parametrize(
    "text",
    [
        "Early Help was asked, and Children's Services held a Strategy Discussion.",
        "The Health Visitor saw the Family Nurse on 3 March 2026.",
        "Mother said in March that Housing was slow. Universal Credit stopped.",
        "MARAC, MASH and the LADO were told; Year 6 is 30 pupils. Grade 3, page 12.",
        "See contact log, 03/03/2026 14:05, entry 7731.",
    ],
)
def test_plain_practice_prose_is_left_in_peace(text):
    assert guess(text) == []
