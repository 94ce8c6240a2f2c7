"""Lists, fixed lists, draws and cases: what is done, and what is refused."""

import io
import json
import zipfile
from datetime import date, timedelta

import pytest

from candour.identity.models import Subject
from candour.kernel.errors import Refused
from candour.kernel.models import Key
from candour.notices.models import Message
from candour.people.tests.factories import other_world, world
from candour.sampling import actions, draw, jobs, queries
from candour.sampling.flow import CaseState, CommitmentState, DrawState, ListState
from candour.sampling.models import Block, Case, CaseList, ColumnMap, Commitment, Upload
from candour.sampling.tests import files as f
from candour.sampling.tests.factories import AT, DICE, a_list, an_audit, drawn, fixed, workbook
from candour.trail.models import Entry

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(minutes=5)


@pytest.fixture
def w():
    return world()


def verbs():
    return list(Entry.objects.order_by("seq").values_list("verb", flat=True))


def refused(action, match, **given):
    with pytest.raises(Refused, match=match):
        action(at=AT, **given)


# Lists ----------------------------------------------------------------------------------------


def test_a_list_is_sealed_read_and_kept(w):
    case_list = a_list(w)
    assert (case_list.state, case_list.children, case_list.rows_read) == (ListState.KEPT, 20, 27)
    assert case_list.areas == {"child-protection": 7, "child-in-need": 13}
    for row in (*Upload.objects.values_list("content", "name"), *Block.objects.values_list("body")):
        assert all(str(cell.raw).startswith(case_list.audit_id) for cell in row)
    assert queries.index_of(case_list).number[:2] == ["1000", "1001"]
    assert verbs() == ["give list", "read", "keep"]


def test_who_may_give_a_list_and_when(w):
    audit, files = an_audit(w), [("x.xlsx", workbook())]
    refused(actions.give_list, "may give a case list", audit=audit, files=files, by=w.second)
    refused(actions.give_list, "may give a case list", audit=audit, files=files, by=other_world().coordinator)
    refused(actions.give_list, "Choose a file", audit=audit, files=[("x", b"")], by=w.coordinator)
    refused(actions.give_list, "larger than", audit=audit, files=[("x", bytes(81 << 20))], by=w.coordinator)
    given = an_audit(w, "2026-04", given=True)
    refused(actions.give_list, "no list is needed", audit=given, files=files, by=w.coordinator)
    audit.state = "closed"
    audit.closed_at = AT
    audit.save()
    refused(actions.give_list, "once the audit is under way", audit=audit, files=files, by=w.coordinator)


def test_a_list_that_cannot_be_used_says_why_and_keeps_no_row(w):
    case_list = a_list(w, content=b"%PDF-1.7", keep=False)
    assert (case_list.state, Block.objects.count()) == (ListState.UNREADABLE, 0)
    assert "This is a PDF" in case_list.problem
    refused(actions.keep_list, "not readable", case_list=case_list, by=w.coordinator)


def test_columns_are_mapped_and_remembered_for_the_partnership(w):
    content = f.text([["Code name", "When"], ["a1", "2015-01-01"], ["a2", "2016-01-01"]])
    case_list = a_list(w, content=content, keep=False)
    assert case_list.report["previews"][0]["headings"] == ["Code name", "When"]
    refused(actions.map_columns, "which column", case_list=case_list, columns={"0": {1: "born"}}, by=w.coordinator)
    again = actions.map_columns(case_list=case_list, columns={"0": {0: "number", 1: "born"}}, by=w.coordinator, at=AT)
    jobs.begin_reading(again)
    case_list.refresh_from_db()
    assert (case_list.state, case_list.children, ColumnMap.objects.count()) == (ListState.READ, 2, 1)
    audit = an_audit(w, "2026-05")
    assert a_list(w, audit, content=content, keep=False).children == 2


def test_reading_twice_changes_nothing(w):
    case_list = a_list(w, keep=False)
    jobs.read_list(case_list.pk)
    assert (Block.objects.count(), verbs()) == (1, ["give list", "read"])


def test_another_list_takes_the_place_of_the_first(w):
    audit = an_audit(w)
    first, second = a_list(w, audit), a_list(w, audit)
    first.refresh_from_db()
    assert (first.state, queries.current_list(audit)) == (ListState.LEFT, second)
    assert not first.blocks.exists()
    assert not first.index


