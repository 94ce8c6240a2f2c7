"""What was learnt: themes, recommendations and the two public briefings; then what agencies did about it."""

from typing import Any

# What the room concludes in the audits that are over, by grade.
ROOM: dict[str, tuple[str, ...]] = {
    "outstanding": ("The room would like others to see this.",),
    "good": (
        "Sound and timely; the services’ own grades hold, and two records bear them out.",
        "Good work that the child noticed. Recording lags behind it.",
        "The room looked twice, because everybody agreed, and found it as described.",
    ),
    "requires-improvement": (
        "Each part was done; nobody held the whole. The child waited while services waited for each other.",
        "Careful with the adults, thin on the child.",
        "A good beginning that slipped when the worker changed.",
    ),
    "inadequate": ("The signs were in our records and were not put together. The room is agreed, and sorry.",),
    "not-enough": ("Too small a part to conclude on.",),
}

# Theme: title, bearing, domain, note, points that feed it (a word to look for in the points of returns).
NEGLECT_THEMES: tuple[dict[str, Any], ...] = (
    {
        "title": "People who notice, and say it the same day",
        "bearing": "works",
        "domain": "recognition",
        "note": "Where the first worker read what was already known and rang rather than wrote, help came in days.",
        "words": ("Earlier record read", "Referred by telephone"),
    },
    {
        "title": "A written plan in every hand",
        "bearing": "works",
        "domain": "joint-working",
        "note": "Meetings with the right people, and minutes within days, kept plans moving when workers changed.",
        "words": ("All services in the room", "Minutes within"),
    },
    {
        "title": "Many small worries, read one by one",
        "bearing": "needs-work",
        "domain": "recognition",
        "note": "Contacts were closed singly. Laid side by side, they told the story months earlier.",
        "words": ("side by side", "every child in the home"),
    },
    {
        "title": "The child’s ordinary day is missing",
        "bearing": "needs-work",
        "domain": "voice",
        "note": "Children were seen with a parent in the room; what a day is like for them was rarely written down.",
        "words": ("See each child", "Describe babies"),
    },
    {
        "title": "Missed appointments treated as the parent’s choice",
        "bearing": "needs-work",
        "domain": "planning",
        "note": "A child who is not brought has not decided anything. Letters went where a call was needed.",
        "words": ("Was not brought", "No closure after missed"),
    },
    {
        "title": "Fathers and partners at the edge of the page",
        "bearing": "needs-work",
        "domain": "assessment",
        "note": "A first name, or none; met late; asked for nothing.",
        "words": ("every adult in the home", "assessing fathers"),
    },
)

NEGLECT_RECOMMENDATIONS: tuple[dict[str, Any], ...] = (
    {
        "text": "Put a chronology of the last twelve months of contacts on the first screen that a worker sees, and read "
        "it before deciding on a new one.",
        "theme": 2,
        "for": ("care", "police"),
        "weeks": 18,
    },
    {
        "text": "Say “was not brought” for every missed appointment of a child, ring the same week, and tell whoever "
        "referred before closing.",
        "theme": 4,
        "for": ("nurses", "hospital", "minds"),
        "weeks": 14,
    },
    {
        "text": "Give every plan a paragraph on the child’s ordinary day, in the child’s own words where there are any.",
        "theme": 3,
        "for": ("care", "nurses", "school"),
        "weeks": 22,
    },
    {
        "text": "Write down name, date of birth and part in the child’s life of each adult in the home, and meet fathers "
        "and partners within the assessment.",
        "theme": 5,
        "for": ("care", "lantern"),
        "weeks": 28,
    },
)

