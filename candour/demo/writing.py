"""Returns, written as services write them: from a case's own text where it has one, from the bank otherwise."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import groupby
from random import Random
from typing import Any

from candour.appraisal import actions as appraisal
from candour.appraisal.models import Given, Return
from candour.appraisal.queries import sections_of
from candour.concerns import actions as concerns
from candour.concerns.models import Concern
from candour.demo.asking import ask_of, known_by
from candour.demo.content import bank
from candour.demo.content.voices import VOICES
from candour.demo.personas import SERVICES
from candour.demo.scene import SHARER, Round
from candour.involvement import actions as acting_on_involvement
from candour.involvement import queries as involvement
from candour.involvement.actions import Named
from candour.involvement.models import Involvement
from candour.people.models import User
from candour.sampling.models import Case
from candour.tools.document import Question

SCALE = (bank.TOP, bank.GOOD, bank.MIXED, bank.POOR)
WHOLE = (
    "involvement__auditor",
    "involvement__authoriser",
    "audit__tool",
    "audit__partnership",
    "service__agency",
    "case",
    "partnership",
)
LIKE_THE_OTHERS = 0.8
BEGUN = 0.45
"""What share of its questions a return answers that is being written."""
HAND_OVER, SUBMIT, LEAVE = "hand over", "submit", "leave"


class Hand:
    """One service writing about one child."""

    def __init__(self, of: Round, number: int, key: str) -> None:
        told = of.text.get("cases", ())
        self.case = told[number] if number < len(told) else {}
        self.said = self.case.get("said", {}).get(key, {})
        self.of, self.number, self.key = of, number, key
        self.chance = of.scene.chance
        self.grades = {section: self._grade(section) for section in bank.REASONS}

    def _grade(self, section: str) -> str:
        """What the case deserves in this section, as this service sees it: mostly alike, now and then a step off."""
        if section in self.said:
            return str(self.said[section][0])
        same = Random(f"{self.of.audit.code} {self.number} {section}")  # noqa: S311 - the same each time
        common = same.choice((bank.GOOD, bank.GOOD, bank.GOOD, bank.MIXED, bank.MIXED))
        if self.chance.random() < LIKE_THE_OTHERS:
            return common
        place = SCALE.index(common) + self.chance.choice((-1, 1))
        return SCALE[place]

    def _about(self, text: str) -> str:
        girl = self.case.get("girl", self.number % 2 == 0)
        she, her, hers = ("she", "her", "her") if girl else ("he", "him", "his")
        return text.format(she=she, her=her, hers=hers, She=she.capitalize(), Hers=hers.capitalize())

    def value(self, question: Question) -> dict[str, str] | None:
        """The answer to one question."""
        if question.points:
            return self._points(question)
        kinds = {"grade": self._graded, "date": self._date, "text": self._text}
        return kinds.get(question.type, self._chosen)(question)

    def _graded(self, question: Question) -> dict[str, str]:
        grade = self.grades[question.section]
        if question.section in self.said:
            return {"grade": grade, "reason": str(self.said[question.section][1])}
        return {"grade": grade, "reason": self._about(self._reason(question.section, grade))}

    def _reason(self, section: str, grade: str) -> str:
        """The service's own words or the bank's, turn about, so that no two services at the table say the same."""
        turn = self.number + list(SERVICES).index(self.key)
        if grade in (bank.GOOD, bank.MIXED) and turn % 2 == 0:
            return VOICES[self.key][section][grade == bank.MIXED]
        told = bank.REASONS[section][grade]
        return told[turn // 2 % len(told)]

    def _points(self, question: Question) -> dict[str, str] | None:
        wanted = {
            "good": (bank.TOP, bank.GOOD),
            "develop": (bank.MIXED, bank.POOR),
            "recommend": (bank.POOR, bank.MIXED),
        }
        grade = self.grades[question.section]
        if grade not in wanted[question.points] or (question.points == "recommend" and self.chance.random() < 0.5):
            return None
        return {"text": self.chance.choice(bank.POINTS[question.section][question.points])}

    def _date(self, question: Question) -> dict[str, str]:
        day = self.of.audit.review_to - timedelta(days=3 + self.chance.randrange(40))
        return {"date": day.isoformat()}

    def _text(self, question: Question) -> dict[str, str]:
        grade = self.grades.get(question.section, bank.GOOD)
        better = bank.GOOD if grade in (bank.TOP, bank.GOOD) else bank.POOR if grade == bank.POOR else bank.MIXED
        choices: dict[str, tuple[str, ...]] = {
            "context-work": bank.WORK[self.key],
            "recognition-first": bank.FIRST_SIGNS,
            "impact-different": bank.DIFFERENCE[better],
            "overall-done": bank.ALREADY_DONE,
        }
        return {"text": self._about(self.chance.choice(choices.get(question.key, bank.REASONS["overall"][bank.GOOD])))}

    def _chosen(self, question: Question) -> dict[str, str]:
        if question.type in ("choice", "multi-choice"):
            return {"choice" if question.type == "choice" else "choices": question.options[0].key}
        if question.type == "number":
            return {"number": str(self.chance.randrange(1, 6))}
        good = self.grades.get(question.section, bank.GOOD) in (bank.TOP, bank.GOOD)
        choice = self.chance.choice(
            ("yes", "yes", "yes", "partly") if good else ("yes", "partly", "no", "not-recorded")
        )
        return {"choice": choice} | ({"note": bank.NOTES[choice]} if choice in bank.NOTES else {})


def write(of: Round, number: int, key: str, *, until: str = SUBMIT, share: float = 1.0, day: int = 18) -> Return:
    """Begin a return, answer a share of its questions in order, and take it as far as wanted."""
    case, auditor = of.cases[number], of.scene.auditor(key)
    known: Involvement = involvement.answers_to(ask_of(of, key))[case.pk]
    at = of.at(day, 9 + number % 6, number * 7 % 60)
    ret = appraisal.begin(involvement=known, worked_with=False, manages_worker=False, brief=False, by=auditor, at=at)
    ret = Return.objects.select_related(*WHOLE).get(pk=ret.pk)
    hand = Hand(of, number, key)
    questions = [question for section in sections_of(ret) for question in section.questions]
    given = [
        Given(question, value, hand.key == "police" and question.key == "impact-grade" and number == 1, 0)
        for question in questions[: round(len(questions) * share)]
        if (value := hand.value(question))
    ]
    _save(ret, given, auditor, at)
    if until != LEAVE:
        finish(of, ret, key, until=until, day=day)
    return ret


def _save(ret: Return, given: list[Given], by: User, at: datetime) -> None:
    """Save the answers section by section, each after some minutes of reading and writing."""
    for place, (_, answers) in enumerate(groupby(given, key=lambda one: one.question.section)):
        at += timedelta(minutes=6 + (at.minute + place * 5) % 11)
        appraisal.save_answers(ret=ret, given=list(answers), by=by, at=at)


def finish(of: Round, ret: Return, key: str, *, until: str, day: int) -> None:
    """Hand a whole return to its authoriser, who submits it; or submit it alone where there is none."""
    authoriser, auditor = of.scene.authoriser(key), of.scene.auditor(key)
    acting: dict[str, Any] = {"at": of.at(day + 1, 9)}
    if authoriser is None:
        appraisal.submit_alone(ret=ret, by=auditor, **acting)
        return
    appraisal.hand_over(ret=ret, by=auditor, **acting)
    if until == SUBMIT:
        _open(of, ret, authoriser, day + 3)
        appraisal.submit(ret=ret, by=authoriser, at=of.at(day + 3, 16))


def _open(of: Round, ret: Return, authoriser: User, day: int) -> None:
    """The authoriser opens a return, and declares first that they know nobody in it."""
    appraisal.declare(ret=ret, worked_with=False, manages_worker=False, by=authoriser, at=of.at(day, 15))


def write_all(of: Round) -> None:
    """Every return that is owed, submitted."""
    for number in range(len(of.cases)):
        for place, key in enumerate(known_by(of, number)):
            write(of, number, key, day=17 + (number + place * 2) % 14)


def send_back(of: Round, key: str, note: str) -> None:
    """Have one return of a service come back from its authoriser with a note."""
    waiting = Return.objects.select_related(*WHOLE).filter(audit=of.audit, service=of.scene.services[key])
    ret = waiting.filter(state="with-authoriser").order_by("case__number").first()
    authoriser = of.scene.authoriser(key)
    if ret is None or authoriser is None:
        raise LookupError("No return of this service waits for its authoriser.")
    _open(of, ret, authoriser, 28)
    appraisal.send_back(ret=ret, note=note, by=authoriser, at=of.at(28, 16))


def share(of: Round, number: int, key: str) -> None:
    """Have a second auditor write a return together with its own, and begin to."""
    asked, case, second = ask_of(of, key), of.cases[number], of.scene.people[SHARER]
    named = {case.pk: Named(of.scene.auditor(key), of.scene.authoriser(key), sharers=(second,))}
    acting_on_involvement.name_people(ask=asked, named=named, by=of.scene.contact(key), at=of.at(27))
    ret = Return.objects.select_related(*WHOLE).get(case=case, service=of.scene.services[key])
    appraisal.declare(ret=ret, worked_with=False, manages_worker=False, by=second, at=of.at(27, 14))
    hand, questions = Hand(of, number, key), [one for section in sections_of(ret) for one in section.questions]
    begun = round(len(questions) * BEGUN)
    rest = questions[begun : begun + 4]
    _save(ret, [Given(one, value, False, 0) for one in rest if (value := hand.value(one))], second, of.at(27, 15))


def worry(of: Round, case: Case, key: str, told: dict[str, str], at: datetime) -> Concern:
    """Write down, after the telephone call, that a child may be unsafe."""
    return concerns.raise_unsafe(
        case=case,
        text=told["text"],
        phoned_at=at - timedelta(minutes=25),
        told_whom=told["told"],
        reference=told["reference"],
        outcome=told["outcome"],
        by=of.scene.auditor(key),
        at=at,
    )
