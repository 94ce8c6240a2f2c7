"""The generated case lists are Annex A as Candour reads it, and the same each time."""

from datetime import date

from candour.demo import annex_a
from candour.sampling import readers

ON = date(2026, 10, 1)


def test_a_generated_list_is_read_with_every_area_and_only_its_planted_faults():
    found = readers.read([("list", annex_a.workbook(seed=7, on=ON, children=400))], ON)
    assert (found.kind, len(found.children), found.rows_refused) == ("annex-a", 400, 2)
    assert set(found.areas()) == {area.code for area in readers.areas.AREAS if area.any_of} | {"closed"}
    assert len(found.as_json()["warnings"]) == 2


def test_the_same_seed_gives_the_same_children_and_another_gives_others():
    one, again, other = (annex_a.workbook(seed=seed, on=ON, children=30, untidy=False) for seed in (1, 1, 2))
    assert one == again
    assert list(readers.read([("x", one)], ON).children) != list(readers.read([("x", other)], ON).children)