NEGLECT_BRIEFING: dict[str, Any] = {
    "title": "Neglect: a lot of small worries are one big one",
    "lead": "What six services learnt from looking closely at six children’s records, and what we ask of every team.",
    "why": "Neglect rarely announces itself. It is the coat in January, the fourth missed appointment, the child who "
    "is always a bit hungry and never quite a referral. It is the first of our three priorities, and young people on "
    "our shadow board told us why:\n\n“They came when it was bad. Nobody came when it was just always a bit bad.”",
    "works": "- People who notice, and say it the same day. Where the first worker read what was already known and "
    "picked up the telephone, help came in days.\n- A written plan in every hand. When minutes came within days, "
    "visits went on as agreed even when a worker left.\n- Schools. Teaching assistants and lunchtime staff saw most, "
    "wrote it down as it was said, and passed it on.",
    "needs_work": "- Reading small worries together. Contacts were closed one at a time; laid side by side they told "
    "the story months earlier.\n- The child’s ordinary day. We read a great deal about parents and too little about "
    "what it is like to wake up in that home.\n- Missed appointments. A child who is not brought has not chosen "
    "anything. Letters went out where a call was needed.\n- Fathers and partners. They were a first name on the edge "
    "of the page, met late and asked for nothing.",
    "voice": "“I liked it when she came at the same time every week, because then I could wait for her.”\n"
    "“If you write about me, write that I can cook pasta.”\n\nParents told us that being asked what would help most "
    "had been rarer than being told what was wrong, and that they remembered who asked.",
    "messages": {
        "recognition": "Before you decide on a contact, read the twelve months before it. Two of anything is a pattern "
        "until shown otherwise.",
        "assessment": "Describe one ordinary day, hour by hour. What you cannot fill in is what you need to ask.",
        "planning": "Put an end in sight: what has to be different, by when, and what happens if it is not.",
        "joint-working": "Leave the meeting with the plan in your hand. Tell the people who were not there.",
        "impact": "At closure, ask what is different for the child, and write down how you know.",
        "voice": "See each child alone, where the child feels at ease. For babies, write what you see them do.",
    },
    "questions": "When did you last read a child’s whole chronology in supervision?\nWhich child on your caseload could "
    "you describe on an ordinary Tuesday?\nWhat do you do in the week after a child was not brought?\nWhose father "
    "have you not met, and what would it take?\nWhom do you ring when you disagree with a decision to close?",
}

BRUISING_THEMES: tuple[dict[str, Any], ...] = (
    {
        "title": "Calm, same-day calls to the paediatrician",
        "bearing": "works",
        "domain": "recognition",
        "note": "Where a baby’s mark was rung through at once, parents were treated with courtesy and babies were seen.",
        "words": ("Referred by telephone",),
    },
    {
        "title": "Explanations accepted without a test",
        "bearing": "needs-work",
        "domain": "assessment",
        "note": "An account was written down; whether a baby of that age can do it was not asked.",
        "words": ("Say what the facts mean",),
    },
)

BRUISING_RECOMMENDATIONS: tuple[dict[str, Any], ...] = (
    {
        "text": "Ask for a paediatric opinion the same day for every mark on a baby who does not move about yet, whatever "
        "the explanation.",
        "theme": 0,
        "for": ("nurses", "surgery", "hospital"),
        "weeks": 8,
    },
    {
        "text": "Draw and measure every mark on a body map before the family leaves.",
        "theme": 1,
        "for": ("nurses", "hospital"),
        "weeks": 8,
    },
    {
        "text": "See brothers and sisters the same day.",
        "theme": 1,
        "for": ("care", "police"),
        "weeks": 12,
    },
)

BRUISING_BRIEFING: dict[str, Any] = {
    "title": "Those who don’t cruise rarely bruise: babies who do not move yet",
    "lead": "A mark on a baby who cannot roll is a reason to ask a paediatrician the same day.",
    "why": "A national review, and a rapid review of our own, told the same story: the first worker noticed, and the "
    "second explained it away.",
    "works": "- Calm, same-day calls to the paediatrician. Parents who were told plainly why thanked the staff for it.",
    "needs_work": "- Explanations were written down and not tested against what a baby of that age can do.\n- Marks "
    "were described in words, seldom drawn and measured.\n- Brothers and sisters were thought of late.",
    "voice": "“She explained it as something they do for every baby. I did not feel accused.”",
    "messages": {
        "recognition": "Any mark on a baby who does not move yet: ring, the same day.",
        "assessment": "Ask what the baby would have to be able to do for the explanation to be true.",
    },
    "questions": "Does everybody in the team know the number of the paediatrician on call?\nWhere are the body maps?\n"
    "When did you last practise the conversation with a parent?",
}

