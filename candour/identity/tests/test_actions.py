import json
from datetime import timedelta

import pytest

from candour.identity import actions, queries
from candour.identity.models import Erasure, IndexEntry, Opening, Person, Purpose, Relation, Reveal
from candour.identity.tests.factories import CANARIES, CHILD, LATER, PARENT, UNTIL, family, person, subject
from candour.kernel import vault
from candour.kernel.errors import Refused, Stale
from candour.people.models import ServiceKind
from candour.people.tests.factories import AT, other_world, service, world
from candour.trail import act as trail
from candour.trail.models import Entry

pytestmark = pytest.mark.django_db


def opened(w, of, key="health_visiting"):
    return actions.grant_opening(subject=of, service=getattr(w, key), until=UNTIL, by=w.coordinator, at=AT)


def values_of(revealed):
    return " ".join(value for file in revealed for one in file.persons for _, value in one.rows)


def test_a_person_is_sealed_under_a_key_of_their_own():
    w = world()
    child = person(w, subject(w))
    vault.forget()
    assert Person.objects.get(pk=child.pk).family_name == CHILD["family_name"]
    assert child.held[:2] == ["given_names", "family_name"]
    stored = Person.objects.filter(pk=child.pk).extra(select={"raw": "family_name"}).values_list("raw")[0][0]
    assert stored.startswith(child.pk)
    assert CHILD["family_name"] not in stored


def test_one_index_child_and_something_to_match_by():
    w = world()
    made = subject(w)
    person(w, made)
    with pytest.raises(Refused, match="index child"):
        person(w, made)
    with pytest.raises(Refused, match="at least one thing"):
        actions.add_person(subject=made, relation="parent", values={"sex": "male"}, by=w.coordinator, at=AT)
    with pytest.raises(Refused, match="do not hold a role"):
        actions.add_person(subject=made, relation="parent", values=PARENT, by=w.contact_police, at=AT)


def test_warnings_are_kept_and_hold_no_value():
    w = world()
    child = person(w, subject(w), nhs_number="112 233 4455", upn="A801200005001")
    assert len(child.warnings) == 2
    assert not any(part in " ".join(child.warnings) for part in ("112", "A8012"))


def test_the_same_person_is_found_under_another_audit():
    w = world()
    old, new = family(w, "Case 3 of audit 2025-02"), subject(w)
    person(w, new, family_name="Otherwise", born_on="2019-05-04", upn="", council_number="")
    found = queries.matches(new)
    assert [(m.kind, m.elsewhere, m.elsewhere_relation) for m in found] == [
        ("NHS number", "Case 3 of audit 2025-02", "Child")
    ]
    assert queries.matches(old)[0].subject_id == new.pk


def test_the_index_stops_at_the_partnership():
    w, other = world(), other_world()
    family(w)
    assert queries.matches(family(other)) == []


def test_a_correction_refuses_a_stale_page():
    w = world()
    child = person(w, subject(w))
    edit = {"person": child, "relation": "child", "by": w.coordinator, "at": AT, "version": 1}
    actions.edit_person(values=CHILD | {"given_names": "Zeb"}, **edit)
    assert Person.objects.get(pk=child.pk).given_names == "Zeb"
    with pytest.raises(Stale, match="still here"):
        actions.edit_person(values=CHILD, **edit)


@pytest.mark.parametrize(
    ("kind", "sees", "misses"),
    [
        (ServiceKind.HEALTH_VISITING, "999 000 0018", "R201100018042"),
        (ServiceKind.SCHOOL, "R201100018042", "999 000 0018"),
        (ServiceKind.POLICE, "Ottoline", "999 000 0018"),
        (ServiceKind.PROBATION, "Ottoline", "NM-0077123"),
        (ServiceKind.HOUSING, "Ottoline", "R201100018042"),
        (ServiceKind.MENTAL_HEALTH, "Ottoline", "NM-0077123"),
        (ServiceKind.GP, "Birdcage", "Ottoline"),
        (ServiceKind.ACUTE, "999 000 0018", "Ottoline"),
    ],
)
def test_each_kind_of_service_sees_what_it_needs_and_no_more(kind, sees, misses):
    w = world()
    of = family(w)
    team = service("Northmere Police", f"Team {kind}", kind, w.partnership)
    opening = actions.grant_opening(subject=of, service=team, until=UNTIL, by=w.coordinator, at=AT)
    text = values_of(actions.open_list(openings=[opening], purpose=Purpose.MATCH, by=w.contact_police, at=AT))
    assert sees in text
    assert misses not in text


