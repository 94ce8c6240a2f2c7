import pytest

from candour.identity import actions as identity
from candour.identity import queries as files
from candour.identity.models import Opening, Reveal
from candour.involvement import actions, queries
from candour.involvement.actions import Given, Looked, Named, RowsRefused
from candour.involvement.flow import State
from candour.involvement.models import Ask, AskedCase, Involvement, Known, Outcome, Screening
from candour.involvement.tests import factories as stage
from candour.involvement.tests.factories import LATER, ask_of
from candour.kernel.errors import Refused
from candour.notices.models import Message
from candour.people.models import Role, ServiceKind
from candour.people.tests.factories import AT, grant, other_world, service, user, world
from candour.trail.models import Entry

pytestmark = pytest.mark.django_db


def test_identities_are_begun_once_under_a_label_without_a_name():
    w = world()
    audit = stage.drawn(w, 1)
    case = queries.cases_of(audit).get()
    first = actions.begin_identities(case=case, by=w.coordinator, at=AT)
    assert first.label == "Case 1 of audit 2026-03"
    assert actions.begin_identities(case=case, by=w.coordinator, at=AT) == first
    with pytest.raises(Refused, match="do not hold a role"):
        actions.begin_identities(case=case, by=w.contact_police, at=AT)


def test_only_social_care_and_the_police_see_the_sample_first():
    w = world()
    audit = stage.screening(w, 2)
    assert set(Opening.objects.values_list("service__kind", flat=True)) == {"social-care", "police"}
    assert Screening.objects.filter(outcome="").count() == 4
    assert set(Ask.objects.values_list("state", flat=True)) == {State.SCREENING}
    told = set(Message.objects.values_list("to_user__email", flat=True))
    assert {w.contact_sc.email, w.contact_police.email} <= told
    assert w.contact_hv.email not in told
    with pytest.raises(Refused, match="no case to look at"):
        actions.start_screening(audit=audit, by=w.coordinator, at=AT)
    with pytest.raises(Refused, match="no case to ask about"):
        actions.ask_services(audit=audit, by=w.coordinator, at=AT)


def test_screening_needs_identities():
    w = world()
    with pytest.raises(Refused, match="identities first"):
        actions.start_screening(audit=stage.drawn(w), by=w.coordinator, at=AT)


def test_a_case_that_cannot_be_audited_waits_for_the_coordinator():
    w = world()
    audit = stage.screening(w, 2)
    first, second = queries.cases_of(audit)
    ask = ask_of(audit, w.police)
    looked = {first.pk: Looked(Outcome.PROCEEDINGS, "Trial in March."), second.pk: Looked(Outcome.CLEAR)}
    assert actions.screen(ask=ask, looked=looked, by=w.contact_police, at=AT) == 2
    sc = ask_of(audit, w.social_care)
    clear = {case.pk: Looked(Outcome.CLEAR) for case in (first, second)}
    actions.screen(ask=sc, looked=clear, by=w.contact_sc, at=AT)
    rows = queries.preparation(audit)
    assert [row.cleared for row in rows] == [False, True]
    assert Message.objects.filter(to_user=w.coordinator, subject__contains="may have to be replaced").exists()
    assert "Trial" not in " ".join(Message.objects.values_list("body", flat=True))
    assert actions.ask_services(audit=audit, by=w.coordinator, at=AT) == 1
    screening = rows[0].flagged[0]
    with pytest.raises(Refused, match="Say why"):
        actions.keep_case(screening=screening, because=" ", by=w.coordinator, at=AT)
    actions.keep_case(screening=screening, because="The trial has ended.", by=w.coordinator, at=AT)
    assert actions.ask_services(audit=audit, by=w.coordinator, at=LATER) == 1
    with pytest.raises(Refused, match="nothing left to decide"):
        actions.keep_case(screening=screening, because="Again.", by=w.coordinator, at=AT)


