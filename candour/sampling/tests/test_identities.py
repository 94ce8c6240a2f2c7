"""The small Excel form for identities: references out, people back, each cell checked, nothing shown or kept unasked."""

import io
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from python_calamine import CalamineWorkbook

from candour.identity import queries as identity
from candour.identity.bounds import ALL_FIELDS, LABELS
from candour.identity.models import IndexEntry, Person
from candour.kernel.errors import Refused
from candour.people.tests.factories import sign_in, world
from candour.sampling import actions, jobs, queries
from candour.sampling.models import Case, IdentitySheet
from candour.sampling.queries.identity_form import COLUMNS
from candour.sampling.tests import files as f
from candour.sampling.tests.factories import AT, an_audit, drawn, some_cases
from candour.trail.models import Entry

pytestmark = pytest.mark.django_db
NAME = {"given_names": "Zebedee", "family_name": "Canarywell", "born_on": date(2019, 5, 3)}


@pytest.fixture
def w():
    return world()


def filled(*rows) -> bytes:
    """Fill a form: each row a reference, who it is, and values by field."""
    return f.book(Identities=[
        list(COLUMNS), *([ref, "", who, *(values.get(name, "") for name in ALL_FIELDS)] for ref, who, values in rows)
    ])  # fmt: skip


def read(w, audit, *rows):
    return jobs.read_form(audit=audit, files=[("form.xlsx", filled(*rows))], by=w.coordinator, at=AT)


def test_the_form_holds_references_of_the_sampled_and_nothing_about_anybody(client, w):
    cases = some_cases(w)
    actions.replace_case(case=cases[0], reason="moved", by=w.coordinator, at=AT)
    audit = cases[0].audit
    page = sign_in(client, w.coordinator).get(reverse("sampling:identity_form", args=[audit.pk]))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(page.content)).get_sheet_by_name("Identities").to_python()
    assert rows[0] == list(COLUMNS)
    now = {case.ref for case in queries.cases(audit)}
    assert {row[0] for row in rows[1:]} == now
    assert cases[0].ref not in now
    assert all(not any(row[3:]) for row in rows[1:])


def test_a_filled_form_is_looked_at_then_kept_and_who_entered_it_is_on_the_record(client, w):
    case = some_cases(w)[0]
    lead = sign_in(client, w.coordinator)
    where = reverse("sampling:identities", args=[case.audit_id])
    form = filled(
        (case.ref.lower(), "Child", NAME | {"nhs_number": 9990000018.0, "postcode": "zz99zz", "sex": "M"}),
        (case.ref, "Mother", {"given_names": "Ottoline", "family_name": "Finch", "born_on": "1/2/1990"}),
        (case.ref, "", {}),
    )
    page = lead.post(where, {"upload": SimpleUploadedFile("form.xlsx", form)}, follow=True).text
    assert "2 people understood" in page
    assert "Nothing is kept yet. 1 blank row was passed over." in page
    assert "Zebedee" not in page
    sheet = IdentitySheet.objects.get()
    assert "Zebedee" not in str(IdentitySheet.objects.values_list("body", flat=True)[0].raw)
    assert not Person.objects.exists()
    page = lead.post(reverse("sampling:keep_identities", args=[sheet.pk]), follow=True).text
    assert "Everybody in the form is entered" in page
    child, mother = Person.objects.order_by("position")
    assert (child.nhs_number, child.postcode, child.born_on, child.sex) == (
        "9990000018", "ZZ9 9ZZ", "2019-05-03", "male"
    )  # fmt: skip
    assert (mother.relation, mother.born_on) == ("parent", "1990-02-01")
    assert child.added_by == w.coordinator
    assert Entry.objects.filter(verb="added an identity", actor=w.coordinator.pk).count() == 2
    assert not IdentitySheet.objects.exists()


@pytest.mark.parametrize(
    ("who", "values", "column", "why"),
    [
        ("Child", {"born_on": "31/02/2019"}, "Date of birth", "a day that does not exist"),
        ("Child", {"born_on": "03/05/19"}, "Date of birth", "two digits"),
        ("Aunt", NAME, "Who", "Say who this is"),
        ("Child", NAME | {"sex": "blue"}, "Sex", "none of female"),
        ("Child", NAME | {"upn": "R" * 121}, "UPN", "longer than 120"),
        ("Child", NAME | {"council_number": 10.5}, "Council’s number", "not a whole number"),
    ],
)
def test_a_cell_that_cannot_be_kept_is_refused_by_row_and_column(w, who, values, column, why):
    case = some_cases(w)[0]
    sheet = read(w, case.audit, (case.ref, who, values))
    ((row, where, said),) = sheet.body["refused"]
    assert (row, where) == (2, column)
    assert why in said
    assert sheet.body["rows"] == []