def test_social_care_sees_its_council_s_number_and_no_other():
    w = world()
    opening = actions.grant_opening(subject=family(w), service=w.social_care, until=UNTIL, by=w.coordinator, at=AT)
    text = values_of(actions.open_list(openings=[opening], purpose=Purpose.MATCH, by=w.contact_sc, at=AT))
    assert "NM-0077123" in text
    assert "999 000 0018" not in text
    assert "R201100018042" not in text


def test_every_kind_has_its_bounds():
    from candour.identity.bounds import BOUNDS, bounds_of  # noqa: PLC0415 - beside its one use

    assert set(BOUNDS) == set(ServiceKind)
    assert bounds_of("nobody wrote this").relations == ("child",)


def test_opening_the_list_is_recorded_per_child():
    w = world()
    openings = [opened(w, family(w, f"Case {n} of audit 2026-03")) for n in (1, 2)]
    shown = actions.open_list(openings=openings, purpose=Purpose.MATCH, by=w.contact_hv, at=AT)
    assert [file.label for file in shown] == ["Case 1 of audit 2026-03", "Case 2 of audit 2026-03"]
    assert Reveal.objects.filter(by=w.contact_hv, purpose="match", service=w.health_visiting).count() == 2
    assert Entry.objects.filter(verb="opened the list", actor=w.contact_hv.pk).count() == 2


def test_no_trail_entry_no_reveal(monkeypatch):
    w = world()
    opening = opened(w, family(w))

    def broken(*_args, **_kwargs):
        raise OSError("the disk is full")

    monkeypatch.setattr(trail, "_append", broken)
    shown = None
    with pytest.raises(OSError, match="full"):
        shown = actions.open_list(openings=[opening], purpose=Purpose.MATCH, by=w.contact_hv, at=AT)
    assert shown is None
    assert not Reveal.objects.exists()


def test_another_service_and_another_partnership_open_nothing():
    w, other = world(), other_world()
    opening = opened(w, family(w))
    for stranger in (w.contact_police, other.contact_hv, w.executive, w.chair):
        with pytest.raises(Refused, match="This list is closed"):
            actions.open_list(openings=[opening], purpose=Purpose.MATCH, by=stranger, at=AT)
    with pytest.raises(Refused, match="do not hold a role"):
        actions.open_list(openings=[opening], purpose=Purpose.MATCH, by=w.coordinator, at=AT)
    assert not Reveal.objects.exists()


def test_an_opening_ends_with_its_day_or_when_it_is_closed():
    w = world()
    of = family(w)
    opening = opened(w, of)
    act = {"openings": [opening], "purpose": Purpose.MATCH, "by": w.contact_hv}
    with pytest.raises(Refused, match="closed"):
        actions.open_list(at=LATER, **act)
    assert actions.open_list(at=LATER - timedelta(days=1), **act)
    assert actions.close_openings(subject=of, by=w.coordinator, at=AT) == 1
    with pytest.raises(Refused, match="closed"):
        actions.open_list(at=AT + timedelta(seconds=1), **act)


def test_asking_again_moves_the_one_opening():
    w = world()
    of = family(w)
    first, again = opened(w, of), opened(w, of)
    assert first.pk == again.pk
    assert Opening.objects.count() == 1