def test_what_screening_said_meanwhile_is_not_overwritten_unseen():
    w = world()
    audit = stage.screening(w, 2)
    first, second = queries.cases_of(audit)
    ask = ask_of(audit, w.police)
    blank = Looked(Outcome.CLEAR, seen="")
    actions.screen(ask=ask, looked={first.pk: blank, second.pk: blank}, by=w.contact_police, at=AT)
    clear = Looked(Outcome.CLEAR).mark
    found = {first.pk: Looked(Outcome.PROCEEDINGS, "Trial in March.", seen=clear)}
    actions.screen(ask=ask, looked=found, by=w.contact_police, at=AT)
    untouched = Looked(Outcome.CLEAR, seen=clear)
    older = {first.pk: untouched, second.pk: Looked(Outcome.MOVED, seen=clear)}
    assert actions.screen(ask=ask, looked=older, by=w.contact_police, at=LATER) == 1
    assert [row.outcome for row in queries.screenings_of(ask)] == ["proceedings", "moved"]
    late = {case.pk: Looked(Outcome.REVIEW, seen=clear) for case in (first, second)}
    with pytest.raises(RowsRefused) as refused:
        actions.screen(ask=ask, looked=late, by=w.contact_police, at=LATER)
    assert "“Court case or police investigation is live. Trial in March.”" in refused.value.rows[first.pk]
    assert [row.outcome for row in queries.screenings_of(ask)] == ["proceedings", "moved"]


def test_screening_is_for_the_service_that_was_asked():
    w = world()
    ask = ask_of(stage.screening(w, 1), w.police)
    looked = {Screening.objects.first().case_id: Looked(Outcome.CLEAR)}
    for stranger in (w.contact_sc, w.auditor_police, w.coordinator):
        with pytest.raises(Refused, match="do not hold a role"):
            actions.screen(ask=ask, looked=looked, by=stranger, at=AT)
    with pytest.raises(Refused, match="no longer in the audit"):
        actions.screen(ask=ask, looked={"nowhere": Looked(Outcome.CLEAR)}, by=w.contact_police, at=AT)
    with pytest.raises(Refused, match="Say for Case 1"):
        actions.screen(ask=ask, looked={next(iter(looked)): Looked("")}, by=w.contact_police, at=AT)


def test_the_ask_opens_the_files_to_every_expected_service_and_says_nothing_of_a_child():
    w = world()
    audit = stage.asked(w, 2)
    assert AskedCase.objects.count() == 12
    assert set(Ask.objects.values_list("state", flat=True)) == {State.OPEN}
    subjects = [case.subject_id for case in queries.cases_of(audit)]
    assert files.live_openings(subjects, w.gp, AT).count() == 2
    message = Message.objects.get(to_user=w.contact_gp)
    assert "do you know these children" in message.subject
    assert f"/asks/{ask_of(audit, w.gp).pk}/" in message.body
    assert not [c for c in stage.identities.CANARIES if c in message.subject + message.body]
    with pytest.raises(Refused, match="no case to ask about"):
        actions.ask_services(audit=audit, by=w.coordinator, at=LATER)


def test_answers_are_taken_all_or_none():
    w = world()
    audit = stage.asked(w, 3)
    ask = ask_of(audit, w.health_visiting)
    one, two, three = queries.cases_of(audit)
    good, bad = Given(Known.KNOWN, team="North"), Given(Known.RELATIVE)
    with pytest.raises(RowsRefused, match="Nothing has been saved") as refused:
        actions.answer(ask=ask, given={one.pk: good, two.pk: bad}, by=w.contact_hv, at=AT)
    assert refused.value.rows == {two.pk: "Say who is known: a sibling, a parent or a carer."}
    assert not Involvement.objects.exists()
    given = {one.pk: good, two.pk: Given(Known.RELATIVE, relation="sibling")}
    assert actions.answer(ask=ask, given=given, by=w.contact_hv, at=AT) == 2
    assert actions.not_known_for_the_rest(ask=ask, by=w.contact_hv, at=AT) == 1
    assert queries.answers_to(ask)[three.pk].answer == Known.NOT_KNOWN
    with pytest.raises(Refused, match="every child already"):
        actions.not_known_for_the_rest(ask=ask, by=w.contact_hv, at=AT)
    assert [str(row.case) for row in queries.owing(audit)] == ["Case 1"]


