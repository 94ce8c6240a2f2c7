"""How hard a text is to read: the age at which a pupil reads it with ease, worked out from its sentences and words."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

SENTENCE = re.compile(r"[.!?;:]+(?:\s|$)|\n+|\s[–—]\s")
WORD = re.compile(r"[A-Za-z]+(?:[’'-][A-Za-z]+)*")
VOWELS = re.compile(r"[aeiouy]+")
SILENT = re.compile(r"(?:[^laeiouy]e|[^aeioudty]ed|[^aeiouscxzgh]es)$")
YOUNGEST, OLDEST = 5, 22
PLAIN = 14


@dataclass(frozen=True)
class Reading:
    """How many words there are, and from which age on they are read with ease."""

    words: int
    age: int

    @property
    def plain(self) -> bool:
        """Whether most grown people read it with ease."""
        return self.age <= PLAIN


def syllables(word: str) -> int:
    """How many beats an English word has, nearly."""
    low = word.lower().replace("’", "'").replace("'", "")
    beats = len(VOWELS.findall(low))
    if beats > 1 and SILENT.search(low):
        beats -= 1
    return max(beats, 1)


def reading(texts: Iterable[str]) -> Reading:
    """The reading age of texts taken together (Flesch and Kincaid's grade, and the five years before school)."""
    sentences = [words for text in texts for part in SENTENCE.split(text) if (words := WORD.findall(part))]
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return Reading(0, YOUNGEST)
    beats = sum(syllables(word) for word in words)
    grade = 0.39 * len(words) / len(sentences) + 11.8 * beats / len(words) - 15.59
    return Reading(len(words), min(OLDEST, max(YOUNGEST, round(grade + 5))))


def texts(part: Any) -> list[str]:
    """Everything in a part of a tool that somebody reads: what is asked, guidance, hints, answers, descriptors."""
    if isinstance(part, list):
        return [text for one in part for text in texts(one)]
    if not isinstance(part, Mapping):
        return []
    found = [part[name] for name in ("title", "guidance", "ask", "hint", "label") if isinstance(part.get(name), str)]
    found += list((part.get("descriptors") or {}).values())
    return [*found, *(text for name in ("questions", "options", "grade", "add") for text in texts(part.get(name)))]


def of_tool(document: Mapping[str, Any]) -> Reading:
    """How hard a whole tool is to read, with what each kind of service is asked besides."""
    return reading([*texts(document["sections"]), *texts(list((document.get("variants") or {}).values()))])
