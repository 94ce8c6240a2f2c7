"""What a filled Word form would change in a return, held against what stands there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from candour.access.scope import visible
from candour.appraisal.models import Answer, Given, Return, Revision, WordForm
from candour.appraisal.queries.copies import case_code, written_by
from candour.appraisal.queries.reading import Filled, answers_of, document, sections_of
from candour.people.models import User
from candour.people.roles import ServiceKind
from candour.tools import word
from candour.tools.document import Document, Question
from candour.tools.models import ToolVersion
from candour.tools.queries import document_of
from candour.tools.values import OF, POINTER, Value, carried
from candour.tools.word import Form, Unreadable

MOST = 20_000
MOST_FORMS = 40


@dataclass(frozen=True)
class Found:
    """One answer of a form that differs from what stands: by itself, or because what stands has changed meanwhile."""

    mine: Filled
    theirs: Filled | None
    clash: bool

    @property
    def question(self) -> Question:
        return self.mine.question

    @property
    def seen(self) -> int:
        """The version of the answer that stands now."""
        return self.theirs.version if self.theirs else 0

    @property
    def joins(self) -> bool:
        """Whether both texts could stand, one after the other."""
        return bool(self.theirs and self.mine.prose and self.theirs.prose)

    def given(self, value: Value | None) -> Given:
        """The answer as somebody gives it over what stands now."""
        return Given(self.question, value, bool(self.theirs and self.theirs.private), self.seen)


@dataclass(frozen=True)
class Understood:
    """A filled form as its writer is shown it before anything is taken in."""

    form: WordForm
    new: tuple[Found, ...]
    changed: tuple[Found, ...]
    clashes: tuple[Found, ...]
    same: int

    @property
    def all(self) -> tuple[Found, ...]:
        """Everything that would change."""
        return (*self.new, *self.changed, *self.clashes)


def form_waiting(ret: Return, user: User) -> WordForm | None:
    """The form that a person has given for a return and not settled yet."""
    return WordForm.objects.filter(ret=ret, by=user).first()


def understood(form: WordForm) -> Understood:
    """What a form says, held against what stands and against what stood when it was taken. What was left empty in the
    form empties nothing."""
    stored, before = answers_of(form.ret), _before(form)
    new: list[Found] = []
    changed: list[Found] = []
    clashes: list[Found] = []
    same = 0
    for question in (q for section in sections_of(form.ret) for q in section.questions):
        value = (form.answers or {}).get(question.key)
        answer = stored.get(question.key)
        now = answer.value if answer else None
        if not value:
            continue
        stands, stood = _in_word(now), _in_word(before.get(question.key))
        whole = carried(now, value)
        if value in (stands, stood):
            same += 1
        elif not stands:
            new.append(_found(question, whole, answer, clash=False))
        else:
            clash = stood != stands
            (clashes if clash else changed).append(_found(question, whole, answer, clash=clash))
    return Understood(form, tuple(new), tuple(changed), tuple(clashes), same)


def _in_word(value: Value | None) -> Value:
    """As much of an answer as a Word form has room for."""
    return {part: text for part, text in (value or {}).items() if part not in POINTER and not part.startswith(OF)}


def _found(question: Question, value: Value | None, answer: Answer | None, *, clash: bool) -> Found:
    theirs = Filled(question, answer, answer.value, answer.private) if answer else None
    return Found(Filled(question, answer, value, bool(answer and answer.private)), theirs, clash)


def _before(form: WordForm) -> dict[str, Value | None]:
    """The answers as they stood when a form was taken; none where it was taken blank."""
    if form.taken_at is None:
        return {}
    rows = Revision.objects.filter(answer__ret=form.ret_id, aside=False, at__lte=form.taken_at)
    return {row.answer.question: row.value for row in rows.select_related("answer").order_by("answer", "version")}


def read_form(raw: bytes, ret: Return, user: User) -> Form:
    """What a filled form says, or Unreadable with a sentence: it is damaged, or a form of something else."""
    own = document(ret)

    def find(code: str, number: int) -> Document | None:
        return own if (code, number) == (own.code, own.number) else _other(code, number, ret)

    form = word.read(raw, find)
    if reason := _of_another(form, own, ret, user):
        raise Unreadable(reason)
    for key, value in list(form.answers.items()):
        if any(len(text) > MOST for text in value.values()):
            del form.answers[key]
            question = own.question(key)
            form.warnings.append(
                f"{question.prompt if question else key}: longer than {MOST:,} characters; it was left out."
            )
    return form


def _other(code: str, number: int, ret: Return) -> Document | None:
    rows = ToolVersion.objects.published().filter(tool__code=code, number=number)
    found = rows.filter(Q(tool__partnership=None) | Q(tool__partnership=ret.partnership_id)).order_by("pk").first()
    return document_of(found.pk) if found else None


def _of_another(form: Form, own: Document, ret: Return, user: User) -> str:
    """Why a form does not belong to a return, naming what it is of; empty where it does."""
    here = f"{ret.case} in audit {ret.audit.code}, {ret.service}"
    if form.ret and form.ret != ret.pk:
        other = visible(Return.objects.with_names(), user).filter(pk=form.ret).first()
        if other is None:
            return f"This form is of another return (case {form.case}), not of {here}."
        return f"This form is of {other.case} in audit {other.audit.code}, {other.service}; not of {here}."
    if form.case and form.case not in (case_code(ret), str(ret.case.number)):
        return f"This form is of case {form.case}; not of {here}."
    if form.agency != ret.service.kind:
        return f"This form is for {_kind(form.agency)}; {ret.service} answers as {_kind(ret.service.kind)}."
    if (form.tool, form.version) != (own.code, own.number):
        return (
            f"This form is of “{form.tool}”, version {form.version}; this return asks “{own.code}”, version "
            f"{own.number}. Take the form again and copy your answers into it."
        )
    if form.brief != ret.brief:
        which, other_way = ("a brief contact", "more than that") if form.brief else ("a full return", "a brief contact")
        return f"This form is for {which}; this return was begun for {other_way}."
    return ""


def _kind(kind: str) -> str:
    return f"“{ServiceKind(kind).label}”" if kind in ServiceKind.values else f"“{kind}”"


def forms_in(raw: bytes) -> Iterator[tuple[str, bytes]]:
    """The Word files in a zip by name; or the file itself, where it is one."""
    try:
        with word.opened(raw) as archive:
            names = archive.namelist()
            forms = [name for name in names if name.lower().endswith(".docx")]
            if word.PART in names or not forms:
                yield "", raw
                return
            if len(forms) > MOST_FORMS:
                raise Unreadable(f"This zip holds {len(forms)} forms; give {MOST_FORMS} at a time.")
            for name in forms:
                yield name.rsplit("/", 1)[-1][:80], word.contents(archive, name, word.MOST_FILE)
    except word.DAMAGE:
        raise Unreadable("This file is damaged, or neither a Word document nor a zip of them.") from None


def return_of(raw: bytes, user: User) -> Return | None:
    """The return that a form was taken from, where this person writes it."""
    pk = word.whose(raw)
    rows = visible(Return.objects.with_names(), user).filter(written_by(user))
    return rows.filter(pk=pk).first() if pk else None


def taken(form: Form) -> datetime | None:
    """When a form was taken from the return; None where it was blank."""
    return form.taken if form.ret else None


def aside(found: Understood, chosen: Mapping[str, str]) -> list[Given]:
    """The answers of a form that are not to stand, as given against nothing: they are kept among the earlier versions."""
    left = [one for one in found.all if chosen.get(one.question.key, "theirs" if one.clash else "mine") == "theirs"]
    return [Given(one.question, one.mine.value, one.mine.private, 0) for one in left if one.seen]