def test_answers_come_from_the_service_that_was_asked():
    w, other = world(), other_world()
    audit = stage.asked(w, 1)
    ask, case = ask_of(audit, w.police), queries.cases_of(audit).get()
    for stranger in (w.contact_hv, w.auditor_police, w.coordinator, other.contact_police):
        with pytest.raises(Refused, match="do not hold a role"):
            actions.answer(ask=ask, given={case.pk: Given(Known.KNOWN)}, by=stranger, at=AT)
    with pytest.raises(RowsRefused) as refused:
        actions.answer(ask=ask, given={"nowhere": Given(Known.KNOWN)}, by=w.contact_police, at=AT)
    assert "no longer asked" in refused.value.rows["nowhere"]


def test_a_correction_keeps_what_was_said_and_refuses_a_stale_one():
    w = world()
    audit = stage.asked(w, 1)
    ask, case = ask_of(audit, w.police), queries.cases_of(audit).get()
    say = {"ask": ask, "by": w.contact_police}
    actions.answer(given={case.pk: Given(Known.NOT_KNOWN, note="Searched twice.")}, at=AT, **say)
    with pytest.raises(RowsRefused) as stale:
        actions.answer(given={case.pk: Given(Known.KNOWN)}, at=AT, **say)
    assert "answered meanwhile by Contact Police" in stale.value.rows[case.pk]
    assert actions.answer(given={case.pk: Given(Known.KNOWN, version=1)}, at=LATER, **say) == 1
    row = Involvement.objects.get()
    assert (row.answer, row.version) == (Known.KNOWN, 2)
    assert [(was.answer, was.note) for was in queries.history(row)] == [(Known.NOT_KNOWN, "Searched twice.")]
    assert actions.answer(given={case.pk: Given(Known.KNOWN, version=2)}, at=LATER, **say) == 0


def test_a_case_that_left_the_audit_is_not_answered():
    w = world()
    audit = stage.asked(w, 2)
    ask = ask_of(audit, w.police)
    gone = queries.cases_of(audit).first()
    type(gone).objects.filter(pk=gone.pk).update(state="replaced", reason_code="moved", replaced_at=AT)
    with pytest.raises(RowsRefused):
        actions.answer(ask=ask, given={gone.pk: Given(Known.KNOWN)}, by=w.contact_police, at=AT)
    assert queries.grid(audit, AT.date()).asked == 6


def test_one_more_service_is_asked_with_where_the_mention_comes_from():
    w = world()
    audit = stage.asked(w, 2)
    nurse = service("Mere Community Trust", "School nursing", ServiceKind.HEALTH_VISITING, w.partnership)
    case = queries.cases_of(audit).first()
    add = {"audit": audit, "service": nurse, "mention": "Named by the school.", "by": w.coordinator}
    ask = actions.add_service(cases=[case], at=AT, **add)
    assert [row.mention for row in queries.asked_cases(ask)] == ["Named by the school."]
    assert Message.objects.filter(key__contains=ask.pk, to_user=w.contact_hv).count() == 1
    with pytest.raises(Refused, match="already"):
        actions.add_service(cases=[case], at=LATER, **add)
    with pytest.raises(Refused, match="Choose cases"):
        actions.add_service(cases=[], at=LATER, **add)
    foreign = service("Far Trust", "Far team", ServiceKind.ACUTE, other_world().partnership)
    with pytest.raises(Refused, match="does not belong"):
        actions.add_service(cases=[case], at=LATER, **add | {"service": foreign})


def test_reminding_reaches_those_who_owe_an_answer_once_a_day():
    w = world()
    audit = stage.asked(w, 2)
    actions.not_known_for_the_rest(ask=ask_of(audit, w.gp), by=w.contact_gp, at=AT)
    asks = list(Ask.objects.all())
    assert actions.remind(audit=audit, asks=asks, by=w.coordinator, at=LATER) == 5
    assert not Message.objects.filter(to_user=w.contact_gp, key__contains=":remind:").exists()
    with pytest.raises(Refused, match="reminded today"):
        actions.remind(audit=audit, asks=list(Ask.objects.all()), by=w.coordinator, at=LATER)