def test_a_large_list_is_left_to_the_worker(w, monkeypatch):
    queued = []
    monkeypatch.setattr(jobs, "async_task", lambda *job: queued.append(job))
    monkeypatch.setattr(jobs, "AT_ONCE", 10)
    given = actions.give_list(audit=an_audit(w), files=[("x", workbook())], by=w.coordinator, at=AT)
    jobs.begin_reading(given)
    assert queued == [("candour.sampling.jobs.read_list", given.pk)]


def test_a_queued_list_is_not_read_for_somebody_whose_role_has_ended_meanwhile(w):
    given = actions.give_list(audit=an_audit(w), files=[("x", workbook())], by=w.coordinator, at=AT)
    w.coordinator.grants.update(withdrawn_at=AT, withdrawn_by=w.chair)
    jobs.read_list(given.pk)
    given.refresh_from_db()
    assert "may no longer do it" in given.problem
    assert not Block.objects.exists()


# Who may be drawn -----------------------------------------------------------------------------


def scope(case_list, w, **over):
    given = {"areas": list(case_list.areas), "rules": []} | over
    return actions.set_scope(case_list=case_list, by=w.coordinator, at=AT, **given)


def test_areas_rules_and_single_exclusions_leave_children_out(w):
    rows = [f.need(1), f.need(2, age=19), f.need(3, "e) Closed episode", reason="RC2"), f.need(4), f.need(5)]
    case_list = a_list(w, content=f.book(List_6=[f.LIST_6, *rows]))
    case_list = scope(case_list, w, areas=["child-in-need"], rules=["adult"])
    made = actions.exclude_child(case_list=case_list, number=" 4 ", reason="proceedings", by=w.coordinator, at=AT)
    found = queries.eligible(case_list)
    assert (found.places, found.outside, found.by_rule, found.by_reason) == (
        [0, 4], 1, {"adult": 1}, {"proceedings": 1},
    )  # fmt: skip
    actions.include_child(exclusion=made, by=w.coordinator, at=AT)
    assert queries.eligible(scope(case_list, w)).count == 5


def test_scope_is_refused_where_it_makes_no_sense(w):
    case_list = a_list(w)
    refused(actions.set_scope, "at least one", case_list=case_list, areas=[], rules=[], by=w.coordinator)
    refused(actions.exclude_child, "No child", case_list=case_list, number="9", reason="moved", by=w.coordinator)
    actions.exclude_child(case_list=case_list, number="1001", reason="moved", by=w.coordinator, at=AT)
    refused(actions.exclude_child, "already", case_list=case_list, number="1001", reason="moved", by=w.coordinator)


# Fixing ---------------------------------------------------------------------------------------


def test_two_people_fix_a_list_and_the_agencies_are_told(w):
    audit = an_audit(w)
    audit.expected.create(partnership=w.partnership, service=w.police)
    made = fixed(w, a_list(w, audit), confirm=False)
    refused(actions.confirm_list, "needs a second person", fixed=made, by=w.coordinator)
    refused(actions.confirm_list, "may confirm", fixed=made, by=w.chair)
    made = actions.confirm_list(fixed=made, by=w.second, at=AT)
    assert (made.state, made.confirmed_by) == (CommitmentState.CONFIRMED, w.second)
    letter = Message.objects.get(to_user=w.contact_police)
    assert made.digest in letter.body
    jobs.after_confirming(made)
    assert Message.objects.filter(subject__startswith="Checkpoint").exists()
    refused(actions.set_scope, "The list is fixed", case_list=made.case_list, areas=[], rules=[],
            by=w.coordinator)  # fmt: skip


def test_what_is_fixed_is_in_its_form_and_binds_each_ref_to_its_rows(w):
    made = fixed(w, places=4, confirm=False)
    sizes = {name: len(refs) for name, refs in draw.read_cohort(made.cohort.encode()).items()}
    assert (sizes, queries.groups(made)) == ({"all": 20}, [("All children", 20, 4)])
    assert json.loads(made.document)["binding"] == draw.fingerprint(made.binding.encode())
    assert not {"1000", "1001"} & set(made.cohort.split())