# What agencies did about it: recommendation, service, its own step, how far, note, evidence, difference.
NEGLECT_ACTIONS: tuple[tuple[int, str, str, str, str, str, str], ...] = (
    (0, "care", "Build the chronology into the contact screen.", "done", "Live since the summer release.",
     "A dip into ten new contacts showed the chronology opened before the decision in nine.",
     "Two families were offered help at the second contact instead of the fifth."),
    (0, "police", "Show earlier notifications to the officer who writes a new one.", "under-way",
     "Agreed with the systems team; in the winter release.", "", ""),
    (1, "nurses", "“Was not brought” in every letter and record; a call in the same week.", "done",
     "All teams since September; letters rewritten with parents.",
     "Thirty missed appointments looked at: a call within the week after twenty-six.",
     "Eleven children were seen within a fortnight of the missed appointment."),
    (1, "hospital", "Change the outpatient letters; a call by the clinic nurse.", "under-way",
     "Letters are changed. The call is being tried in two clinics.", "", ""),
    (1, "minds", "A call, not a letter, and word to whoever referred.", "open", "", "", ""),
    (2, "care", "A paragraph on the ordinary day in the assessment form.", "under-way",
     "In the form; supervisors ask for it. The audit of forms is next month.", "", ""),
    (2, "nurses", "“A day with …” in the two-year review.", "open", "", "", ""),
    (2, "school", "One page a child for the designated lead: what a week looks like.", "done",
     "In use for every child with a plan.", "Pages seen for all seven children with a plan.",
     "A breakfast club place came of two of them within a week."),
    (3, "care", "Every adult by name and date of birth; fathers met within the assessment.", "open", "", "", ""),
    (3, "lantern", "Training for twelve social workers on involving fathers safely.", "under-way",
     "First half-day held, second in a fortnight.", "", ""),
)  # fmt: skip

BRUISING_ACTIONS: tuple[tuple[int, str, str, str, str, str, str], ...] = (
    (0, "nurses", "The paediatrician’s number on the back of every badge.", "done", "Done in all three teams.",
     "Badges seen; the number rung from a clinic as a test.", "Four babies were seen the same day this year."),
    (0, "surgery", "An alert in the record for marks on babies under six months.", "done", "Live.",
     "Alert shown to the designated doctor.", "The locum who saw it rang at once."),
    (0, "hospital", "A paediatrician answers the line at weekends too.", "done", "On the rota since spring.",
     "Rota seen for three months.", "Two of the four calls came on a Saturday."),
    (1, "nurses", "Body maps and rulers in every clinic bag.", "under-way", "Bags filled in two of three teams.", "", ""),
    (1, "hospital", "Body map in the electronic record.", "done", "Live.", "Five records seen.",
     "Marks can be compared from one visit to the next."),
    (2, "care", "See brothers and sisters on the day of the first visit.", "done", "In the duty guidance.",
     "Eight visits looked at; in seven they were seen the same day.", "A second injury was found in time."),
    (2, "police", "Ask for every child’s name at the door.", "done", "In the notification form.",
     "Form seen.", "No notification since without the names of all children."),
)  # fmt: skip

SENSE_CHECK = {
    "how": "Five newer cases, read by the designated nurse and the coordinator together, and a question at three team "
    "meetings.",
    "judgements": (
        ("embedded", "In all five a paediatrician was rung the same day, twice at the weekend. Staff at all three "
         "meetings knew the number.", 5),
        ("partly", "Body maps in three of the five. In the other two a photograph without a ruler.", 3),
    ),
}  # fmt: skip

CONCERN = {
    "text": "While reading our record for this audit: the mother’s former partner, whom an order keeps away, brought "
    "the child to the department nine days ago and gave his own address. Nothing in the record says that anybody was "
    "told.",
    "told": "Duty manager at the front door",
    "reference": "FD-0417",
    "outcome": "Visit agreed for the same afternoon",
}
EARLIER_CONCERN = {
    "text": "Our record shows a new pregnancy in a home with a live order. We cannot see that the midwife was told.",
    "told": "Duty manager at the front door",
    "reference": "FD-0362",
    "outcome": "Midwife told within the hour; pre-birth assessment opened",
    "closing": "Seen by the midwife the next day. Assessment opened; the team around the family has the plan.",
}
RISEN_CONCERN = {
    "text": "Reading back through our register: she was collected twice this month by the adult who, by the plan, is not "
    "to be alone with her. The office did not know of the plan.",
    "told": "The worker on duty at the front door",
    "reference": "FD-0398",
    "outcome": "School asked to ring before it lets her go with anybody but her mother",
}
SENT_BACK = (
    "Thank you, this is clear and kind. Two things before I can submit it: the reason under joint working does not yet "
    "say whether we were invited, and for impact please give the two dates from the growth chart."
)
