"""A child of whom screening says that it was adopted: nothing leads from the new name to an audit under the old one."""

import pytest
from django.urls import reverse

from candour.identity import queries as identity
from candour.identity.models import Person
from candour.involvement import actions, queries
from candour.involvement.tests import factories as stage
from candour.people.tests.factories import AT, sign_in, world
from candour.sampling.models import Case
from candour.trail.models import Entry

pytestmark = pytest.mark.django_db
SAME = {"upn": "R201100018042"}
OLD = SAME | {"given_names": "Under", "family_name": "Birthname", "nhs_number": "9990000018", "council_number": "old-1"}
NEW = SAME | {"given_names": "Under", "family_name": "Newname", "nhs_number": "", "council_number": "new-1"}


def entered(w, code, values):
    audit = stage.drawn(w, 1, code)
    case = Case.objects.get(audit=audit)
    subject = actions.begin_identities(case=case, by=w.coordinator, at=AT)
    stage.identities.person(w, subject, **values)
    return audit, subject


def screened(w, audit, outcome):
    actions.start_screening(audit=audit, by=w.coordinator, at=AT)
    ask = stage.ask_of(audit, w.social_care)
    looked = {row.case_id: actions.Looked(outcome) for row in queries.screenings_of(ask)}
    actions.screen(ask=ask, looked=looked, by=w.contact_sc, at=AT)
    return queries.screenings_of(ask)[0]


def test_a_child_known_as_adopted_is_linked_with_no_audit_before_or_after(client):
    w = world()
    _, before = entered(w, "2026-03", OLD)
    audit, now = entered(w, "2026-04", NEW)
    where = reverse("sampling:identities", args=[audit.pk])
    assert "Child already in Case 1 of audit 2026-03: same UPN" in sign_in(client, w.coordinator).get(where).text
    looked = screened(w, audit, "adopted")
    assert Person.objects.get(subject=now).apart
    assert Entry.objects.filter(verb="kept an identity apart").count() == 1
    actions.keep_case(screening=looked, because="The adoption is what is audited.", by=w.coordinator, at=AT)
    assert "already in" not in client.get(where).text
    assert identity.matches_by_subject([before.pk, now.pk]) == {}
    _, later = entered(w, "2026-05", NEW | {"council_number": "new-2", "family_name": "Newname-Again"})
    assert identity.matches(later) == [], "nor does a third audit lead to the old name"


def test_in_a_new_list_the_same_upn_leads_to_nobody():
    w = world()
    _, before = entered(w, "2026-03", OLD)
    digest = identity.digest_of(w.partnership.pk, "upn", SAME["upn"])
    assert digest in identity.child_digests([before.pk])
    audit, now = entered(w, "2026-04", NEW)
    screened(w, audit, "adopted")
    assert digest not in identity.child_digests([before.pk, now.pk])
    assert identity.indexed([before.pk, now.pk]) == 1, "under the old name the child is still known by its old numbers"


def test_any_other_outcome_leaves_the_links_as_they_are():
    w = world()
    _, before = entered(w, "2026-03", OLD)
    audit, now = entered(w, "2026-04", NEW)
    screened(w, audit, "moved")
    assert [one.subject_id for one in identity.matches(now)] == [before.pk]