def test_an_ask_made_in_error_is_withdrawn_with_what_it_opened():
    w = world()
    audit = stage.asked(w, 1)
    ask, subject = ask_of(audit, w.acute), queries.cases_of(audit).get().subject
    actions.withdraw_ask(ask=ask, by=w.coordinator, at=AT)
    assert not files.live_openings([subject.pk], w.acute, LATER).exists()
    with pytest.raises(Refused, match="not open"):
        actions.not_known_for_the_rest(ask=ask, by=w.contact_acute, at=LATER)
    actions.ask_again(ask=ask, by=w.coordinator, at=LATER)
    assert files.live_openings([subject.pk], w.acute, LATER).exists()
    stage.known(w, audit, w.acute, w.contact_acute)
    with pytest.raises(Refused, match="answers stay"):
        actions.withdraw_ask(ask=ask, by=w.coordinator, at=LATER)


def test_the_contact_names_who_completes_and_who_checks(settings):
    w = world()
    audit = stage.asked(w, 2)
    ask = stage.known(w, audit, w.health_visiting, w.contact_hv)
    one, two = queries.cases_of(audit)
    named = {one.pk: Named(w.auditor_hv, w.authoriser_hv), two.pk: Named(w.auditor_hv, None, no_authoriser=True)}
    assert actions.name_people(ask=ask, named=named, by=w.contact_hv, at=AT) == 2
    rows = queries.answers_to(ask)
    assert rows[one.pk].authoriser == w.authoriser_hv
    assert rows[two.pk].no_authoriser
    told = Message.objects.get(to_user=w.auditor_hv)
    assert told.subject == "Northmere: you complete 2 returns, audit 2026-03"
    assert "your service’s returns about Case 1 and Case 2. You need not do them in one go." in told.body
    assert told.body.endswith(f"{settings.BASE_URL}/\n")
    assert actions.name_people(ask=ask, named=named, by=w.contact_hv, at=AT) == 0
    assert Entry.objects.filter(verb="named auditor and authoriser").count() == 2


@pytest.mark.parametrize(
    ("named", "words"),
    [
        (lambda w: Named(w.auditor_police), "auditor who holds that role"),
        (lambda w: Named(w.auditor_hv, w.authoriser_gp), "authoriser who holds that role"),
        (lambda w: Named(w.auditor_hv, w.authoriser_hv, no_authoriser=True), "not both"),
    ],
)
def test_names_that_will_not_do(named, words):
    w = world()
    audit = stage.asked(w, 1)
    ask = stage.known(w, audit, w.health_visiting, w.contact_hv)
    case = queries.cases_of(audit).get()
    with pytest.raises(Refused, match=words):
        actions.name_people(ask=ask, named={case.pk: named(w)}, by=w.contact_hv, at=AT)
    with pytest.raises(Refused, match="do not hold a role"):
        actions.name_people(ask=ask, named={case.pk: Named(w.auditor_hv)}, by=w.contact_police, at=AT)


def test_one_person_does_not_complete_and_check():
    w = world()
    both = user("both hats")
    for role in (Role.AUDITOR, Role.AUTHORISER):
        grant(both, role, agency=w.health_visiting.agency)
    audit = stage.asked(w, 1)
    ask, case = stage.known(w, audit, w.health_visiting, w.contact_hv), queries.cases_of(audit).get()
    with pytest.raises(Refused, match="does not check it too"):
        actions.name_people(ask=ask, named={case.pk: Named(both, both)}, by=w.contact_hv, at=AT)


def test_the_coordinator_may_want_a_return_that_is_not_owed():
    w = world()
    audit = stage.asked(w, 1)
    ask, case = ask_of(audit, w.gp), queries.cases_of(audit).get()
    actions.answer(ask=ask, given={case.pk: Given(Known.EARLIER)}, by=w.contact_gp, at=AT)
    row = Involvement.objects.get()
    assert not queries.owing(audit).exists()
    actions.want_return(involvement=row, wanted=True, by=w.coordinator, at=AT)
    assert queries.owing(audit).get() == row
    with pytest.raises(Refused, match="do not hold a role"):
        actions.want_return(involvement=row, wanted=False, by=w.contact_gp, at=AT)
    stage.known(w, audit, w.police, w.contact_police)
    with pytest.raises(Refused, match="owed anyway"):
        actions.want_return(involvement=Involvement.objects.get(service=w.police), wanted=True, by=w.coordinator, at=AT)


