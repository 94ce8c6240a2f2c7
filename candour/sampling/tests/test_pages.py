"""The pages of the second step: the plain path by two people, what each page shows, and what it costs."""

import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from candour.kernel.clock import now
from candour.people.tests.factories import other_world, sign_in, world
from candour.sampling import actions, draw, queries
from candour.sampling.flow import CaseState, ListState
from candour.sampling.models import Case, CaseList, Commitment, Draw
from candour.sampling.tests import files as f
from candour.sampling.tests.factories import AT, DICE, a_list, an_audit, drawn, fixed, workbook

pytestmark = pytest.mark.django_db
NEVER_SAID = re.compile(r"\b(stratum|strata|cohort|frame|ticket|beacon|commitment)\b", re.IGNORECASE)


@pytest.fixture
def w():
    return world()


@pytest.fixture
def lead(client, w):
    return sign_in(client, w.coordinator)


def upload(content, name="list.xlsx"):
    return {"uploads": SimpleUploadedFile(name, content)}


def address(name, thing):
    return reverse(f"sampling:{name}", args=[thing.pk])


def test_the_plain_path_takes_two_people(lead, w):
    audit = an_audit(w)
    assert "Give the list" in lead.get(address("show", audit)).text
    answer = lead.post(address("give", audit), upload(workbook()), follow=True)
    assert "20 children in 27 rows" in answer.text
    assert "Nothing is kept yet." in answer.text
    case_list = CaseList.objects.get()
    assert "may be drawn" in lead.post(address("keep", case_list), follow=True).text
    own = {"figure-0": 20, "why-0": ""}
    assert "it agrees" in lead.post(reverse("sampling:figures", args=[case_list.pk, "whole"]), own, follow=True).text
    scope = {"areas": list(case_list.areas), "go": "1"}
    assert "How many, and by which number" in lead.post(address("children", case_list), scope, follow=True).text
    how = {"places": 4, "grouping": "one", "source": "dice", "thrown_by": "the scrutineer", "thrown_when": "now"}
    assert "a second person confirms" in lead.post(address("fix", case_list), how, follow=True).text
    made = Commitment.objects.get()
    assert "needs a second person" in lead.post(address("confirm", made), follow=True).text

    sign_in(lead, w.second)
    assert "Confirm the fixed list" in lead.get(address("fixed", made)).text
    assert "The list is fixed." in lead.post(address("confirm", made), follow=True).text
    digits = {"number": "3141 5926 5358 9793"}
    answer = lead.post(address("draw", made), digits, follow=True)
    assert "Four of 20 children, drawn on" in answer.text
    assert "The count agrees with the council&#x27;s own report" in answer.text.replace("'", "&#x27;")
    zipped = lead.get(address("receipt", audit))
    assert zipped["Content-Disposition"] == 'attachment; filename="draw-2026-03.zip"'
    assert "4 of 20" in draw.verify_receipt(zipped.content)[2]


def test_what_was_refused_and_warned_of_is_shown_by_position(lead, w):
    rows = [f.need(1), f.need(""), f.need(2, born="03/04/15"), f.need(3, sex="Zebedee")]
    answer = lead.post(address("give", an_audit(w)), upload(f.book(List_6=[f.LIST_6, *rows])), follow=True)
    assert "2 children in 4 rows" in answer.text
    assert "has a year of two digits" in answer.text
    assert "Gender: 1 spelling was not understood: in row 5." in answer.text
    assert "Zebedee" not in answer.text


def test_a_file_that_is_no_list_is_said_so(lead, w):
    answer = lead.post(address("give", an_audit(w)), upload(b"%PDF-1.7"), follow=True)
    assert "This is a PDF" in answer.text
    assert "Choose a file, or paste the rows." in lead.post(address("give", an_audit(w, "2026-04"))).text


