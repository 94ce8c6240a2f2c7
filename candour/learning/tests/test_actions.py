"""Learning's verbs, each with its refusals."""

from datetime import UTC, datetime

import pytest

from candour.appraisal.models import Point
from candour.discussion.tests.factories import case
from candour.kernel.errors import Refused, Stale
from candour.learning import actions, queries
from candour.learning.flow import State
from candour.learning.models import Briefing, Finding, Flag, Recommendation, Theme
from candour.learning.tests.factories import (
    BODY,
    cleared,
    drafted,
    handed_over,
    looked_at,
    published,
    recommended,
    theme,
)
from candour.notices.models import Message
from candour.people.models import Grant, Role
from candour.people.tests.factories import AT, world
from candour.sampling.tests.factories import drawn
from candour.trail.models import Entry

pytestmark = pytest.mark.django_db
LATER = datetime(2026, 12, 1, 9, tzinfo=UTC)


@pytest.fixture
def w():
    return world()


@pytest.fixture
def audit(w):
    return looked_at(w, cases=2, points=3)


def by(w, **more):
    return {"by": w.coordinator, "at": AT, **more}


def keys(audit, *kinds):
    return [p.key for p in queries.passages(audit) if p.kind in (kinds or ("good",))]


def test_passages_are_picked_once_and_keep_what_they_came_from(w, audit):
    made = theme(w, audit)
    assert actions.pick(theme=made, keys=keys(audit), **by(w)) == 3
    finding = Finding.objects.filter(theme=made).order_by("case__number", "pk").first()
    assert (finding.wording, finding.case.number, finding.source) == ("", 1, finding.point)
    assert "saw Tyrell" in queries.told(finding).words
    assert queries.spread(queries.themes(audit)[0]) == "2 cases, 2 services"
    with pytest.raises(Refused, match="not in this theme yet"):
        actions.pick(theme=made, keys=keys(audit), **by(w))
    assert [p.picked for p in queries.passages(audit)] == [["Children are seen quickly"]] * 3


def test_a_private_point_is_neither_shown_nor_picked(w, audit):
    hidden = Point.objects.filter(ret__audit=audit).first()
    hidden.private = True
    hidden.save()
    assert f"point:{hidden.pk}" not in keys(audit)
    with pytest.raises(Refused):
        actions.pick(theme=theme(w, audit), keys=[f"point:{hidden.pk}"], **by(w))


def test_another_audits_passages_cannot_be_picked(w, audit):
    other = looked_at(w, code="2026-04")
    with pytest.raises(Refused):
        actions.pick(theme=theme(w, audit), keys=keys(other), **by(w))


def test_a_theme_begun_with_passages_is_about_what_they_are_about(w, audit):
    actions.pick_anew(audit=audit, title="Seen quickly", keys=keys(audit), **by(w))
    made = Theme.objects.get()
    assert (made.bearing, made.domain, made.findings.count()) == ("works", "recognition", 3)


def test_a_finding_is_worded_anew_and_moved(w, audit):
    one, other = theme(w, audit), theme(w, audit, "Another")
    actions.pick(theme=one, keys=keys(audit)[:1], **by(w))
    finding = one.findings.get()
    actions.edit_finding(finding=finding, theme=other, wording="Children are seen at once.", **by(w))
    told = queries.told(Finding.objects.get())
    assert (told.words, told.own) == ("Children are seen at once.", True)
    assert "Tyrell" in told.source_words
    actions.pick(theme=one, keys=keys(audit)[:1], **by(w))
    with pytest.raises(Refused, match="holds this passage already"):
        actions.edit_finding(finding=one.findings.get(), theme=other, wording="", **by(w))


def test_a_theme_goes_only_when_it_holds_nothing(w, audit):
    made = theme(w, audit)
    actions.note_finding(theme=made, wording="Families want one worker.", **by(w))
    with pytest.raises(Refused, match="still holds"):
        actions.drop_theme(theme=made, **by(w))
    actions.drop_finding(finding=made.findings.get(), **by(w))
    actions.drop_theme(theme=made, **by(w))
    assert not Theme.objects.exists()


def test_themes_are_put_in_order(w, audit):
    titles = ["One", "Two", "Three"]
    made = [theme(w, audit, title) for title in titles]
    actions.move_theme(theme=made[2], up=True, **by(w))
    actions.move_theme(theme=made[0], up=True, **by(w))
    assert [row.title for row in queries.themes(audit)] == ["One", "Three", "Two"]


def test_an_auditor_writes_nothing_here(w, audit):
    with pytest.raises(Refused):
        actions.add_theme(audit=audit, title="x", bearing="works", domain="impact", by=w.auditor_hv, at=AT)
    with pytest.raises(Refused):
        actions.start_briefing(audit=audit, by=w.second, at=AT)


def test_what_was_said_before_is_found_by_its_weighty_words(w, audit):
    earlier_audit = looked_at(w, code="2025-01")
    recommended(w, earlier_audit, "Invite health professionals to every strategy meeting about a baby")
    cleared(w, earlier_audit)
    new = recommended(w, audit, "Invite health to all strategy meetings")
    assert [row.audit.code for row in queries.like(new)] == ["2025-01"]
    assert queries.said_before("Buy new chairs for the office", queries.earlier(audit)) == []