def test_scrutiny_lasts_an_hour_and_says_why():
    w = world()
    of = family(w)
    with pytest.raises(Refused, match="Say what"):
        actions.open_for_scrutiny(subject=of, why=" ", by=w.scrutineer, at=AT)
    shown = actions.open_for_scrutiny(subject=of, why="To trace the case.", by=w.scrutineer, at=AT)
    assert "Canarywell" in values_of([shown])
    opening = queries.opening_for(of, w.scrutineer, AT + timedelta(minutes=59))
    assert opening
    assert opening.why == "To trace the case."
    assert queries.opening_for(of, w.scrutineer, AT + timedelta(minutes=61)) is None
    with pytest.raises(Refused, match="do not hold a role"):
        actions.open_for_scrutiny(subject=of, why="Curious.", by=w.coordinator, at=AT)


def test_a_scrutineer_whose_role_has_ended_opens_nothing_within_the_hour():
    w = world()
    of = family(w)
    actions.open_for_scrutiny(subject=of, why="To trace the case.", by=w.scrutineer, at=AT)
    w.scrutineer.grants.update(withdrawn_at=AT, withdrawn_by=w.coordinator)
    gone, opening = type(w.scrutineer).objects.get(pk=w.scrutineer.pk), Opening.objects.get()
    with pytest.raises(Refused, match="do not hold a role"):
        actions.open_list(openings=[opening], purpose=Purpose.SCRUTINY, by=gone, at=AT)


def test_erasure_destroys_keys_and_index_and_is_listed(settings, tmp_path, django_capture_on_commit_callbacks):
    settings.CANDOUR_ERASURES = tmp_path / "erasures.jsonl"
    w = world()
    of, kept = family(w), family(w, "Case 2 of audit 2026-03", nhs_number="999 000 0026")
    opening = opened(w, of)
    with django_capture_on_commit_callbacks(execute=True):
        actions.erase_subject(subject=of, reason="Retention", by=w.coordinator, at=AT)
    vault.forget()
    persons = list(of.persons.order_by("position"))
    assert all(one.family_name == "[erased]" for one in persons)
    assert all(masked.erased for masked in queries.persons_masked(of))
    assert not IndexEntry.objects.filter(person__subject=of).exists()
    assert IndexEntry.objects.filter(person__subject=kept).exists()
    assert Erasure.objects.get().persons == 2
    lines = [json.loads(line) for line in settings.CANDOUR_ERASURES.read_text().splitlines()]
    assert {line["owner"] for line in lines} == {one.pk for one in persons}
    assert not any(canary in settings.CANDOUR_ERASURES.read_text() for canary in CANARIES)
    assert all(line["at"].startswith("2026-11-23T09:00") for line in lines)
    with pytest.raises(Refused):
        actions.open_list(openings=[opening], purpose=Purpose.MATCH, by=w.contact_hv, at=AT)
    with pytest.raises(Refused, match="already"):
        actions.erase_subject(subject=of, reason="Again", by=w.coordinator, at=AT)
    with pytest.raises(Refused, match="erased"):
        person(w, of, Relation.SIBLING)


def test_the_disclosure_check_reads_inside_one_recorded_system_act():
    w, other = world(), other_world()
    of, foreign = family(w), family(other)
    held = actions.read_for_disclosure_check(partnership=w.partnership, subjects=[of, foreign], by=w.coordinator, at=AT)
    assert {(h.relation, h.field) for h in held} >= {("child", "family_name"), ("parent", "born_on")}
    assert {h.person_id for h in held} == {one.pk for one in of.persons.all()}
    assert Entry.objects.filter(verb="compared identities with a text", actor="").count() == 1


def test_the_trail_holds_no_value():
    w = world()
    of = family(w)
    actions.open_list(openings=[opened(w, of)], purpose=Purpose.MATCH, by=w.contact_hv, at=AT)
    text = json.dumps([[entry.verb, entry.detail.body] for entry in Entry.objects.select_related("detail")])
    assert not [canary for canary in CANARIES if canary in text]