def test_pasted_rows_and_columns_mapped_on_the_page(lead, w):
    pasted = "Code name\tWhen\r\na1\t2015-01-01\r\na2\t2016-01-01\r\n"
    answer = lead.post(address("give", an_audit(w)), {"pasted": pasted}, follow=True)
    assert "Say what the columns are" in answer.text
    case_list = CaseList.objects.get()
    assert "2015-01-01 · 2016-01-01" in lead.get(address("columns", case_list)).text
    both = lead.post(address("columns", case_list), {"0-0": "number", "0-1": "number"})
    assert "Two columns cannot both be" in both.text
    assert "which column" in lead.post(address("columns", case_list), {"0-1": "born"}).text
    answer = lead.post(address("columns", case_list), {"0-0": "number", "0-1": "born"}, follow=True)
    assert "2 children in 2 rows" in answer.text


def test_while_a_list_is_read_the_page_tells_how_far(lead, w):
    case_list = actions.give_list(audit=an_audit(w), files=[("x", workbook())], by=w.coordinator, at=AT)
    CaseList.objects.update(progress=12288)
    assert "12,288 rows read so far" in lead.get(address("understood", case_list)).text
    part = lead.get(address("understood", case_list), headers={"hx-request": "true"})
    assert "12,288" in part.text
    assert "<html" not in part.text
    CaseList.objects.update(state=ListState.READ)
    assert lead.get(address("understood", case_list), headers={"hx-request": "true"})["HX-Refresh"] == "true"


def test_children_are_left_out_and_taken_back(lead, w):
    case_list = a_list(w)
    out = lead.post(address("leave_out", case_list), {"number": "1001", "reason": "moved"}, follow=True)
    assert "19 children may be drawn" in out.text
    assert (
        "No child in the list"
        in lead.post(address("leave_out", case_list), {"number": "7", "reason": "moved"}, follow=True).text
    )
    assert "Enter the child" in lead.post(address("leave_out", case_list), {"reason": "moved"}).text
    back = {"exclusion": case_list.exclusions.get().pk}
    assert "20 children may be drawn" in lead.post(address("take_back", case_list), back, follow=True).text
    lead.post(address("take_back", case_list), back)
    few = lead.post(address("children", case_list), {"areas": ["child-in-need"]}, follow=True)
    assert "13 children may be drawn" in few.text
    assert "In the service areas that the audit looks at" in few.text


def test_a_list_set_aside_is_gone(lead, w):
    case_list = a_list(w)
    assert "The list and its rows are deleted." in lead.post(address("set_aside", case_list), follow=True).text
    assert "This list is set aside" in lead.get(address("understood", case_list)).text


def test_drand_is_waited_for_pasted_and_drawn_from(lead, w):
    case_list = a_list(w)
    with time_machine.travel(AT, tick=False):
        lead.post(address("fix", case_list), {"places": 4, "grouping": "one", "source": "drand", "when": "15"})
        made = Commitment.objects.get()
        actions.confirm_list(fixed=made, by=w.second, at=now())
        waiting = lead.get(address("fixed", made)).text
        assert "comes out at 09:15 on 23 November 2026." in waiting
    number, value = made.beacon_round, "ab" * 32
    with time_machine.travel(AT + timedelta(minutes=20), tick=False):
        page = lead.get(address("draw", made)).text
        assert f"https://api.drand.sh/{draw.CHAIN}/public/{number}" in page
        assert "does not check its signature" in page
        for wrong, sentence in (
            (json.dumps({"round": number + 1, "randomness": value}), f"This is round {number + 1}"),
            ("{", "not the answer of one of the pages"),
            ("ab" * 31, "Enter the 64 digits"),
        ):
            assert sentence in lead.post(address("draw", made), {"number": wrong}).text
        answer = json.dumps({"round": number, "randomness": value, "signature": "00"})
        assert "Four of 20 children" in lead.post(address("draw", made), {"number": answer}, follow=True).text


