"""The families' part: whether each is told and asked, what they said, and that they heard what changed."""

from __future__ import annotations

from candour.demo.scene import Round
from candour.families import actions as families
from candour.families.models import View


def decide(of: Round) -> None:
    """Record what was decided, with social care, on telling each family; on those not named it is still to be decided."""
    for place, (choice, why) in of.text["families"]["decided"].items():
        families.decide(case=of.cases[place], choice=choice, why=why, by=of.scene.lead, at=of.at(12, 9, place))


def hear(of: Round) -> None:
    """Write down what was said to somebody whom the person trusts."""
    for number, (place, whose, way, key, who, safe, words, may_quote) in enumerate(of.text["families"]["views"]):
        at = of.at(22 + number * 2, 14)
        families.write_view(
            case=of.cases[place],
            whose=whose,
            way=way,
            gathered_by=who,
            gathered_on=at.date(),
            safe_check=safe,
            words=words,
            may_quote=may_quote,
            service=of.scene.services[key],
            by=of.scene.auditor(key),
            at=at,
        )


def tell(of: Round) -> None:
    """Note that those who were asked have heard what changed."""
    at, what = of.at(80, 11), of.text["families"]["told"]
    for view in View.objects.filter(case__audit=of.audit).select_related("case", "written_by").order_by("pk"):
        families.tell(view=view, what=what, told_on=at.date(), by=view.written_by, at=at)
