"""Numbers, ways to reach somebody, dates and ages, found by their form."""

import datetime
import re
from collections.abc import Iterator

from candour.kernel.detail.held import Kind, Setting, Span
from candour.kernel.detail.words import MONTH_NUMBER, MONTHS, words

NHS_WHY = "This is a valid NHS number."
NHS_HELD = "This is an NHS number held in this audit, or one digit away from it."
NHS_SAID = "This is called an NHS number."
UPN_WHY = "This is a valid unique pupil number."
UPN_SAID = "This is called a unique pupil number."
NUMBER_WHY = "This is a number held for a person in this audit."
NI_WHY = "This has the form of a National Insurance number."
POSTCODE_WHY = "This is a full postcode; it can point to a handful of homes."
POSTCODE_HELD = "This is the postcode of a person in this audit."
PHONE_WHY = "This is a telephone number."
MOBILE_WHY = "This is a mobile number; give a service's number instead."
EMAIL_WHY = "This is an e-mail address."
BIRTH_WHY = "This is the date of birth of a person in this audit."
BORN_WHY = "This is the month in which a person in this audit was born."
DATE_WHY = "This is an exact date in the past; a month or a season tells the reader enough."
AGE_WHY = 'This is a child\'s exact age; a range such as "under five" tells the reader enough.'
YEAR_WHY = "This is a school year, which gives a child's age."
SCHOOL_WHY = "This names a school or nursery."

UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
PERSONAL_MAIL = ("gmail", "hotmail", "outlook", "yahoo", "icloud", "aol", "live", "btinternet", "sky", "proton")

_DIGITS10 = re.compile(r"(?<![\d+])\d(?:[ \-\u00a0]?\d){9}(?![ \-]?\d)")
_UPN = re.compile(
    r"(?<![A-Za-z0-9])[A-HJ-NP-RT-Za-hj-np-rt-z](?:[ \-]?\d){11}[ \-]?[0-9A-HJ-NP-RT-Za-hj-np-rt-z](?![A-Za-z0-9])"
)
_NI = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D](?![A-Za-z0-9])")
_POSTCODE = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z]{1,2}\d[A-Za-z\d]? ?\d[ABD-HJLNP-UW-Zabd-hjlnp-uw-z]{2}(?![A-Za-z0-9])"
)
_PHONE = re.compile(r"(?<![\d.])(?:\+44[ \-]?(?:\(0\))?[ \-]?|\(?0)[1-9](?:[ \-.()]{0,2}\d){8,9}(?!\d)")
_EMAIL = re.compile(r"[\w.+\-]+ ?(?:@|\(at\)|\[at\]) ?[\w\-]+(?:(?:\.| ?\(dot\) ?)[\w\-]+)+", re.IGNORECASE)
_CODE = re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z\-/]*\d)[A-Za-z0-9](?:[A-Za-z0-9/\-]{3,})(?![A-Za-z0-9])")


_OTHER_NUMBER = re.compile(r"\b(?:order|invoice|purchase|grant|account|isbn)(?: number| no\.?)? $", re.IGNORECASE)


def nhs_valid(digits: str) -> bool:
    """Whether ten digits satisfy the NHS number's check by eleven."""
    if len(digits) != 10 or len(set(digits)) == 1:
        return False
    check = 11 - sum(int(d) * w for d, w in zip(digits[:9], range(10, 1, -1), strict=True)) % 11
    return check != 10 and check % 11 == int(digits[9])


def upn_valid(upn: str) -> bool:
    """Whether a pupil number's first letter is the one its other twelve characters give."""
    upn = upn.upper()
    if len(upn) != 13 or not upn[1:12].isdigit():
        return False
    last = UPN_LETTERS.find(upn[12]) if upn[12].isalpha() else int(upn[12])
    total = sum(int(c) * w for c, w in zip(upn[1:12], range(2, 13), strict=True)) + last * 13
    return UPN_LETTERS[total % 23] == upn[0]


def _bare(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "", text).upper()


def _one_off(left: str, right: str) -> bool:
    if len(left) != len(right):
        return False
    wrong = [i for i, (a, b) in enumerate(zip(left, right, strict=True)) if a != b]
    swapped = len(wrong) == 2 and wrong[1] == wrong[0] + 1 and left[wrong[0]] == right[wrong[1]]
    return len(wrong) <= 1 or (swapped and left[wrong[1]] == right[wrong[0]])


