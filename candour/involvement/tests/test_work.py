from datetime import timedelta
from itertools import product

import pytest

from candour.involvement import actions, queries
from candour.involvement.flow import ASK, ASK_AGAIN, MOVES, WITHDRAW, State
from candour.involvement.models import Known
from candour.involvement.tests import factories as stage
from candour.involvement.tests.factories import ask_of
from candour.people.models import Role
from candour.people.tests.factories import AT, grant, other_world, world
from candour.sampling.queries import case_links

ON = AT.date()
ALLOWED = {
    (ASK, State.SCREENING),
    (WITHDRAW, State.SCREENING),
    (WITHDRAW, State.OPEN),
    (ASK_AGAIN, State.WITHDRAWN),
}


@pytest.mark.parametrize(("move", "state"), list(product(MOVES, State)))
def test_only_the_listed_moves_exist(move, state):
    assert (state in move.of) == ((move, state) in ALLOWED)


def titles(person):
    return [task.title for task in queries.tasks(person, ON)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("until", "state", "figures", "text"),
    [
        (stage.drawn, "now", "identities of 0 of 2 cases", "enter the identities of 2 cases."),
        (stage.identified, "now", "identities of 2 of 2 cases", "ask social care and the police to look at 2 cases."),
        (
            stage.screening,
            "now",
            "identities of 2 of 2 cases",
            "wait for social care and the police to look at 2 cases.",
        ),
        (stage.screened, "now", "identities of 2 of 2 cases", "ask about 2 cases."),
        (stage.asked, "now", "0 of 12 answers, 0 returns owed", "12 answers to come."),
    ],
)
def test_the_next_act_follows_the_stage(until, state, figures, text):
    w = world()
    audit = until(w)
    told = queries.stage(audit)
    assert (told.state, told.figures, told.next_text) == (state, figures, text)
    assert titles(w.coordinator) == [f"2026-03: {text}"]
    assert titles(w.executive) == []


@pytest.mark.django_db
def test_no_cases_no_work():
    w = world()
    assert queries.stage(stage.drawn(w, 0)).state == "todo"
    assert titles(w.coordinator) == []


@pytest.mark.django_db
def test_a_contact_screens_answers_and_names_in_turn():
    w, other = world(), other_world()
    audit = stage.screening(w)
    assert titles(w.contact_police) == ["Look at the sample first: 2026-03"]
    assert titles(w.contact_hv) == []
    for service, contact in ((w.social_care, w.contact_sc), (w.police, w.contact_police)):
        ask = ask_of(audit, service)
        looked = {row.case_id: actions.Looked("clear") for row in queries.screenings_of(ask)}
        actions.screen(ask=ask, looked=looked, by=contact, at=AT)
    assert titles(w.contact_police) == []
    actions.ask_services(audit=audit, by=w.coordinator, at=AT)
    assert titles(w.contact_police) == ["Say which children you know: 2026-03"]
    ask = stage.known(w, audit, w.police, w.contact_police)
    assert titles(w.contact_police) == ["Name who completes the returns: 2026-03"]
    named = {case.pk: actions.Named(w.auditor_police) for case in queries.cases_of(audit)}
    actions.name_people(ask=ask, named=named, by=w.contact_police, at=AT)
    assert titles(w.contact_police) == []
    assert titles(other.contact_police) == titles(w.auditor_police) == []


@pytest.mark.django_db
def test_involvement_is_done_when_all_have_answered_and_are_named():
    w = world()
    audit = stage.asked(w, 1)
    for key, contact in (("police", "police"), ("acute", "acute"), ("gp", "gp"), ("school", "school")):
        actions.not_known_for_the_rest(ask=ask_of(audit, getattr(w, key)), by=getattr(w, f"contact_{contact}"), at=AT)
    actions.not_known_for_the_rest(ask=ask_of(audit, w.social_care), by=w.contact_sc, at=AT)
    assert queries.stage(audit).next_text == "1 answer to come."
    ask, case = ask_of(audit, w.health_visiting), queries.cases_of(audit).get()
    given = {case.pk: actions.Given(Known.MORE_NEEDED)}
    actions.answer(ask=ask, given=given, by=w.contact_hv, at=AT)
    assert queries.stage(audit).next_text == "phone about 1 answer."
    given = {case.pk: actions.Given(Known.KNOWN, version=1)}
    actions.answer(ask=ask, given=given, by=w.contact_hv, at=AT)
    assert queries.stage(audit).next_text == "see that 1 return gets an auditor."
    actions.name_people(ask=ask, named={case.pk: actions.Named(w.auditor_hv)}, by=w.contact_hv, at=AT)
    told = queries.stage(audit)
    assert (told.state, told.figures) == ("done", "6 of 6 answers, 1 return owed")


@pytest.mark.django_db
def test_a_late_grid_says_so_in_words():
    w = world()
    audit = stage.asked(w, 1)
    due = ask_of(audit, w.police).due_on
    cells = {line.cells[0].text for line in queries.grid(audit, due).lines}
    assert cells == {"No answer yet"}
    cells = {line.cells[0].text for line in queries.grid(audit, due + timedelta(days=1)).lines}
    assert cells == {"No answer"}


@pytest.mark.django_db
def test_the_page_of_a_case_links_to_what_a_person_may_open():
    w = world()
    case = queries.cases_of(stage.identified(w, 1)).get()
    links = {
        who: [text for text, _ in case_links(case, getattr(w, who))] for who in ("coordinator", "scrutineer", "chair")
    }
    assert "Identities" in links["coordinator"]
    assert "Identities, for scrutiny" in links["scrutineer"]
    assert not any("Identities" in text for text in links["chair"])
    assert all("A child may be unsafe now" in texts for texts in links.values())


@pytest.mark.django_db
@pytest.mark.parametrize("audits", [1, 3])
def test_queries_of_the_work_list(audits, django_assert_num_queries):
    w = world()
    for number in range(audits):
        stage.asked(w, 2, f"2026-{number + 4:02d}")
    for person, count in ((w.coordinator, 12), (w.contact_police, 9)):
        with django_assert_num_queries(count):
            assert len(queries.tasks(type(person).objects.get(pk=person.pk), ON)) == audits


@pytest.mark.django_db
def test_an_agency_that_left_leaves_no_work_to_somebody_of_two_agencies():
    w = world()
    stage.asked(w, 1)
    grant(w.contact_police, Role.CONTACT, agency=w.gp.agency)
    w.police.agency.memberships.update(ends_on=ON - timedelta(days=1))
    person = type(w.contact_police).objects.get(pk=w.contact_police.pk)
    told = [task.note for task in queries.tasks(person, ON)]
    assert told == [f"{w.gp}: 0 of 1 answered."]
