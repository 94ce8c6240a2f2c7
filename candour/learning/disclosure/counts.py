"""Small numbers that point to a few children, and shares from which such a number can be worked out."""

import re
from collections.abc import Iterator

from candour.kernel.detail.held import Kind, Span
from candour.kernel.detail.words import words

COUNT_WHY = "This counts fewer than ten children, and fewer than the audit looked at."
REST_WHY = "Taken from the audit's total this leaves fewer than ten children."
SHARE_WHY = "With the number of children in this audit the share gives the count away."

LEAST = 10  # counts below this are small
WORDS = words(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty"
)
VALUE = {word: number for number, word in enumerate(WORDS, start=1)} | {"single": 1, "couple": 2, "pair": 2, "both": 2}
NUM = r"(?:\d{1,3}|" + "|".join(WORDS) + ")"
NOUN = (
    r"(?:child(?:ren)?(?!['’]?s['’]? )|cases?(?! (?:stud|note|conf|list|law|load|work|file|hold|disc|numb))|"
    r"famil(?:y|ies)|bab(?:y|ies)|infants?|toddlers?|siblings?|boys?|girls?|"
    r"young people|young persons?|brothers|sisters|twins|triplets|teenagers?|pupils?|mothers?|"
    r"fathers?|parents?|households?|sons?|daughters?|mums?|dads?)"
)
PLAIN = (
    r"(?:(?:of|in|the|these|those|our|all|other|others|remaining|same|such|younger|older|youngest|oldest|eldest|disabled|"
    r"unborn|school-age|audited|sampled|small|individual|different|separate|more|further|only|very|young|white|black|"
    r"asian|traveller|autistic|deaf|adopted|looked-after|eligible|index|"
    + "|".join(WORDS) + r"|\d{1,3}) )"
)  # fmt: skip
COUNTED = re.compile(
    rf"\b(?P<lead>(?:only|just|all but|a|the other|the remaining) )?(?P<n>{NUM}|single|couple of|pair of|both) "
    rf"{PLAIN}{{0,4}}(?P<noun>{NOUN})\b",
    re.IGNORECASE,
)
OF = re.compile(
    rf"\b(?P<n>{NUM})(?: (?:out )?of (?:the |these |those |our |all )?(?:these )?| ?/ ?)(?P<m>{NUM})\b(?![/\d]| ?%)"
    rf"(?: {PLAIN}{{0,3}}(?P<noun>[a-z]+(?: people)?))?",
    re.IGNORECASE,
)
ALL_BUT = re.compile(
    rf"\ball but (?P<n>{NUM})\b(?! of the (?:services|agencies|meetings|visits))(?: (?P<noun>[a-z]+))?", re.IGNORECASE
)
TENS = {
    "ten": 10, "twenty": 20, "twenty-five": 25, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "seventy-five": 75, "eighty": 80, "ninety": 90, "twelve and a half": 12.5,
}  # fmt: skip
PERCENT = re.compile(
    r"(?<![\d.])(?P<figure>(?P<p>\d{1,3}(?:\.\d+)?|" + "|".join(sorted(TENS, key=len, reverse=True)) + r")"
    r" ?(?:%|per ?cent\b))(?: (?P<prep>of|in) (?:the |our |all |these )?(?P<noun>(?:[a-z\-]+ ){0,2}[a-z\-]+))?",
    re.IGNORECASE,
)
PARTS = {
    "half": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fifth": 5, "fifths": 5, "sixth": 6,
    "eighth": 8, "eighths": 8, "tenth": 10,
}  # fmt: skip
FRACTION = re.compile(
    r"\b(?:(?P<top>a|an|one|two|three|five|seven)[ \-])?(?P<part>" + "|".join(PARTS) + r")"
    rf" (?:of )?(?:the |these |those |our |all )?{PLAIN}{{0,3}}(?P<noun>{NOUN}|them|sample)\b",
    re.IGNORECASE,
)
ONE_IN = re.compile(
    rf"\b(?P<n>{NUM}) (?:in|out of) (?:every )?(?P<m>{NUM})\b(?: {PLAIN}{{0,3}}(?P<noun>[a-z]+))?", re.IGNORECASE
)
ELSEWHERE = re.compile(
    r"\b(?:nationally|national (?:data|figures|average|panel|review)|in England|across England|in the country|research|"
    r"stud(?:y|ies)|statistics|census|population|every year|nationwide|countrywide)\b",
    re.IGNORECASE,
)
OTHERS = re.compile(
    r"\b(?:staff|practitioners?|professionals?|workers?|teachers?|nurses?|officers?|schools?|practices|services?|agencies|"
    r"meetings?|visits?|respondents|auditors?|returns?|managers?|leads?|people who|contacts|calls|sessions|days|hours|"
    r"conferences|questions|audits|areas|weeks|months|time|partners)\b",
    re.IGNORECASE,
)
SAYS = re.compile(
    r" (?:said|says|told|tells|described|explained|put it|asked|wrote|reminded|recalled|commented)\b", re.IGNORECASE
)
NO_COUNT_AFTER = re.compile(
    r" (?:at a time|after another|to another|by (?:case|child|family)|or more|too many|protection|practice review)",
    re.IGNORECASE,
)
NO_COUNT_BEFORE = re.compile(
    r"(?:\b(?:cases?|section|page|chapter|part|step|level|tier|year|stage|no|any|least|than|from|every)|[–/]) ?$",
    re.IGNORECASE,
)