def test_dice_need_enough_digits(lead, w):
    made = fixed(w)
    assert "Enter digits only" in lead.post(address("draw", made), {"number": "heads"}).text
    assert "this plan needs at least" in lead.post(address("draw", made), {"number": "12"}, follow=True).text
    case_list = a_list(w, an_audit(w, "2026-04"))
    missing = lead.post(address("fix", case_list), {"places": 4, "grouping": "one", "source": "dice"})
    assert "Enter who throws the dice" in missing.text


def test_groups_are_shared_out_on_the_page(lead, w):
    case_list = a_list(w)
    how = {"places": 12, "grouping": "hand", "source": "drand", "hand-child-in-need": 9, "hand-child-protection": 3}
    page = lead.post(address("fix", case_list), how, follow=True).text
    assert "12 of 20 children will be drawn" in page
    assert queries.groups(Commitment.objects.get()) == [("Child in need", 13, 9), ("Child protection", 7, 3)]


def test_a_fixed_list_is_withdrawn(lead, w):
    made = fixed(w)
    assert "it stays on the record" in lead.post(address("withdraw", made), follow=True).text
    assert "Withdrawn" in lead.get(address("fixed", made)).text


def test_a_case_is_replaced_with_its_reason_first(lead, w):
    found = drawn(w)
    case = queries.cases(found.audit).get(number=2)
    assert "Choose why is this case replaced" not in lead.get(address("replace", case)).text
    assert lead.post(address("replace", case), {}).status_code == 200
    told = lead.post(address("replace", case), {"reason": "proceedings", "note": "Police, today"}, follow=True).text
    assert "Case 2 is replaced. Its number is not used again." in told
    assert "one place replaced" in told
    page = lead.get(address("case", case)).text
    assert "no longer in the audit" in page
    assert "Police, today" in page
    assert "Case 5" in page


def test_a_draw_is_voided_with_its_reason(lead, w):
    found = drawn(w)
    told = lead.post(address("void", found), {"reason": "incomplete"}, follow=True).text
    assert "Children were missing from the list".lower() in told
    assert "This draw is void since" in lead.get(address("drawn", found)).text
    assert lead.get(address("receipt", found.audit)).status_code == 404
    assert set(Case.objects.values_list("state", flat=True)) == {CaseState.VOID}


def test_cases_given_to_us_say_so_everywhere(lead, w):
    audit = an_audit(w, given=True)
    assert "Enter the cases given to us" in lead.get(address("show", audit)).text
    given = {"origin": "the inspectors", "area-child-protection": 2, "area-none": 1}
    page = lead.post(address("give_cases", audit), given, follow=True).text
    assert page.count("the inspectors") == 3
    case = queries.cases(audit).first()
    assert "given to us</strong> by the inspectors, not drawn at random" in lead.get(address("case", case)).text
    assert "No other case takes its place" in lead.get(address("replace", case)).text


def test_the_row_of_a_case_is_shown_by_a_recorded_act_only(lead, w):
    found = drawn(w)
    case = queries.cases(found.audit).first()
    assert "As read" not in lead.get(address("case", case)).text
    assert lead.get(address("row", case)).status_code == 405
    page = lead.post(address("row", case))
    assert "It is the row that was fixed before the draw." in page.text
    assert "no-store" in page["Cache-Control"]


def test_the_page_of_a_case_shows_what_later_steps_offer(lead, w, monkeypatch):
    monkeypatch.setattr(queries.chosen, "_case_links", [])
    queries.register_case_links(lambda case, user: [(f"Discuss {case}", "/somewhere/")])
    case = queries.cases(drawn(w).audit).first()
    assert '<a class="govuk-link" href="/somewhere/">Discuss Case 1</a>' in lead.get(address("case", case)).text


# Access and cost ------------------------------------------------------------------------------


def every_page(w):
    found = drawn(w)
    case_list, made, case = found.commitment.case_list, found.commitment, Case.objects.first()
    return [
        *(address(name, found.audit) for name in ("show", "give", "receipt")),
        *(address(name, case_list) for name in ("understood", "children", "fix")),
        *(address(name, made) for name in ("fixed", "draw")),
        *(address(name, found) for name in ("drawn", "void")),
        *(address(name, case) for name in ("case", "replace")),
    ]


