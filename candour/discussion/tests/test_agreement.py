"""Agreement figures against values worked by hand."""

import pytest

from candour.discussion.agreement import compare, spread, weighted_kappa

SCALE = ("outstanding", "good", "requires-improvement", "inadequate")
TOP, G, R, LOW = SCALE
PAIRS = [(G, G), (G, R), (TOP, G), (R, R), (LOW, R), (G, "not-enough"), ("", G)]


def test_counts_exact_near_lowered_raised_and_left_out():
    figures = compare(PAIRS, SCALE)
    assert (figures.compared, figures.left_out) == (5, 2)
    assert (figures.exact, figures.within_one) == (2, 5)
    assert (figures.lowered, figures.raised) == (2, 1)
    assert figures.cell(G, R) == 1
    assert figures.cell(TOP, LOW) == 0


def test_two_grades_apart_is_not_within_one():
    assert compare([(TOP, R)], SCALE).within_one == 0


def test_no_kappa_from_few_pairs_and_none_from_no_pairs():
    assert compare(PAIRS, SCALE).kappa is None
    assert compare([], SCALE).compared == 0
    assert weighted_kappa([], SCALE, weighting="linear") is None


@pytest.mark.parametrize(("weighting", "expected"), [("linear", 0.625), ("quadratic", 0.75)])
def test_kappa_worked_by_hand(weighting, expected):
    # Seen: two of six pairs one step apart. By chance, two of each grade on either side:
    # linear 32/36, quadratic 48/36.
    pairs = [(TOP, TOP), (TOP, TOP), (G, G), (R, R), (G, R), (R, G)]
    assert weighted_kappa(pairs, SCALE, weighting=weighting) == pytest.approx(expected)


def test_kappa_is_given_with_ample_numbers_and_names_its_weighting():
    pairs = [(TOP, TOP), (G, G), (G, R), (R, R), (LOW, LOW), (R, G)] * 5
    figures = compare(pairs, SCALE)
    assert figures.weighting == "quadratic"
    assert figures.kappa == pytest.approx(weighted_kappa(pairs, SCALE, weighting="quadratic"))


def test_kappa_is_silent_where_all_say_the_same():
    assert weighted_kappa([(G, G)] * 40, SCALE, weighting="quadratic") is None


def test_an_unknown_weighting_is_refused():
    with pytest.raises(ValueError, match="linear, quadratic"):
        weighted_kappa([(G, G)], SCALE, weighting="cubic")


@pytest.mark.parametrize(
    ("grades", "expected"),
    [([G, G], 0), ([TOP, LOW], 3), ([G, R, "not-enough"], 1), ([G], None), (["not-enough", ""], None)],
)
def test_spread_between_services(grades, expected):
    assert spread(grades, SCALE) == expected
