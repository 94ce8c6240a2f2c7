"""What no code has is listed once with its count, said once by the coordinator, and remembered for the partnership."""

import pytest

from candour.people.tests.factories import other_world, sign_in, world
from candour.sampling import actions, jobs, queries, readers
from candour.sampling.models import CaseList, CodeMap
from candour.sampling.readers import codes
from candour.sampling.tests import files as f
from candour.sampling.tests.factories import AT, a_list, an_audit
from candour.sampling.tests.test_pages import address, upload


@pytest.fixture
def w():
    return world()


def strange(spellings=("Vietnamese", "vietnamese ", "Kurd"), **more):
    return f.book(
        List_6=[f.LIST_6, *[f.need(n, ethnic=said, **more) for n, said in enumerate(spellings, 1)], f.need(99)]
    )


def test_each_spelling_stands_once_with_its_count_and_no_value_is_said():
    reading = readers.read([("x", strange(sex="Zzz"))], f.ON)
    assert [(one["field"], one["said"], one["count"]) for one in reading.unknown_spellings(9)] == [
        ("sex", "Zzz", 3), ("ethnicity", "Vietnamese", 2), ("ethnicity", "Kurd", 1),
    ]  # fmt: skip
    said = reading.as_json()["warnings"]
    assert "List 6, Gender: 1 spelling was not understood: in 3 rows, first row 2. It counts as not stated." in said
    assert (
        "List 6, Ethnicity: 2 spellings were not understood: in 2 rows, first row 2; in row 4. They count as not stated."
        in said
    )
    assert "Vietnamese" not in " ".join(said)


def test_what_was_said_of_a_spelling_is_used():
    meanings = {
        codes.printed("ethnicity", " VIETNAMESE"): "asian",
        codes.printed("ethnicity", "Kurd"): codes.NOT_STATED,
    }
    reading = readers.read([("x", strange())], f.ON, spellings=meanings)
    assert [child.ethnicity for child in reading.children.values()] == ["asian", "asian", "", "white"]
    assert not reading.unknown


def test_more_spellings_than_codes_can_have_stand_together():
    rows = [f.need(n, ethnic=f"word {n}") for n in range(2100)]
    reading = readers.read([("x.csv", f.text([f.LIST_6, *rows]))], f.ON)
    assert len(reading.unknown) == readers.Reading.MOST_UNKNOWN + 1
    assert sum(one.count for one in reading.unknown.values()) == 2100
    assert len(reading.unknown_spellings(5000)) == readers.Reading.MOST_UNKNOWN


@pytest.mark.parametrize(
    ("field", "said", "code"),
    [
        ("sex", "1 - Male", "M"), ("sex", "Female (F)", "F"), ("sex", "F - Female", "F"), ("ethnicity", "W1", "white"),
        ("ethnicity", "M3 - White and Asian", "mixed"), ("ethnicity", "Prefer not to say", ""),
        ("need", "Family in acute stress", "N4"), ("need", "Child's disability or illness", "N2"),
        ("need", "Parental disability/illness", "N3"), ("need", "Abuse, neglect or exploitation", "N1"),
    ],
)  # fmt: skip
def test_labels_are_known_with_or_without_their_prefix(field, said, code):
    assert codes.understand(field, said) == (code, True)


@pytest.mark.parametrize(("field", "said"), [("sex", "Male/Female"), ("ethnicity", "C"), ("need", "PSRMEM")])
def test_what_could_mean_two_things_is_not_guessed(field, said):
    assert codes.understand(field, said) == ("", False)


@pytest.mark.parametrize(
    ("said", "answer"),
    [("a) Yes", True), ("1 - Yes", True), ("No further action", True), ("NFA", True), ("b) No", False), ("0", False),
     ("Further action taken", False), ("perhaps", None), ("", None)],
)  # fmt: skip
def test_yes_and_no_in_their_spellings(said, answer):
    assert codes.yes(said) is answer


@pytest.mark.django_db
def test_the_coordinator_says_once_what_a_spelling_means(client, w):
    lead = sign_in(client, w.coordinator)
    answer = lead.post(address("give", an_audit(w)), upload(strange()), follow=True)
    assert "Say what 2 spellings mean" in answer.text
    case_list = CaseList.objects.get()
    page = lead.get(address("spellings", case_list)).text
    assert "Vietnamese" in page
    assert "List 6, Ethnicity" in page
    assert "Say of at least one spelling" in lead.post(address("spellings", case_list), {}, follow=True).text
    said = {codes.printed("ethnicity", "vietnamese"): "asian"}
    assert "one spelling means" in lead.post(address("spellings", case_list), said, follow=True).text
    case_list.refresh_from_db()
    assert case_list.tallies["counts"]["ethnicity"]["asian"] == 2
    assert CodeMap.objects.get().partnership == w.partnership
    again = a_list(w, an_audit(w, "2026-05"), content=strange(), keep=False)
    assert [one["said"] for one in queries.unknown_spellings(again)] == ["Kurd"]


@pytest.mark.django_db
def test_another_partnership_is_not_told_what_was_said(w):
    case_list = a_list(w, content=strange(), keep=False)
    spelling = codes.printed("ethnicity", "vietnamese")
    jobs.begin_reading(actions.map_codes(case_list=case_list, meanings={spelling: "asian"}, by=w.coordinator, at=AT))
    other = other_world()
    assert queries.spellings(w.partnership.pk) == {spelling: "asian"}
    assert queries.spellings(other.partnership.pk) == {}


@pytest.mark.django_db
def test_a_changed_mapping_of_known_columns_is_used_next_time(w):
    content = f.text([["Child ID", "DOB", "Team", "Hub"], ["1", "2015-01-01", "North", "A"]])
    case_list = a_list(w, content=content, keep=False)
    columns = {"0": {0: "number", 1: "born", 3: "team"}}
    jobs.begin_reading(actions.map_columns(case_list=case_list, columns=columns, by=w.coordinator, at=AT))
    again = a_list(w, an_audit(w, "2026-05"), content=content, keep=False)
    assert again.report["previews"][0]["roles"] == {"0": "number", "1": "born", "3": "team"}
    assert queries.index_of(again).teams == ["A"]


@pytest.mark.django_db
@pytest.mark.parametrize("spellings", [1, 3])
def test_the_page_costs_the_same_however_many_spellings(client, w, spellings, django_assert_max_num_queries):
    case_list = a_list(w, content=strange(["Kurd", "Zaza", "Hazara"][:spellings]), keep=False)
    lead = sign_in(client, w.coordinator)
    lead.get("/audits/")
    with django_assert_max_num_queries(10):
        assert lead.get(address("spellings", case_list)).text.count("<select") == spellings