def test_no_page_says_a_word_that_users_never_meet(lead, w):
    for page in every_page(w):
        answer = lead.get(page, follow=True)
        assert answer.status_code == 200
        if "Content-Disposition" not in answer:
            assert not NEVER_SAID.search(re.sub(r"<[^>]+>", " ", answer.text)), page


def test_another_partnership_sees_nothing(client, w):
    sign_in(client, other_world().coordinator)
    assert {client.get(page).status_code for page in every_page(w)} == {404}


def test_a_service_sees_neither_list_nor_draw(client, w):
    sign_in(client, w.contact_police)
    assert {client.get(page).status_code for page in every_page(w)} == {404}
    chair = sign_in(client, w.chair)
    statuses = [chair.get(page).status_code for page in every_page_again()]
    assert statuses == [200, 403, 404, 200, 200, 403]


def every_page_again():
    found, case = Draw.objects.first(), Case.objects.first()
    return [
        address("drawn", found), address("give", found.audit), address("understood", found.commitment.case_list),
        address("receipt", found.audit), address("case", case), address("replace", case),
    ]  # fmt: skip


def test_an_agency_that_takes_part_takes_the_receipt(client, w):
    found = drawn(w)
    found.audit.expected.create(partnership=w.partnership, service=w.police)
    answer = sign_in(client, w.contact_police).get(address("receipt", found.audit))
    assert zipfile.ZipFile(io.BytesIO(answer.content)).namelist()[0] == "cohort.tsv"


@pytest.mark.parametrize("places", [1, 3])
@pytest.mark.parametrize(("page", "made"), [("drawn", 12), ("fixed", 12)])
def test_pages_cost_the_same_however_many_places(lead, w, places, page, made, django_assert_max_num_queries):
    found = drawn(w, places=places)
    lead.get("/audits/")
    with django_assert_max_num_queries(made):
        lead.get(address(page, found if page == "drawn" else found.commitment))


@pytest.mark.parametrize("count", [1, 3])
def test_work_costs_the_same_however_many_audits(w, count, django_assert_max_num_queries):
    for number in range(count):
        an_audit(w, f"2026-1{number}")
        a_list(w, an_audit(w, f"2026-2{number}"), keep=False)
        fixed(w, a_list(w, an_audit(w, f"2026-3{number}")), confirm=False)
        fixed(w, a_list(w, an_audit(w, f"2026-4{number}")))
    with django_assert_max_num_queries(10):
        lead = queries.tasks(w.coordinator, AT.date())
    assert len(lead) == 3 * count
    assert [task.title for task in queries.tasks(w.second, AT.date())] == [
        f"Confirm the fixed list of 2026-3{number}" for number in range(count)
    ]
    assert queries.tasks(w.contact_police, AT.date()) == []


def test_the_stage_follows_the_step(w):
    audit = an_audit(w)
    assert queries.stage(audit).next_text == "Give the case list."
    case_list = a_list(w, audit, keep=False)
    assert "Check what was understood" in queries.stage(audit).next_text
    actions.keep_list(case_list=case_list, by=w.coordinator, at=AT)
    assert queries.stage(audit).figures == "20 children in the list"
    made = fixed(w, case_list, confirm=False)
    assert queries.stage(audit).next_text == "A second person confirms the fixed list."
    made = actions.confirm_list(fixed=made, by=w.second, at=AT)
    assert queries.stage(audit).next_text == "Draw the cases."
    actions.draw_cases(fixed=made, source=DICE, by=w.coordinator, at=AT)
    assert (queries.stage(audit).state, queries.stage(audit).figures) == ("done", "4 of 20 children, drawn at random")
    given = an_audit(w, "2026-09", given=True)
    assert queries.stage(given).next_text == "Enter the cases given to you."
    actions.give_cases(audit=given, areas=[""], origin="x", by=w.coordinator, at=AT)
    assert queries.stage(given).figures == "1 cases, given to us"