@pytest.mark.parametrize(
    ("grouping", "by_hand", "places"),
    [
        ("proportional", {}, {"child-in-need": 8, "child-protection": 4}),
        ("equal", {}, {"child-in-need": 6, "child-protection": 6}),
        ("hand", {"child-in-need": 10, "child-protection": 2}, {"child-in-need": 10, "child-protection": 2}),
    ],
)
def test_places_are_shared_over_groups(w, grouping, by_hand, places):
    made = fixed(w, places=12, grouping=grouping, by_hand=by_hand, thrown_by="x", thrown_when="now")
    assert {g.stratum: g.places for g in draw.read_plan(made.plan.encode())} == places


def test_a_plan_that_cannot_be_is_refused(w):
    given = {"case_list": a_list(w), "by": w.coordinator, "thrown_by": "x", "thrown_when": "now"}
    refused(actions.fix_list, "Only 20 children", places=21, **given)
    refused(actions.fix_list, "from 10 places on", places=9, grouping="equal", **given)
    refused(
        actions.fix_list, "add up to 3, not to 10", places=10, grouping="hand", by_hand={"child-in-need": 3}, **given
    )
    refused(actions.fix_list, "fewer children than places", places=15, grouping="hand",
            by_hand={"child-protection": 15}, **given)  # fmt: skip
    refused(actions.fix_list, "who throws", places=4, **(given | {"thrown_by": ""}))
    soon = draw.round_at(AT + timedelta(minutes=5))
    refused(actions.fix_list, "at least ten minutes", places=4, beacon_round=soon, **given)
    actions.fix_list(places=4, at=AT, **given)
    refused(actions.fix_list, "has a fixed list already", places=4, **given)
    refused(actions.set_aside, "stands on this list", case_list=given["case_list"], by=w.coordinator)


def test_a_late_confirmation_is_refused_and_a_fixed_list_can_be_withdrawn(w):
    number = draw.round_at(AT + timedelta(minutes=20))
    made = fixed(w, confirm=False, beacon_round=number)
    with pytest.raises(Refused, match="is out already"):
        actions.confirm_list(fixed=made, by=w.second, at=AT + timedelta(minutes=30))
    assert actions.withdraw_list(fixed=made, by=w.coordinator, at=AT).state == CommitmentState.WITHDRAWN
    assert fixed(w, made.case_list).state == CommitmentState.CONFIRMED
    assert Commitment.objects.count() == 2


# Drawing --------------------------------------------------------------------------------------


def test_the_draw_makes_cases_with_keys_and_files_for_identities(w):
    found = drawn(w)
    cases = list(queries.cases(found.audit))
    assert [str(case) for case in cases] == ["Case 1", "Case 2", "Case 3", "Case 4"]
    (order,) = draw.draw(found.commitment.cohort.encode(), found.commitment.plan.encode(), DICE)
    assert tuple(case.ref for case in cases) == order.sample
    assert Key.objects.filter(owner__in=[case.pk for case in cases]).count() == 4
    assert Subject.objects.filter(label="Case 4 of audit 2026-03").exists()
    assert {case.area for case in cases} <= {"Child in need", "Child protection"}
    assert found.commitment.case_list.purge_on is not None
    assert "4 of 20 children, drawn at random on 23 November 2026." in queries.sampling_note(found.audit)


def test_the_receipt_of_a_draw_verifies(w):
    content = queries.receipt(drawn(w))
    assert "4 of 20" in draw.verify_receipt(content)[2]
    assert "1000" not in zipfile.ZipFile(io.BytesIO(content)).read("cohort.tsv").decode()


def test_a_draw_is_refused_without_the_number_that_was_announced(w):
    ready = fixed(w)
    refused(actions.draw_cases, "may draw", fixed=ready, source=DICE, by=w.chair)
    refused(actions.draw_cases, "not in one of its two forms", fixed=ready, source="heads", by=w.coordinator)
    refused(actions.draw_cases, "this plan needs at least", fixed=ready, source="dice:12", by=w.coordinator)
    refused(actions.draw_cases, "announced to come from", fixed=ready, source="drand-quicknet:9:" + "0" * 64,
            by=w.coordinator)  # fmt: skip
    unconfirmed = fixed(w, a_list(w, an_audit(w, "2026-09")), confirm=False)
    refused(actions.draw_cases, "waiting for the second person", fixed=unconfirmed, source=DICE, by=w.coordinator)
    actions.draw_cases(fixed=ready, source=DICE, by=w.second, at=AT)
    refused(actions.draw_cases, "it is drawn", fixed=ready, source=DICE, by=w.coordinator)


