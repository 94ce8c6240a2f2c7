"""Public ids: random, so that a URL tells nothing and cannot be guessed."""

import re
import secrets

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 16


def new_id() -> str:
    """Sixteen random characters (80 bits) that never read as a word with i, l, o or u."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def is_id(text: str) -> bool:
    """Whether this can be an id at all; nothing else need be looked for in the database."""
    return bool(re.fullmatch(IdConverter.regex, text))


class IdConverter:
    """The path converter `<id:pk>`: anything that cannot be an id is no page at all."""

    regex = f"[{ALPHABET}]{{{LENGTH}}}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return str(value)
