"""One row of everything, at one phase of an audit, made by hand: no action, so no action's mistake hides here."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Model

from candour.appraisal.models import Answer, Release, Return
from candour.discussion.models import CaseDiscussion, Conclusion, Discussion
from candour.focus.models import Audit, ExpectedService
from candour.identity.models import Opening, Person, Subject
from candour.identity.tests.factories import CHILD
from candour.impact.models import Action, SenseCheck
from candour.involvement.models import Ask, AskedCase, Involvement, Screening, Sharer, Visit
from candour.kernel import vault
from candour.kernel.ids import new_id
from candour.kernel.models import KeyKind
from candour.learning.models import Briefing, Finding, Publication, Recommendation, Theme
from candour.people.models import Grant, Role, User
from candour.people.tests.factories import AT, World, grant, user
from candour.sampling.models import Case, CaseList, Commitment, Draw, IdentitySheet, Place, Throw
from candour.tools.models import Tool, ToolVersion
from tests.access.beside import beside

PHASES = ("asked", "draft", "submitted", "released", "closed")
DAY = AT.date()
LONG_AGO = date(2020, 1, 1)


@dataclass
class Furnished:
    """A partnership in the middle of an audit: its rows by model, and the people who stand in some relation to them."""

    world: World
    rows: dict[str, Model]
    people: dict[str, User]


def people_of(w: World) -> dict[str, User]:
    """Everybody who may stand in some relation to one return of the health visiting service."""
    colleague = user(f"colleague {w.partnership.slug}")
    grant(colleague, Role.AUDITOR, agency=w.health_visiting.agency)
    sharer, former = user(f"sharer {w.partnership.slug}"), user(f"former sharer {w.partnership.slug}")
    for one in (sharer, former):
        grant(one, Role.AUDITOR, agency=w.health_visiting.agency)
    leaver = user(f"leaver {w.partnership.slug}")
    for role in (Role.COORDINATOR, Role.CHAIR, Role.SCRUTINEER):
        grant(leaver, role, partnership=w.partnership, ends_on=DAY - timedelta(days=400), starts_on=LONG_AGO)
    for role in (Role.CONTACT, Role.AUDITOR):
        gone = grant(leaver, role, agency=w.health_visiting.agency)
        Grant.objects.filter(pk=gone.pk).update(withdrawn_at=AT, withdrawn_by=w.coordinator)
    owner = user(f"owner {w.partnership.slug}")
    grant(owner, Role.OWNER, agency=w.acute.agency)
    called_in = user(f"called in {w.partnership.slug}")
    grant(called_in, Role.ONCE, agency=w.school.agency, service=w.school)
    return {
        "coordinator": w.coordinator,
        "second": w.second,
        "chair": w.chair,
        "scrutineer": w.scrutineer,
        "executive": w.executive,
        "concerns": w.concerns,
        "contact": w.contact_hv,
        "auditor": w.auditor_hv,
        "authoriser": w.authoriser_hv,
        "colleague": colleague,
        "sharer": sharer,
        "former sharer": former,
        "other contact": w.contact_police,
        "other auditor": w.auditor_police,
        "unasked": w.contact_gp,
        "once": called_in,
        "owner": owner,
        "leaver": leaver,
    }


def furnish(w: World, phase: str) -> Furnished:
    """Every kind of row that a page can be about, as it stands at a phase."""
    people = people_of(w)
    at = PHASES.index(phase)
    rows: dict[str, Any] = {"people.Partnership": w.partnership, "people.Agency": w.health_visiting.agency}
    rows |= _audit(w)
    rows |= _sample(w, rows["focus.Audit"])
    rows |= _asked(w, rows["focus.Audit"], rows["sampling.Case"], rows["identity.Subject"])
    _shared(w, rows["involvement.Involvement"], people["sharer"], people["former sharer"])
    if at >= PHASES.index("draft"):
        rows |= _return(w, rows, phase)
    if at >= PHASES.index("released"):
        closed = {"closed_at": AT, "closed_by": w.coordinator} if phase == "closed" else {}
        Release.objects.create(partnership=w.partnership, audit=rows["focus.Audit"], at=AT, by=w.coordinator, **closed)
        rows |= _discussed(w, rows, phase)
        rows |= _learnt(w, rows, people["owner"])
    rows |= _called_in(w, rows, people["once"])
    rows |= beside(w, rows)
    return Furnished(w, rows, people)


def _audit(w: World) -> dict[str, Any]:
    audit = Audit.objects.create(
        partnership=w.partnership,
        code="2026-03",
        title="How well do we respond to physical abuse?",
        who="Children under ten",
        review_from=date(2026, 4, 1),
        review_to=date(2026, 9, 30),
        starts_on=date(2026, 9, 1),
        decided_on=date(2026, 9, 1),
        decided_by="Quality group",
        state="under-way",
        tool=ToolVersion.objects.published().order_by("tool__code").first(),
        opened_by=w.coordinator,
        opened_at=AT,
    )
    vault.make_key(audit.pk, KeyKind.AUDIT, AT)
    for name in ("social_care", "police", "health_visiting", "acute"):
        ExpectedService.objects.create(partnership=w.partnership, audit=audit, service=w.services[name])
    return {"focus.Audit": audit, "tools.ToolVersion": _own_tool(w, audit.tool)}


def _own_tool(w: World, shipped: ToolVersion) -> ToolVersion:
    tool = Tool.objects.create(partnership=w.partnership, code="own", name="Our own tool")
    return ToolVersion.objects.create(tool=tool, number=1, document=shipped.document, published_at=AT)


def _sample(w: World, audit: Audit) -> dict[str, Any]:
    home = {"partnership": w.partnership, "audit": audit}
    case_list = CaseList.objects.create(**home, state="kept", given_by=w.coordinator, given_at=AT, kept_at=AT)
    commitment = Commitment.objects.create(
        **home,
        case_list=case_list,
        state="drawn",
        places=1,
        cohort="all\tAAAA\n",
        plan="all\t1\t0\n",
        binding="",
        document='{"counts": {"all": 1}}',
        digest="0" * 64,
        source_kind="dice",
        fixed_by=w.coordinator,
        fixed_at=AT,
        confirmed_by=w.second,
        confirmed_at=AT,
    )
    draw = Draw.objects.create(
        **home, commitment=commitment, source="dice:1", key="0" * 64, result="", drawn_by=w.coordinator, drawn_at=AT
    )
    throw = Throw.objects.create(
        partnership=w.partnership, commitment=commitment, number=1, witness=w.scrutineer, dice=4
    )
    place = Place.objects.create(partnership=w.partnership, draw=draw, stratum="all", number=1)
    subject = Subject.objects.create(partnership=w.partnership, label="Case 1", added_at=AT)
    person = Person(id=new_id(), partnership=w.partnership, subject=subject, relation="child", added_at=AT)
    vault.make_key(person.pk, KeyKind.PERSON, AT)
    for name, value in CHILD.items():
        setattr(person, name, value)
    person.held = sorted(CHILD)
    person.save(force_insert=True)
    case = Case(id=new_id(), **home, number=1, ref=new_id().upper(), place=place, position=1, made_at=AT)
    case.subject = subject
    vault.make_key(case.pk, KeyKind.CASE, AT)
    case.save(force_insert=True)
    return {
        "sampling.CaseList": case_list,
        "sampling.Commitment": commitment,
        "sampling.Throw": throw,
        "sampling.Draw": draw,
        "sampling.Case": case,
        "sampling.IdentitySheet": IdentitySheet.objects.create(**home, given_by=w.coordinator, given_at=AT),
        "identity.Subject": subject,
        "identity.Person": person,
    }


def _asked(w: World, audit: Audit, case: Case, subject: Subject) -> dict[str, Any]:
    home = {"partnership": w.partnership}
    asks = {}
    for name in ("police", "health_visiting"):
        ask = asks[name] = Ask.objects.create(**home, audit=audit, service=w.services[name], due_on=DAY, asked_at=AT)
        AskedCase.objects.create(**home, ask=ask, case=case, asked_at=AT)
        Opening.objects.create(
            **home,
            subject=subject,
            service=w.services[name],
            fields=["family_name"],
            relations=["child"],
            opened_at=AT,
            until=AT + timedelta(days=365),
        )
    screening = Screening.objects.create(**home, ask=asks["police"], case=case, service=w.police, asked_at=AT)
    involvements = {
        name: Involvement.objects.create(
            **home,
            audit=audit,
            case=case,
            service=w.services[name],
            answer="known",
            auditor=w.users[f"auditor_{short}"],
            authoriser=w.users[f"authoriser_{short}"],
            answered_by=w.users[f"contact_{short}"],
            answered_at=AT,
        )
        for name, short in (("police", "police"), ("health_visiting", "hv"))
    }
    return {
        "involvement.Ask": asks["health_visiting"],
        "involvement.Screening": screening,
        "involvement.Involvement": involvements["health_visiting"],
        "identity.Opening": Opening.objects.get(subject=subject, service=w.health_visiting),
        "police involvement": involvements["police"],
    }


def _shared(w: World, answer: Involvement, sharer: User, former: User) -> None:
    """One auditor more writes the return of health visiting, and another did until the contact took them out."""
    named = {"partnership": w.partnership, "involvement": answer, "named_by": w.contact_hv, "named_at": AT}
    for person in (sharer, former):
        Sharer.objects.create(**named, user=person)
    Sharer.objects.get(user=former).delete()


def _called_in(w: World, rows: dict[str, Any], person: User) -> dict[str, Any]:
    """Somebody called in for the school, about the same case and nothing else."""
    home = {
        "partnership": w.partnership,
        "audit": rows["focus.Audit"],
        "case": rows["sampling.Case"],
        "service": w.school,
    }
    own = Involvement.objects.create(
        **home, answer="known", auditor=person, no_authoriser=True, answered_by=w.coordinator, answered_at=AT
    )
    visit = Visit.objects.create(
        **home, involvement=own, user=person, grant=person.grants.get(), by_text=False, until=DAY + timedelta(days=365),
        called_by=w.coordinator, called_at=AT,
    )  # fmt: skip
    return {"involvement.Visit": visit}


def _return(w: World, rows: dict[str, Any], phase: str) -> dict[str, Any]:
    made = {}
    for involvement in (rows["police involvement"], rows["involvement.Involvement"]):
        done = phase != "draft"
        made["appraisal.Return"] = Return.objects.create(
            partnership=w.partnership,
            audit=rows["focus.Audit"],
            case=rows["sampling.Case"],
            service=involvement.service,
            involvement=involvement,
            state="submitted" if done else "draft",
            started_by=involvement.auditor,
            started_at=AT,
            submitted_at=AT if done else None,
            submitted_by=involvement.authoriser if done else None,
            digest="0" * 64 if done else "",
        )
        _answer(made["appraisal.Return"], done)
    return made


def _answer(ret: Return, done: bool) -> None:
    """What each service wrote: one passage for all who may read the pack, one for coordinator and chair only."""
    for question, private in (("recognition-first", False), ("impact-different", True)):
        Answer.objects.create(
            partnership=ret.partnership,
            ret=ret,
            case=ret.case,
            service=ret.service,
            question=question,
            section=question.partition("-")[0],
            domain=question.partition("-")[0],
            value={"text": said(ret.service.kind, private)},
            private=private,
            by=ret.started_by,
            at=AT,
        )


def said(kind: str, private: bool = False) -> str:
    """A text that only one service can have written."""
    return f"{'Whispered' if private else 'Said'}by{kind.replace('-', '')}"


def _discussed(w: World, rows: dict[str, Any], phase: str) -> dict[str, Any]:
    home, closed = {"partnership": w.partnership}, phase == "closed"
    discussion = Discussion.objects.create(
        **home,
        audit=rows["focus.Audit"],
        meets_on=DAY,
        place="Civic Centre",
        chair=w.chair,
        state="closed" if closed else "open",
        opened_at=AT,
        closed_at=AT if closed else None,
    )
    talked = CaseDiscussion.objects.create(**home, discussion=discussion, case=rows["sampling.Case"])
    conclusion = Conclusion.objects.create(
        **home, case=talked.case, case_discussion=talked, domain="overall", grade="good", at=AT
    )
    return {
        "discussion.Discussion": discussion,
        "discussion.CaseDiscussion": talked,
        "discussion.Conclusion": conclusion,
    }


def _learnt(w: World, rows: dict[str, Any], owner: User) -> dict[str, Any]:
    home = {"partnership": w.partnership, "audit": rows["focus.Audit"]}
    theme = Theme.objects.create(
        **home, position=1, bearing="works", domain="overall", title="Seen in time", made_at=AT
    )
    finding = Finding.objects.create(**home, theme=theme, wording="Seen", picked_by=w.coordinator, picked_at=AT)
    recommendation = Recommendation.objects.create(**home, theme=theme, position=1, draft="Ask health", made_at=AT)
    briefing = Briefing.objects.create(**home, state="to-clear", written_by=w.chair, written_at=AT)
    publication = Publication.objects.create(
        partnership=w.partnership,
        briefing=briefing,
        slug=new_id(),
        title="Learning",
        document={},
        pdf=b"",
        pdf_pages=1,
        published_at=AT,
        published_by=w.coordinator,
    )
    action = Action.objects.create(
        partnership=w.partnership,
        recommendation=recommendation,
        agency=w.acute.agency,
        owner=owner,
        due_on=DAY,
        made_at=AT,
    )
    check = SenseCheck.objects.create(
        partnership=w.partnership,
        follows=rows["focus.Audit"],
        way="newer-cases",
        due_on=DAY,
        made_by=w.coordinator,
        made_at=AT,
    )
    return {
        "learning.Theme": theme,
        "learning.Finding": finding,
        "learning.Recommendation": recommendation,
        "learning.Briefing": briefing,
        "learning.Publication": publication,
        "impact.Action": action,
        "impact.SenseCheck": check,
    }