def test_a_round_of_the_beacon_is_drawn_from_when_it_is_out(w):
    number = draw.round_at(AT + timedelta(minutes=20))
    ready = fixed(w, beacon_round=number)
    source = f"drand-quicknet:{number}:{'ab' * 32}"
    refused(actions.draw_cases, "not out yet", fixed=ready, source=source, by=w.coordinator)
    assert actions.draw_cases(fixed=ready, source=source, by=w.coordinator, at=AT + timedelta(minutes=21)).key


def test_figures_hold_the_sample_against_the_list(w):
    by_name = {figure["name"]: figure for figure in drawn(w).figures}
    assert sum(row[1] for row in by_name["Sex"]["rows"]) == 20
    assert sum(row[2] for row in by_name["Age"]["rows"]) == 4
    assert "one as unusual comes up in" in by_name["Service area"]["sentence"]


def test_two_codes_of_one_name_count_once():
    listed, sample = ["Neglect"] * 6 + ["Not stated"] * 4, ["Neglect", "Not stated"]
    order = ["Neglect", "Not stated", "Emotional", "Not stated"]
    twice, once = (draw.compare("Need", [(listed, sample)], names) for names in (order, order[:2]))
    assert twice == once
    assert twice.rows == [("Neglect", 6, 1), ("Not stated", 4, 1)]


def test_the_chance_of_a_difference_is_exact():
    whole = ["a"] * 5 + ["b"] * 5
    figure = draw.compare("x", [(whole, ["a", "a"])], ["a", "b"])
    assert figure.rows == [("a", 5, 2), ("b", 5, 0)]
    assert draw.figures.hypergeometric(10, 5, 2) == pytest.approx([10 / 45, 25 / 45, 10 / 45])
    assert "in 4 of 10 draws" in figure.sentence
    rare = draw.compare("x", [(["a"] * 100 + ["b"] * 4, ["b"] * 4)], ["a", "b"])
    assert "fewer than 1 of 200 draws" in rare.sentence
    assert "no reason to draw again" in rare.sentence
    assert draw.compare("x", [(["a"], ["a"])], []) is None


# Cases ----------------------------------------------------------------------------------------


def test_a_case_is_replaced_by_the_next_in_line_and_its_number_never_comes_back(w):
    found = drawn(w)
    case = queries.cases(found.audit).get(number=2)
    expected = queries.reserves_left(found)["all"][0]
    new = actions.replace_case(case=case, reason="proceedings", note="Told by police.", by=w.coordinator, at=LATER)
    case.refresh_from_db()
    assert (case.state, case.reason_note) == (CaseState.REPLACED, "Told by police.")
    assert (str(new), new.ref, new.place, new.position) == ("Case 5", expected, case.place, 5)
    assert [str(held) for held in queries.held_before(new)] == ["Case 2", "Case 5"]
    assert [case.number for case in queries.cases(found.audit)] == [1, 3, 4, 5]
    assert "1 because: court case or police investigation is live" in queries.sampling_note(found.audit)
    refused(actions.replace_case, "it is replaced", case=case, reason="moved", by=w.coordinator)


def test_replacing_is_refused_without_right_or_reason_and_ends_with_the_reserves(w):
    found = drawn(w, places=4, children=5)
    case = queries.cases(found.audit).first()
    refused(actions.replace_case, "may replace", case=case, reason="moved", by=w.chair)
    refused(actions.replace_case, "Say why", case=case, reason="dull", by=w.coordinator)
    last = actions.replace_case(case=case, reason="moved", by=w.coordinator, at=AT)
    assert actions.replace_case(case=last, reason="moved", by=w.coordinator, at=AT) is None
    assert queries.cases(found.audit).count() == 3