def test_a_briefing_begins_with_what_is_known_and_names_who_wrote_in_it(w, audit):
    theme(w, audit)
    briefing = actions.start_briefing(audit=audit, **by(w))
    assert briefing.body["works"] == "- Children are seen quickly"
    assert briefing.body["method"].startswith("Two children: the cases were given to us, not chosen by us")
    actions.save_briefing(briefing=briefing, body=BODY, version=1, by=w.chair, at=AT)
    assert set(Briefing.objects.get().writers) == {w.coordinator.pk, w.chair.pk}
    with pytest.raises(Refused, match="begun already"):
        actions.start_briefing(audit=audit, **by(w))


def test_a_stale_save_is_refused_with_what_the_other_wrote(w, audit):
    briefing = drafted(w, audit)
    theirs = actions.save_briefing(briefing=briefing, body=BODY | {"why": "Theirs"}, version=2, by=w.chair, at=AT)
    with pytest.raises(Stale) as refused:
        actions.save_briefing(briefing=briefing, body=BODY | {"why": "Mine"}, version=2, **by(w))
    assert refused.value.theirs.body["why"] == "Theirs"
    assert Briefing.objects.get().version == theirs.version == 3


def test_the_check_keeps_positions_and_says_so_in_the_trail(w, audit):
    briefing = drafted(w, audit, works="Tyrell Okonkwo was seen in Larch Close.", why="Born on 12 March 2015.")
    checked = actions.check_disclosure(briefing=briefing, **by(w))
    flags = list(checked.flags.order_by("place", "start"))
    assert [(f.place, f.kind, f.start, f.end) for f in flags] == [
        ("why", "birth-date", 8, 21),
        ("works", "name", 0, 14),
        ("works", "address", 27, 38),
    ]
    entry = Entry.objects.get(verb="checked a briefing for personal detail")
    assert (entry.actor, entry.detail.body["detail"]["open"]) == ("", 3)
    assert Entry.objects.filter(verb="compared identities with a text", actor="").exists()
    stored = " ".join(str(v) for f in flags for v in (f.why, f.mark, f.kind, f.place))
    assert "Tyrell" not in stored
    assert "Larch" not in stored


def test_a_passage_is_kept_with_a_reason_or_changed(w, audit):
    briefing = drafted(w, audit, works="In one case grace was shown.", why="Born on 12 March 2015.")
    actions.check_disclosure(briefing=briefing, **by(w))
    birth, count = Flag.objects.order_by("kind")
    with pytest.raises(Refused, match="cannot be kept"):
        actions.keep_flag(flag=birth, because="It is well known.", **by(w))
    with pytest.raises(Refused, match="Say why"):
        actions.keep_flag(flag=count, because=" ", **by(w))
    actions.keep_flag(flag=count, because="One of many meetings, not a child.", **by(w))
    with pytest.raises(Refused, match="still to be changed"):
        actions.ask_clearance(briefing=Briefing.objects.get(), **by(w))
    body = BODY | {"works": "As told: in one case grace was shown.", "why": "A national review."}
    saved = actions.save_briefing(briefing=briefing, body=body, version=2, **by(w))
    with pytest.raises(Refused, match="Check it again"):
        actions.ask_clearance(briefing=saved, **by(w))
    actions.check_disclosure(briefing=saved, **by(w))
    outcomes = {f.kind: (f.outcome, f.start) for f in Flag.objects.all()}
    assert outcomes == {"birth-date": ("changed", 8), "count": ("kept", 12)}
    assert actions.ask_clearance(briefing=Briefing.objects.get(), **by(w)).state == State.TO_CLEAR


def test_a_briefing_that_lacks_a_part_is_not_handed_over(w, audit):
    briefing = actions.check_disclosure(briefing=drafted(w, audit, questions=""), **by(w))
    with pytest.raises(Refused, match="lacks a part"):
        actions.ask_clearance(briefing=briefing, **by(w))


def test_the_second_person_is_told_that_a_briefing_waits(w, audit):
    briefing = handed_over(w, audit)
    message = Message.objects.get(subject__endswith=": a briefing waits to be cleared")
    assert message.to_user == w.second
    assert f"/briefings/{briefing.pk}/clearance/" in message.body


def test_nobody_clears_what_they_wrote(w, audit):
    briefing = handed_over(w, audit)
    with pytest.raises(Refused):
        actions.clear_briefing(briefing=briefing, **by(w))
    with pytest.raises(Refused):
        actions.clear_briefing(briefing=briefing, by=w.executive, at=AT)
    assert actions.clear_briefing(briefing=briefing, by=w.second, at=AT).cleared_by == w.second


def test_whoever_wrote_a_word_cannot_clear_it_either(w, audit):
    Grant.objects.create(user=w.second, role=Role.COORDINATOR, partnership=w.partnership, starts_on=AT.date())
    briefing = drafted(w, audit)
    saved = actions.save_briefing(briefing=briefing, body=BODY | {"lead": "New"}, version=2, by=w.second, at=AT)
    checked = actions.check_disclosure(briefing=saved, **by(w))
    asked = actions.ask_clearance(briefing=checked, **by(w))
    with pytest.raises(Refused):
        actions.clear_briefing(briefing=asked, by=w.second, at=AT)