def numbers(text: str, setting: Setting) -> Iterator[Span]:
    """NHS, pupil and National Insurance numbers by form and check; any number held, by itself."""
    held = {_bare(n) for person in setting.held for n in person.numbers if len(_bare(n)) >= 4}
    for match in _DIGITS10.finditer(text):
        digits = _bare(match.group())
        said = re.search(r"NHS (?:no|number|num|#)\.?:? ?(?:is |was )?$", text[: match.start()], re.IGNORECASE)
        if any(_one_off(digits, number) for number in held if len(number) == 10):
            yield Span(match.start(), match.end(), Kind.NHS, NHS_HELD, 5)
        elif nhs_valid(digits) and digits[0] != "0" and not _OTHER_NUMBER.search(text[: match.start()]):
            yield Span(match.start(), match.end(), Kind.NHS, NHS_WHY, 5)
        elif said:
            yield Span(match.start(), match.end(), Kind.NHS, NHS_SAID, 5)
    for match in _UPN.finditer(text):
        upn = _bare(match.group())
        said = re.search(r"\b(?:UPN|pupil number)\b\W*(?:is |was )?$", text[: match.start()], re.IGNORECASE)
        if upn_valid(upn) or upn in held:
            yield Span(match.start(), match.end(), Kind.UPN, UPN_WHY, 5)
        elif said:
            yield Span(match.start(), match.end(), Kind.UPN, UPN_SAID, 5)
    for match in _NI.finditer(text):
        yield Span(match.start(), match.end(), Kind.NUMBER, NI_WHY, 4)
    for match in _CODE.finditer(text):
        if _bare(match.group()) in held:
            yield Span(match.start(), match.end(), Kind.NUMBER, NUMBER_WHY, 4)


def reach(text: str, setting: Setting, contacts: bool) -> Iterator[Span]:
    """Postcodes, telephone numbers and e-mail addresses; a service's own are allowed among the contacts."""
    phones = {_national(p) for person in setting.held for p in person.phones}
    mails = {m.casefold() for person in setting.held for m in person.emails}
    homes = {_bare(p) for person in setting.held for a in person.addresses for p in _POSTCODE.findall(a)}
    for match in _POSTCODE.finditer(text):
        if re.search(r"\d(?:st|nd|rd|th)$", match.group()):
            continue
        if _bare(match.group()) in homes:
            yield Span(match.start(), match.end(), Kind.POSTCODE, POSTCODE_HELD, 4)
        elif not contacts:
            yield Span(match.start(), match.end(), Kind.POSTCODE, POSTCODE_WHY, 4)
    for match in _PHONE.finditer(text):
        number = _national(match.group())
        mobile = number.startswith("07")
        if len(number) not in (10, 11) or (contacts and not mobile and number not in phones):
            continue
        yield Span(match.start(), match.end(), Kind.PHONE, MOBILE_WHY if mobile else PHONE_WHY, 4)
    for match in _EMAIL.finditer(text):
        domain = re.split(r"@|\(at\)|\[at\]", match.group().casefold())[-1].strip()
        private = domain.startswith(PERSONAL_MAIL) or match.group().casefold() in mails
        if not contacts or private:
            yield Span(match.start(), match.end(), Kind.EMAIL, EMAIL_WHY, 4)


def _national(phone: str) -> str:
    digits = re.sub(r"\D", "", phone.replace("(0)", ""))
    return "0" + digits[2:] if digits.startswith("44") else digits


