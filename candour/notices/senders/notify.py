"""Mail and text messages by GOV.UK Notify, which takes a message, delivers it, and is asked later how it went."""

import json
import urllib.error
import urllib.parse
import urllib.request
from http.client import HTTPException
from typing import Any

from django.conf import settings

from candour.kernel.clock import now
from candour.notices.models import Channel, Message
from candour.notices.senders.outcomes import Handed, Outcome, Trouble

UUID = 36
DONE = ("delivered", "sent")
FAILED = {
    "permanent-failure": "GOV.UK Notify could not deliver it: there is no such address or number.",
    "temporary-failure": "GOV.UK Notify could not deliver it for now: the inbox was full, or the phone switched off.",
    "technical-failure": "GOV.UK Notify could not deliver it: its connection to the provider failed.",
}
LONGEST = 200_000
LONGEST_ID = 64
ODD = "its answer could not be read"


class Notify:
    """Hands a message over under its own reference, so that one whose answer was lost is found, not sent again."""

    def send(self, message: Message) -> Outcome:
        try:
            if message.reference:
                return self._standing(self._ask(f"/v2/notifications/{message.reference}"))
            return self._found(message) or self._post(message)
        except urllib.error.HTTPError as error:
            return _read(error)
        except (OSError, ValueError) as error:
            lost = not message.reference and isinstance(error, TimeoutError)
            return Trouble(f"GOV.UK Notify: {error or type(error).__name__}", server=True, doubtful=lost)
        except Exception:  # whatever it answered, the message stays, and is asked for before it is given again
            return Trouble(f"GOV.UK Notify: {ODD}", server=True, doubtful=not message.reference)

    def close(self) -> None:
        return None

    def _post(self, message: Message) -> Outcome:
        text = message.channel == Channel.TEXT
        words = {"body": message.body} if text else {"subject": message.subject, "body": message.body}
        said = self._ask(
            f"/v2/notifications/{'sms' if text else 'email'}",
            {
                "phone_number" if text else "email_address": message.to_address,
                "template_id": settings.NOTIFY["text" if text else "mail"],
                "personalisation": words,
                "reference": message.pk,
            },
        )
        return _handed(said)

    def _found(self, message: Message) -> Outcome:
        """What an earlier attempt left with Notify although its answer never came back."""
        if message.attempts < 2:
            return None
        said = self._ask(f"/v2/notifications?{urllib.parse.urlencode({'reference': message.pk})}")
        live = [one for one in said["notifications"] if one["status"] not in FAILED]
        return _handed(live[0]) if live else None

    def _standing(self, said: dict[str, Any]) -> Outcome:
        status = str(said["status"])
        if status in DONE:
            return None
        if status in FAILED:
            return Trouble(f"{FAILED[status]} ({status})", again=status != "permanent-failure")
        return _handed(said)

    def _ask(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310 - the address stands in the settings
            settings.NOTIFY["url"] + path,
            data=json.dumps(body).encode() if body else None,
            headers={"Authorization": f"Bearer {_token()}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=settings.EMAIL_TIMEOUT) as answer:  # noqa: S310
            said = json.loads(answer.read(LONGEST))
        if not isinstance(said, dict):
            raise ValueError(ODD)
        return said


def _handed(said: dict[str, Any]) -> Handed:
    """Under which reference a message was taken, as long as that is one."""
    if len(str(said["id"])) > LONGEST_ID:
        raise ValueError(ODD)
    return Handed(str(said["id"]))


def _token() -> str:
    """A key reads `<its name>-<service id>-<secret>`, the last two as UUIDs; a token lasts for 30 seconds."""
    key = settings.NOTIFY["key"]
    service, secret = key[-2 * UUID - 1 : -UUID - 1], key[-UUID:]
    import jwt  # noqa: PLC0415 - loads much, and only where Notify is used

    return jwt.encode({"iss": service, "iat": int(now().timestamp())}, secret, algorithm="HS256")


def _read(error: urllib.error.HTTPError) -> Trouble:
    """What a refusal means: a wrong key or too much at once concerns all messages, anything else this one."""
    words = f"{error.code} {_first(error) or error.reason}"
    if error.code in (401, 403, 429) or error.code >= 500:
        return Trouble(f"GOV.UK Notify: {words}", server=True)
    return Trouble(f"GOV.UK Notify: {words}", again=False)


def _first(error: urllib.error.HTTPError) -> str:
    try:
        return " ".join(str(json.loads(error.read(LONGEST))["errors"][0]["message"]).split())
    except (OSError, HTTPException, ValueError, LookupError, TypeError):
        return ""