def test_an_odd_identifier_is_kept_and_said(w):
    case = some_cases(w)[0]
    values = NAME | {"nhs_number": "999 000 0019", "upn": "A201100018042", "postcode": "nowhere"}
    sheet = read(w, case.audit, (case.ref, "Child", values | {"born_on": "3 May 1950"}))
    assert [odd[1] for odd in sheet.body["odd"]] == ["NHS number", "UPN", "Postcode", "Date of birth"]
    assert len(sheet.body["rows"]) == 1


def test_strangers_second_children_and_people_met_twice_are_refused(w):
    cases = some_cases(w)
    audit, ref = cases[0].audit, cases[0].ref
    rows = [("NOBODY-0001", "Child", NAME), (ref, "Child", NAME), (ref, "Child", NAME | {"given_names": "Two"})]
    sheet = read(w, audit, *rows)
    assert [row[0] for row in sheet.body["refused"]] == [2, 4]
    actions.keep_form(sheet=sheet, by=w.coordinator, at=AT)
    with pytest.raises(Refused, match="kept or let go already"):
        actions.keep_form(sheet=sheet, by=w.coordinator, at=AT)
    again = read(w, audit, (ref, "Child", NAME), (ref, "Sibling", NAME))
    assert [row[2] for row in again.body["refused"]] == [
        "The child of this case is entered already; correct that on its page.",
        "This person is entered in this case already.",
    ]
    with pytest.raises(Refused, match="is not the form"):
        jobs.read_form(audit=audit, files=[("x.csv", b"a,b\n1,2\n")], by=w.coordinator, at=AT)
    with pytest.raises(Refused, match="Nobody is entered"):
        read(w, audit, (ref, "", {}))


def test_only_the_coordinator_enters_and_a_form_that_nobody_keeps_goes(w):
    case = some_cases(w)[0]
    sheet = read(w, case.audit, (case.ref, "Child", NAME))
    with pytest.raises(Refused, match="enter identities"):
        actions.keep_form(sheet=sheet, by=w.second, at=AT)
    jobs.purge_lists(AT + timedelta(days=1))
    assert IdentitySheet.objects.exists()
    jobs.purge_lists(AT + timedelta(days=2))
    assert not IdentitySheet.objects.exists()
    assert Entry.objects.filter(verb="let a form of identities go").exists()


def test_a_case_replaced_meanwhile_is_not_entered(w):
    case = some_cases(w)[0]
    sheet = read(w, case.audit, (case.ref, "Child", NAME))
    actions.replace_case(case=case, reason="moved", by=w.coordinator, at=AT)
    with pytest.raises(Refused, match="no longer in the audit"):
        actions.keep_form(sheet=sheet, by=w.coordinator, at=AT)
    assert not Person.objects.exists()


def test_the_same_child_is_found_in_another_audit_but_never_across_an_adoption(client, w):
    first, second = some_cases(w)[0], some_cases(w, an_audit(w, "2026-04"))[0]
    child = NAME | {"nhs_number": "9990000018"}
    for case in (first, second):
        actions.keep_form(sheet=read(w, case.audit, (case.ref, "Child", child)), by=w.coordinator, at=AT)
    lead = sign_in(client, w.coordinator)
    where = reverse("sampling:identities", args=[second.audit_id])
    assert "Child already in Case 1 of audit 2026-03: same name and date of birth" in lead.get(where).text
    actions.replace_case(case=first, reason="adopted", by=w.coordinator, at=AT)
    assert "already in" not in lead.get(where).text
    assert identity.matches_by_subject([first.subject_id, second.subject_id]) == {}
    assert IndexEntry.objects.filter(person__subject=first.subject_id).count() == 0
    assert Entry.objects.filter(verb="kept an identity apart").count() == 1


@pytest.mark.parametrize("places", [1, 3])
def test_the_page_costs_the_same_however_many_cases(client, w, places, django_assert_max_num_queries):
    found = drawn(w, places=places)
    for case in Case.objects.all():
        actions.keep_form(sheet=read(w, found.audit, (case.ref, "Child", NAME)), by=w.coordinator, at=AT)
    lead = sign_in(client, w.coordinator)
    with django_assert_max_num_queries(12):
        assert "Entered" in lead.get(reverse("sampling:identities", args=[found.audit_id])).text


def test_labels_of_the_form_are_those_of_the_pages():
    assert set(LABELS.values()) <= set(COLUMNS)
