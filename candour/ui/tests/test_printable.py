"""Whatever somebody wrote can be printed: what the typefaces lack is shown as one sign, and the rest stays."""

import pytest

from candour.ui.paper.printable import tidy, without

WRONG = 'PDF/UA-1 error: the text `"{}"` could not be displayed with font `"Source Sans Pro"`'


def test_characters_that_are_no_text_go_and_the_bullets_of_word_are_bullets():
    said = {"lead": "a\0b\x0bc\ufffe\ud800 – “d”\n", "rows": [("\uf0b7 one", 2), None]}
    assert tidy(said) == {"lead": "abc – “d”\n", "rows": [["• one", 2], None]}


@pytest.mark.parametrize(
    ("missing", "said", "left"),
    [
        ("😀", "Glad 😀🙂 – “so”", "Glad �� – “so”"),
        ("ਪ", "ਪੰਜਾਬੀ, Punjabi", "������, Punjabi"),
        ("文", "文書 and 1 → 2", "�� and 1 → 2"),
        ("\\u{f0fc}", "\uf0fc done ✓", "� done ✓"),
        ("👩\u200d👧", "👩\u200d👧 ‘both’", "�\u200d� ‘both’"),
    ],
)
def test_a_script_without_letters_is_shown_as_one_sign(missing, said, left):
    assert without({"text": [said]}, WRONG.format(missing)) == {"text": [left]}


@pytest.mark.parametrize("trouble", ["PDF/UA-1 error: missing document title", WRONG.format("a")])
def test_any_other_trouble_is_told(trouble):
    assert without({"text": "a"}, trouble) is None