def test_a_voided_draw_stays_on_the_record_and_the_list_is_fixed_again(w):
    found = drawn(w)
    refused(actions.void_draw, "may void", found=found, reason="number", by=w.second)
    refused(actions.void_draw, "Say why", found=found, reason="dull", by=w.coordinator)
    found = actions.void_draw(found=found, reason="incomplete", by=w.coordinator, at=LATER)
    assert (found.state, queries.standing_draw(found.audit)) == (DrawState.VOID, None)
    assert set(Case.objects.values_list("state", flat=True)) == {CaseState.VOID}
    again = actions.draw_cases(fixed=fixed(w, found.commitment.case_list), source=DICE, by=w.coordinator, at=LATER)
    assert [case.number for case in queries.cases(again.audit)] == [5, 6, 7, 8]
    assert list(queries.voided_draws(found.audit)) == [found]
    refused(actions.void_draw, "it is void", found=found, reason="number", by=w.coordinator)


def test_cases_given_to_us_are_marked_and_not_random(w):
    audit = an_audit(w, given=True)
    made = actions.give_cases(audit=audit, areas=["Child protection", ""], origin="inspectors", by=w.coordinator, at=AT)
    assert [(str(case), case.random) for case in made] == [("Case 1", False), ("Case 2", False)]
    assert queries.sampling_note(audit) == "2 cases were given to the partnership by inspectors, not drawn at random."
    assert actions.replace_case(case=made[0], reason="moved", by=w.coordinator, at=AT) is None
    refused(actions.give_cases, "who chose", audit=audit, areas=[""], origin=" ", by=w.coordinator)
    refused(actions.give_cases, "between 1 and 60", audit=audit, areas=[], origin="x", by=w.coordinator)
    refused(
        actions.give_cases, "drawn at random", audit=an_audit(w, "2026-08"), areas=[""], origin="x", by=w.coordinator
    )


def test_a_case_is_traced_to_its_row_on_the_record(w):
    found = drawn(w)
    case = queries.cases(found.audit).first()
    traced = actions.trace_case(case=case, by=w.scrutineer, at=AT)
    assert traced.bound
    assert traced.rows[0][0] == "List 6"
    assert verbs()[-1] == "trace a case to its row"
    refused(actions.trace_case, "may trace", case=case, by=w.chair)
    block = Block.objects.first()
    rows = block.body
    block.body = rows[:0] + actions.lists.readers.pack(
        [actions.lists.readers.Child("x", [b'"List 6"\t2\t["exchanged"]'])] * 20
    )
    block.save()
    assert not actions.trace_case(case=case, by=w.scrutineer, at=AT).bound


# Custody --------------------------------------------------------------------------------------


def test_a_list_is_purged_on_its_date_and_the_draw_stays(w):
    found = drawn(w)
    case = queries.cases(found.audit).first()
    purge_on = CaseList.objects.get().purge_on
    jobs.purge_lists(AT + timedelta(weeks=3))
    assert Block.objects.exists()
    CaseList.objects.update(purge_on=date(2026, 12, 1))
    jobs.purge_lists(AT + timedelta(weeks=4))
    case_list = CaseList.objects.get()
    assert purge_on == date(2026, 12, 21)
    assert (case_list.state, case_list.children, Block.objects.count(), Upload.objects.count()) == ("purged", 20, 0, 0)
    assert case_list.report is None
    with pytest.raises(Refused, match="purged on its date"):
        actions.trace_case(case=case, by=w.scrutineer, at=AT)
    assert draw.verify_receipt(queries.receipt(found))
    new = actions.replace_case(case=case, reason="moved", by=w.coordinator, at=LATER)
    assert new.area == ""
    jobs.purge_lists(AT + timedelta(weeks=4))


def test_a_list_that_nobody_kept_goes_by_itself(w):
    case_list = a_list(w, keep=False)
    jobs.purge_lists(AT + timedelta(days=3))
    case_list.refresh_from_db()
    assert (case_list.state, Upload.objects.count(), verbs()[-1]) == (ListState.LEFT, 0, "let go")


def test_setting_a_list_aside_deletes_it(w):
    case_list = actions.set_aside(case_list=a_list(w), by=w.coordinator, at=AT)
    assert (case_list.state, Block.objects.count()) == (ListState.LEFT, 0)