def test_recommendations_stand_in_plain_words_once_cleared(w, audit):
    made = recommended(w, audit)
    assert Recommendation.objects.get().text == ""
    assert list(queries.cleared(audit)) == []
    cleared(w, audit)
    assert Recommendation.objects.get().text == "Invite health to every strategy meeting"
    with pytest.raises(Refused, match="no longer a draft"):
        recommended(w, audit, "Another", recommendation=made)
    actions.take_back(briefing=Briefing.objects.get(), **by(w))
    recommended(w, audit, "Invite health and schools", recommendation=Recommendation.objects.get())
    assert Recommendation.objects.get().text == "Invite health to every strategy meeting"
    with pytest.raises(Refused, match="cleared and given out"):
        actions.drop_recommendation(recommendation=Recommendation.objects.get(), **by(w))


def test_it_is_sent_back_with_a_reason_or_taken_back(w, audit):
    briefing = handed_over(w, audit)
    with pytest.raises(Refused, match="what has to change"):
        actions.send_back(briefing=briefing, because=" ", by=w.second, at=AT)
    back = actions.send_back(briefing=briefing, because="Say less about the school.", by=w.second, at=AT)
    assert (back.state, back.sent_back_because) == (State.DRAFT, "Say less about the school.")
    again = actions.clear_briefing(briefing=actions.ask_clearance(briefing=back, **by(w)), by=w.second, at=AT)
    taken = actions.take_back(briefing=again, **by(w))
    assert (taken.state, taken.cleared_by) == (State.DRAFT, None)


def test_publishing_freezes_words_and_pdf(w, audit):
    recommended(w, audit)
    row = published(w, audit)
    assert row.slug == "northmere-2026-03-physical-abuse-what-we-learnt-from-looking-together"
    assert bytes(row.pdf).startswith(b"%PDF-")
    assert row.pdf_pages == 2
    assert "Northmere Police" in row.plain or "Northmere Police" in str(row.document)
    assert "Two people read this page" in str(row.document["foot"])
    with pytest.raises(Refused):
        actions.publish_briefing(briefing=row.briefing, **by(w))


def test_only_the_coordinator_publishes_and_only_what_is_cleared(w, audit):
    briefing = handed_over(w, audit)
    with pytest.raises(Refused):
        actions.publish_briefing(briefing=briefing, **by(w))
    actions.clear_briefing(briefing=briefing, by=w.second, at=AT)
    with pytest.raises(Refused):
        actions.publish_briefing(briefing=briefing, by=w.second, at=AT)


def test_withdrawing_takes_a_reason_and_leaves_the_address(w, audit):
    row = published(w, audit)
    with pytest.raises(Refused, match="why"):
        actions.withdraw_briefing(briefing=row.briefing, because="", **by(w))
    actions.withdraw_briefing(briefing=row.briefing, because="A figure was wrong.", by=w.coordinator, at=LATER)
    row.refresh_from_db()
    assert (row.withdrawn_at, row.withdrawn_because) == (LATER, "A figure was wrong.")
    again = actions.rewrite_briefing(briefing=Briefing.objects.get(), **by(w))
    assert (again.state, again.cleared_at) == (State.DRAFT, None)
    handed = actions.ask_clearance(briefing=again, **by(w))
    second = actions.publish_briefing(
        briefing=actions.clear_briefing(briefing=handed, by=w.second, at=LATER), by=w.coordinator, at=LATER
    )
    assert second.slug == row.slug + "-2"


def test_cases_given_to_us_are_said_to_be_so(w):
    audit = looked_at(w)
    audit.cases.update(random=False)
    document = queries.document(drafted(w, audit), AT)
    assert "given to us, not chosen by us" in str(document["foot"])
    assert "at random" not in str(document["foot"])


def test_drawn_cases_are_said_to_be_drawn_and_out_of_how_many(w):
    audit = drawn(w, places=4, children=20).audit
    assert queries.chosen(audit) == "Four children, chosen at random out of 20 by a method that anyone can check."
    case(audit, 99)
    assert "some were chosen at random, some were given to us" in queries.chosen(audit)


def test_nothing_is_read_on_the_board_before_the_pack_is_released(w, audit):
    assert queries.passages(audit)
    audit.release.delete()
    assert not queries.passages(audit)


@pytest.mark.parametrize("change", ["private", "void"])
def test_a_finding_no_longer_tells_what_its_service_has_taken_back(w, audit, change):
    made = theme(w, audit)
    actions.pick(theme=made, keys=keys(audit)[:1], **by(w))
    point = made.findings.get().point
    if change == "private":
        Point.objects.filter(pk=point.pk).update(private=True)
    else:
        type(point.ret).objects.filter(pk=point.ret_id).update(state="void")
    told = queries.told_themes(audit)[0].findings[0]
    assert (told.words, told.source_words) == ("", "")