_ORDINAL_WORDS = words(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth"
    " sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third twenty-fourth"
    " twenty-fifth twenty-sixth twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first"
)
_DAY_OF = {word: number for number, word in enumerate(_ORDINAL_WORDS, start=1)}
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_WORD_DAY = "(?P<day>" + "|".join(sorted(_ORDINAL_WORDS, key=len, reverse=True)) + ")"
_MONTH = r"(?P<month>" + "|".join([*MONTHS, *(m[:3] for m in MONTHS), "sept"]) + r")\b\.?"
_YEAR = r"(?P<year>(?:19|20)\d\d|['’]?\d\d(?![\d:.%]))"
_DATES = [
    re.compile(p, re.IGNORECASE)
    for p in (
        rf"(?<![\w.]){_DAY}(?: day)?(?:[ \-]of)?[ \-/](?:the )?{_MONTH}(?:,?[ \-/]{_YEAR})?(?!\w)",
        rf"\b{_WORD_DAY}(?: day)?(?: of)? {_MONTH}(?:,? {_YEAR})?(?!\w)",
        rf"\b{_MONTH} (?:the )?{_DAY}(?!\d)(?:,? (?P<year>(?:19|20)\d\d))?(?!\w)",
    )
]
_NUMERIC = re.compile(r"(?<![\d/.\-])(\d{1,2})([/.\-])(\d{1,2})\2((?:19|20)?\d\d)(?![\d/\-]|\.\d)")
_ISO = re.compile(r"(?<!\d)((?:19|20)\d\d)([\-/.])(\d{1,2})\2(\d{1,2})(?!\d)")
_MONTH_YEAR = re.compile(rf"\b{_MONTH},? (?:of )?(?P<year>(?:19|20)\d\d)\b", re.IGNORECASE)
_PUBLISHED = re.compile(
    r"(?:published|issued|in force|into force|came into effect|updated|launched|laid|Royal Assent|inspectors?|version)"
    r"[^.;]{0,30}$",
    re.IGNORECASE,
)


def _date(year: str | None, month: int, day: int) -> tuple[int | None, int, int] | None:
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    full = None
    if year:
        full = int(year.lstrip("'’"))
        full += 0 if full > 99 else 2000 if full <= 40 else 1900
    return full, month, day


def _all_dates(text: str) -> Iterator[tuple[int, int, list[tuple[int | None, int, int]]]]:
    for pattern in _DATES:
        for match in pattern.finditer(text):
            word, name = match["day"].lower(), match["month"]
            if not name[0].isupper() and name.lower() in ("may", "march", "mar", "sept", "sep", "dec", "jan"):
                continue
            if name.lower() == "may" and re.match(r" (?:have|be|not|need|also|well|wish)\b", text[match.end() :]):
                continue
            day = _DAY_OF.get(word) or int(word)
            read = _date(match["year"], MONTH_NUMBER[name.lower()[:3]], day)
            if read:
                yield match.start(), match.end(), [read]
    for match in _NUMERIC.finditer(text):
        a, b = int(match[1]), int(match[3])
        reads = [r for r in (_date(match[4], b, a), _date(match[4], a, b)) if r]
        if reads:
            yield match.start(), match.end(), reads
    for match in _ISO.finditer(text):
        if read := _date(match[1], int(match[3]), int(match[4])):
            yield match.start(), match.end(), [read]


def dates(text: str, setting: Setting) -> Iterator[Span]:
    """Dates of birth held, in whatever form, and exact days in the past; deadlines to come are no detail."""
    born = {d for person in setting.held for d in person.born}
    whole = {(d.year, d.month, d.day) for d in born}
    days = {(d.month, d.day) for d in born}
    for start, end, reads in _all_dates(text):
        if any((y, m, d) in whole or (y is None and (m, d) in days) for y, m, d in reads):
            yield Span(start, end, Kind.BIRTH, BIRTH_WHY, 6)
        elif not _still_to_come(reads[0], setting.today) and not _PUBLISHED.search(text[:start]):
            yield Span(start, end, Kind.DATE, DATE_WHY, 4)
    months = {(d.year, d.month) for d in born}
    for match in _MONTH_YEAR.finditer(text):
        told = re.search(r"\b(?:born|birth)\b[^.]{0,30}$", text[: match.start()])
        if told and (int(match["year"]), MONTH_NUMBER[match["month"].lower()[:3]]) in months:
            yield Span(match.start(), match.end(), Kind.BIRTH, BORN_WHY, 3)


def _still_to_come(read: tuple[int | None, int, int], today: datetime.date) -> bool:
    year, month, day = read
    return year is not None and (year, month, day) > (today.year, today.month, today.day)