def test_an_answer_at_hand_owes_a_return_where_the_database_says_so():
    w = world()
    audit = stage.asked(w, 1)
    ask, case = ask_of(audit, w.gp), queries.cases_of(audit).get()
    actions.answer(ask=ask, given={case.pk: Given(Known.EARLIER)}, by=w.contact_gp, at=AT)
    owing = set()
    for said in Known.values:
        for wanted in (False, True):
            Involvement.objects.update(answer=said, return_wanted=wanted)
            row = Involvement.objects.get()
            assert row.owes == queries.owing(audit).exists(), (said, wanted)
            owing |= {(said, wanted)} if row.owes else set()
    assert {said for said, wanted in owing if not wanted} == {Known.KNOWN}
    assert len(owing) == len(Known) + 1


def test_an_auditor_opens_the_case_they_complete_and_no_other():
    w = world()
    audit = stage.asked(w, 2)
    ask = stage.known(w, audit, w.health_visiting, w.contact_hv)
    one, two = queries.cases_of(audit)
    actions.name_people(ask=ask, named={one.pk: Named(w.auditor_hv)}, by=w.contact_hv, at=AT)
    rows = {row.case_id: row for row in Involvement.objects.select_related("case__subject", "service")}
    shown = actions.open_case(involvement=rows[one.pk], purpose="audit", by=w.auditor_hv, at=LATER)
    assert shown.label == "Case 1 of audit 2026-03"
    assert Reveal.objects.get(purpose="audit").by == w.auditor_hv
    with pytest.raises(Refused, match="do not hold a role"):
        actions.open_case(involvement=rows[two.pk], purpose="audit", by=w.auditor_hv, at=LATER)
    identity.close_openings(subject=one.subject, by=w.coordinator, at=LATER)
    with pytest.raises(Refused, match="closed"):
        actions.open_case(involvement=rows[one.pk], purpose="audit", by=w.auditor_hv, at=LATER)


def test_a_corrected_answer_leaves_alone_what_was_decided_about_its_return_at_the_same_time(monkeypatch):
    w = world()
    ask = stage.known(w, stage.asked(w, 1), w.police, w.contact_police)
    there = queries.answers_to

    def answered_while_a_return_is_wanted(one):
        found = there(one)
        Involvement.objects.filter(pk__in=[row.pk for row in found.values()]).update(
            return_wanted=True, auditor=w.auditor_police
        )
        return found

    monkeypatch.setattr(queries, "answers_to", answered_while_a_return_is_wanted)
    row = Involvement.objects.get()
    given = {row.case_id: Given(Known.EARLIER, version=row.version)}
    actions.answer(ask=ask, given=given, by=w.contact_police, at=AT)
    row.refresh_from_db()
    assert (row.answer, row.return_wanted, row.auditor) == (Known.EARLIER, True, w.auditor_police)


def test_nobody_waits_for_the_screening_of_a_service_whose_ask_was_withdrawn():
    w = world()
    audit = stage.screening(w, 1)
    police, care = ask_of(audit, w.police), ask_of(audit, w.social_care)
    clear = {queries.cases_of(audit).get().pk: Looked(Outcome.CLEAR)}
    actions.screen(ask=care, looked=clear, by=w.contact_sc, at=AT)
    assert [row.cleared for row in queries.preparation(audit)] == [False]
    actions.withdraw_ask(ask=police, by=w.coordinator, at=AT)
    assert [row.cleared for row in queries.preparation(audit)] == [True]
    with pytest.raises(Refused, match="has been withdrawn"):
        actions.screen(ask=police, looked=clear, by=w.contact_police, at=AT)
    actions.ask_again(ask=police, by=w.coordinator, at=LATER)
    assert [row.cleared for row in queries.preparation(audit)] == [False]
    assert queries.screening_sheet(ask_of(audit, w.police), LATER).openings
    actions.screen(ask=police, looked=clear, by=w.contact_police, at=LATER)
    assert [row.cleared for row in queries.preparation(audit)] == [True]