_CHANGES = re.compile(
    r"\b(?:fell|rose|dropped|increased|grew|risen|fallen|up|down|rise|fall)(?: to| by| from| of)? $",
    re.IGNORECASE,
)
MULTIPLES = re.compile(r"\b(?:twins|triplets)\b", re.IGNORECASE)
MULTIPLE_WHY = "This says that children of one birth are among those looked at, which few families are."


def _value(word: str) -> int:
    word = word.lower().removesuffix(" of")
    return int(word) if word.isdigit() else VALUE[word]


def _sentence(text: str, at: int) -> str:
    start = max(text.rfind(mark, 0, at) for mark in (". ", "\n", "? ", "! ")) + 1
    ends = [e for e in (text.find(mark, at) for mark in (". ", "\n", "? ", "! ")) if e >= 0]
    return text[start : min(ends, default=len(text))]


def _small(n: int, total: int | None) -> str:
    if not n > 0 or (total is not None and n >= total):
        return ""
    if n < LEAST:
        return COUNT_WHY
    return REST_WHY if total is not None and total - n < LEAST else ""


def counts(text: str, total: int | None) -> Iterator[Span]:
    """Counts of children, cases or families under ten that are below the audit's total."""
    for match in COUNTED.finditer(text):
        if _is_no_count(text, match) or ELSEWHERE.search(_sentence(text, match.start())):
            continue
        if why := _small(_value(match["n"]), total):
            yield Span(match.start("n"), match.end(), Kind.COUNT, why, 2)
    for match in OF.finditer(text):
        n, m, noun = _value(match["n"]), _value(match["m"]), match["noun"] or ""
        if (noun and OTHERS.match(noun)) or ELSEWHERE.search(_sentence(text, match.start())):
            continue
        of_ours = total is None or m == total or re.match(NOUN, noun, re.IGNORECASE)
        if n < m and of_ours and m > 1 and _small(n, max(m, total or m)):
            yield Span(match.start(), match.end("m"), Kind.COUNT, _small(n, max(m, total or m)), 3)
    for match in MULTIPLES.finditer(text):
        yield Span(match.start(), match.end(), Kind.COUNT, MULTIPLE_WHY, 2)
    for match in ALL_BUT.finditer(text):
        if not (match["noun"] and OTHERS.match(match["noun"])) and _value(match["n"]) < LEAST:
            yield Span(match.start(), match.end("n"), Kind.COUNT, REST_WHY, 3)


def _is_no_count(text: str, match: re.Match[str]) -> bool:
    n, after = match["n"].lower(), text[match.end() :]
    if NO_COUNT_AFTER.match(after) or NO_COUNT_BEFORE.search(text[: match.start("n")]):
        return True
    if n in ("both", "two") and re.match(r"parents?$", match["noun"], re.IGNORECASE):
        return True
    return n in ("one", "1") and bool(SAYS.match(after))


def shares(text: str, total: int | None) -> Iterator[Span]:
    """Percentages and fractions that, with the audit's total, come to fewer than ten children."""
    if not total:
        return
    for match in PERCENT.finditer(text):
        noun = match["noun"] or ""
        if (
            OTHERS.search(noun)
            or _CHANGES.search(text[: match.start()])
            or (match["prep"] == "in" and not re.match(NOUN, noun, re.IGNORECASE))
            or ELSEWHERE.search(_sentence(text, match.start()))
        ):
            continue
        figure = match["p"].lower()
        decimals = len(figure.partition(".")[2]) if figure[0].isdigit() else 1
        percent = float(figure) if figure[0].isdigit() else TENS[figure]
        about = re.search(r"\b(?:about|around|nearly|almost|roughly|over|some) $", text[: match.start()], re.IGNORECASE)
        if _gives_away(percent, total, 3.0 if about else 0.5 * 10**-decimals):
            yield Span(match.start(), match.end("figure"), Kind.SHARE, SHARE_WHY, 3)
    for match in FRACTION.finditer(text):
        if ELSEWHERE.search(_sentence(text, match.start())):
            continue
        top = {"a": 1, "an": 1}.get((match["top"] or "a").lower()) or _value(match["top"])
        if _small(round(top * total / PARTS[match["part"].lower()]), total):
            yield Span(match.start(), match.end(), Kind.SHARE, SHARE_WHY, 3)
    for match in ONE_IN.finditer(text):
        n, m, noun = _value(match["n"]), _value(match["m"]), match["noun"] or ""
        ours = m == total and not OTHERS.match(noun)
        if n >= m or not (ours or re.match(NOUN + "$", noun, re.IGNORECASE)):
            continue
        if not ELSEWHERE.search(_sentence(text, match.start())) and _small(round(total * n / m), total):
            yield Span(match.start(), match.end("m"), Kind.SHARE, SHARE_WHY, 3)


def _gives_away(percent: float, total: int, slack: float) -> bool:
    return any(
        abs(100 * n / total - percent) <= slack + 1e-9 for n in range(1, total) if n < LEAST or total - n < LEAST
    )