_SMALL = words(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
)
_AGE_NUMBER = r"(?P<n>\d{1,2}(?:\.5|½)?|" + "|".join(_SMALL) + r")(?: and a half)?"
_NOT_EXACT = re.compile(
    r"(?:under|over|above|below|than|least|most|up to|between|before|by|until|from|to|and|or|since|beyond|reach|after)"
    r"(?: the)?(?: age of| aged?)? ?$|\d ?[–\-] ?$",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"\s*(?:to|–|-|and|or)\s*(?:\d|" + "|".join(_SMALL) + r"|under|over|above)|\+| and over| or ", re.IGNORECASE
)
_A_THING_OLD = r"(?! (?:policy|plan|strategy|procedure|protocol|guidance|audit|practice|system|case law))"
_STOPS = r"(?=\s*(?:[,.;:)–]|$|when|at the time|and (?:was|is|had|lived|in|has|[a-z]+s)\b))"
_AGES = [
    re.compile(p, re.IGNORECASE)
    for p in (
        rf"\b{_AGE_NUMBER}[ \-](?:year|yr|month|week|day)s?[ \-]olds?\b{_A_THING_OLD}",
        rf"\b{_AGE_NUMBER} (?:years?|months?|weeks?|days?) of age\b",
        rf"\b(?:aged|age of|at age|age)\s{_AGE_NUMBER}(?: (?:years?|months?|weeks?|days?))?\b",
        rf"\b(?:he|she|they|child|boy|girl|baby|who) (?:was|were|is|had(?: just)? turned|turned|has turned|had been) "
        rf"(?:only |just |then |about |nearly |almost )?{_AGE_NUMBER}{_STOPS}",
        r"\b(?:child|boy|girl|son|daughter|brother|sister|sibling|baby|twin)(?:, | \()(?P<n>\d{1,2})(?=[,)])",
        rf"\b(?:turned|turning|nearly|almost) {_AGE_NUMBER}{_STOPS}",
    )
]
_BIRTHDAY = re.compile(r"\b(?:\d{1,2}(?:st|nd|rd|th)|" + "|".join(_ORDINAL_WORDS[:17]) + r") birthday\b", re.IGNORECASE)
_SCHOOL_YEAR = re.compile(
    r"\b(?:in|into|from|a|of) (?P<y>Year (?:1[0-3]|[1-9])|[Yy]r ?(?:1[0-3]|[1-9]))\b(?! (?:of|and|to|or|in|pupils))"
)
_SORT = r"Church of England|C of E|CofE|Catholic|RC|Community|Junior|Infants?|Primary|Secondary|High|Grammar|Special"
_SCHOOL = re.compile(
    r"\b(?P<name>(?:(?:St|Saint)\.? )?[A-Z][a-z’'.]+(?:[ \-](?:of|the|and|[A-Z][a-z’']+)){0,4} "
    rf"(?:(?:{_SORT}) )*(?:School|Academy|Nursery|College|Infants|Preschool|Sixth Form))\b"
    r"(?! (?:Improvement|Nurs|Health|Governor|Admission|Transport|Place|Effective))"
)
_NO_SCHOOL = words(
    "the a an our every each this that primary secondary high special junior infant community local state "
    "private royal if when where in at no any designated independent further boarding out before after "
    "summer free any all some most public new old"
)


def ages(text: str) -> Iterator[Span]:
    """A child's exact age in words or figures, a birthday, a school year; ranges and limits are left."""
    for pattern in _AGES:
        for match in pattern.finditer(text):
            before = text[: match.start("n")]
            if match.group().lower().endswith("olds") or _NOT_EXACT.search(before):
                continue
            if _GOES_ON.match(text[match.end() :]) or _years(match) >= 18:
                continue
            yield Span(match.start("n"), match.end(), Kind.AGE, AGE_WHY, 4)
    for match in _BIRTHDAY.finditer(text):
        yield Span(match.start(), match.end(), Kind.AGE, AGE_WHY, 3)
    for match in _SCHOOL_YEAR.finditer(text):
        yield Span(match.start("y"), match.end("y"), Kind.AGE, YEAR_WHY, 3)


def _years(match: re.Match[str]) -> float:
    word = match["n"].lower()
    number = _SMALL.index(word) + 1 if word in _SMALL else float(word.replace("½", ".5"))
    return 0 if re.search(r"month|week|day", match.group(), re.IGNORECASE) else number


def schools(text: str) -> Iterator[Span]:
    """Schools, nurseries and colleges by name; "the primary school" and "high school" name none."""
    for match in _SCHOOL.finditer(text):
        words = match["name"].split()
        while words and words[0].lower().strip(".") in _NO_SCHOOL:
            words = words[1:]
        named = [
            w for w in words[:-1] if w.lower() not in _NO_SCHOOL and w not in ("Church", "of", "England", "Catholic")
        ]
        if named:
            start = match.end("name") - len(" ".join(words))
            yield Span(start, match.end("name"), Kind.SCHOOL, SCHOOL_WHY, 2)
