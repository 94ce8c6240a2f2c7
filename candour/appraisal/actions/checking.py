"""What an authoriser says answer by answer, and the versions of a return that are kept as they were submitted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from candour.access.policy import Can, demand
from candour.appraisal import queries
from candour.appraisal.actions.declaring import demand_declared
from candour.appraisal.flow import State
from candour.appraisal.models import Answer, Comment, Return, Submission, WordForm
from candour.kernel.errors import Refused
from candour.people.models import User
from candour.trail.act import act

AWAY = "This return is not with you to check at the moment, so the comments were not saved."


@dataclass(frozen=True)
class Remark:
    """What an authoriser writes beside an answer, with the mark of what their page showed there."""

    text: str
    seen: str = ""


@dataclass(frozen=True)
class Kept:
    """What keeping the comments came to: how many have not gone yet, and beside which answers one changed meanwhile."""

    unsent: int
    clashes: frozenset[str] = frozenset()


@act
def save_comments(*, ret: Return, said: Mapping[str, Remark], by: User, at: datetime) -> Kept:
    """Keep what an authoriser says of single answers, each against what their page showed; only they see it until the
    return is sent back. What changed meanwhile is left as it stands, for them to look at both."""
    demand(by, Can.CHECK_RETURN, ret)
    demand_declared(ret, by)
    if Return.objects.select_for_update().only("state").get(pk=ret.pk).state != State.WITH_AUTHORISER:
        raise Refused(AWAY)
    open_now = {comment.question: comment for comment in Comment.objects.filter(ret=ret, sent_at=None)}
    clashes = set()
    for question in sorted(queries.commentable(ret) & set(said)):
        text, comment = said[question].text.strip(), open_now.get(question)
        now = comment.text if comment else ""
        if text == now or queries.mark(text) == said[question].seen:  # nothing new was said here
            continue
        if queries.mark(now) != said[question].seen:
            clashes.add(question)
        elif comment and not text:
            comment.delete()
        else:
            comment = comment or Comment(
                partnership_id=ret.partnership_id, ret=ret, case_id=ret.case_id, question=question
            )
            comment.text, comment.by, comment.at = text, by, at
            comment.save()
    return Kept(Comment.objects.filter(ret=ret, sent_at=None).count(), frozenset(clashes))


def send_comments(ret: Return, at: datetime) -> int:
    """Let the auditor read the comments that have not gone yet."""
    return Comment.objects.filter(ret=ret, sent_at=None).update(sent_at=at)


def keep_submission(ret: Return, answers: Mapping[str, Answer], by: User, at: datetime) -> None:
    """Keep which version of each answer was submitted; a Word form that still waits has no place in it any more."""
    WordForm.objects.filter(ret=ret).delete()
    Submission.objects.create(
        partnership_id=ret.partnership_id,
        ret=ret,
        case_id=ret.case_id,
        number=Submission.objects.filter(ret=ret).count() + 1,
        at=at,
        by=by,
        late=ret.late,
        digest=ret.digest,
        versions={key: answer.version for key, answer in answers.items()},
    )


def open_submission(ret: Return, reason: str, by: User, at: datetime) -> None:
    """Say why the version that was submitted last no longer stands."""
    last = Submission.objects.filter(ret=ret).order_by("-number").first()
    if last is not None and last.opened_at is None:
        last.opened_at, last.opened_by, last.reason = at, by, reason
        last.save(update_fields=["opened_at", "opened_by", "reason"])
