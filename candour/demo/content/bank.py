"""What services say of their own practice, section by section and grade by grade; any service could have said it.

`{she}`, `{her}`, `{hers}` are the child's own words for a girl or a boy: she/he, her/him, her/his.
"""

TOP, GOOD, MIXED, POOR, THIN = "outstanding", "good", "requires-improvement", "inadequate", "not-enough"

REASONS: dict[str, dict[str, tuple[str, ...]]] = {
    "recognition": {
        TOP: (
            "Three small signs put together on the day, rung through at once, and followed until somebody owned it.",
            "Noticed by the newest colleague, who had been told that asking is never wrong.",
            "Known history, present worry and the child’s own account were on one page within two hours.",
        ),
        GOOD: (
            "Signs were picked up at the first contact and named for what they were. The earlier record was read first.",
            "The pattern was seen, not only the incident, and help was asked for the same day.",
            "The worker noticed what had changed in the child and wrote it down in plain words.",
            "History was read before the decision, and it changed the decision.",
        ),
        MIXED: (
            "Each contact was handled properly by itself. Nobody laid them side by side until the fourth.",
            "The child was seen, but the brother and sister in the home were not thought of until later.",
            "We recognised the mother’s distress more quickly than what it was like for the child.",
            "The concern was right but the referral took nine days, most of them waiting for a form to be signed.",
        ),
        POOR: (
            "Two earlier referrals stood in our own record and were not read.",
            "The father’s account was accepted without a question, although it did not fit what was in front of us.",
            "We took a pattern for a bad week.",
        ),
        THIN: ("We met the family once, at the end of the period.",),
    },
    "assessment": {
        TOP: (
            "A reader who never met the child would know {her} after two pages: {hers} day, {hers} worries.",
            "Every adult in the child’s life is there by name, with what they give and what they risk.",
            "Changed three times as things changed, each time with the reason.",
        ),
        GOOD: (
            "The assessment says what the facts mean for this child, and it was changed when the facts changed.",
            "Risk and strengths stand side by side, and the grandparents’ part is understood.",
            "The father was found, met and assessed, although he no longer lives there.",
            "Culture, language and faith were asked about rather than assumed.",
        ),
        MIXED: (
            "Full of facts, thin on meaning: it lists eleven events and does not say which of them mattered.",
            "The new partner is mentioned by first name only. Nobody checked who he was.",
            "It reads as an assessment of the mother. The child’s ordinary day is missing.",
            "Written once and not touched again, although the family moved twice.",
        ),
        POOR: (
            "There is no assessment of the risk after the separation, when it was likely to be highest.",
            "Sections were carried over from an older record, mistakes included.",
            "Begun, handed over, begun again, never finished.",
        ),
        THIN: ("Our part was one appointment; there was nothing to assess from.",),
    },
    "planning": {
        TOP: (
            "Four actions, four names, four dates, all kept; and a line for what would happen if they were not.",
            "The family could say the plan by heart, because it was theirs.",
            "When the first offer failed there was a second within the week.",
        ),
        GOOD: (
            "The plan said who would do what by when, and it was looked at in supervision each month.",
            "When a visit was missed somebody went the next day. The child was treated as not brought.",
            "Help was stepped up quickly when the first offer was not enough.",
            "Small, sensible steps that the parents had agreed to and understood.",
        ),
        MIXED: (
            "Good intentions without dates. Two of five actions were still open at closure.",
            "Appointments were recorded as “did not attend” and a second letter was sent. Nobody rang.",
            "Three workers in four months; the plan began again with each of them.",
            "The plan asked the mother to keep the father away. It asked nothing of the father.",
        ),
        POOR: (
            "Closed after two missed visits, with no step in between and no word to the referrer.",
            "There was no plan that we could find, only a list of services offered.",
            "Each action was for somebody else, and nobody had told them.",
        ),
        THIN: ("We were not asked to plan anything.",),
    },
    "joint-working": {
        TOP: (
            "Every service that knew the child was in the room within a day, and each left with the same written plan.",
            "Two services disagreed, said so, and settled it by Friday.",
            "One worker rang everybody, so that the family did not have to.",
        ),
        GOOD: (
            "We shared what we knew the same morning and wrote down why we could.",
            "The meeting had the right people, began on time, and its minutes came within three days.",
            "We disagreed with the decision to close, said so, and it was looked at again.",
            "One worker kept everybody posted. The family told their story once.",
        ),
        MIXED: (
            "We were asked on the morning and sent somebody who did not know the family.",
            "Information was given when asked for, never before.",
            "Minutes came four weeks late, after the visits that they asked for should have happened.",
            "We had doubts about the threshold and kept them to ourselves.",
        ),
        POOR: (
            "Not invited, although we see this child often. We learnt of the plan from the mother.",
            "Our referral was never answered and we did not chase it.",
            "Two services thought that the other one was leading.",
        ),
        THIN: ("There was no meeting in our short involvement.",),
    },
    "voice": {
        TOP: (
            "Seen alone, where {she} felt at ease, and what {she} showed us went to the meeting with {hers} leave.",
            "Two sentences in the child’s own words stand at the head of the plan.",
            "Asked, listened to, and told afterwards what had come of it.",
        ),
        GOOD: (
            "The child was seen alone, and the words on the record are the child’s own.",
            "Too young to speak, but watched closely: how {she} settles, whom {she} reaches for, what makes {her} flinch.",
            "What the child said changed the contact arrangements.",
            "{Hers} behaviour was read as telling us something, and somebody asked.",
        ),
        MIXED: (
            "Seen, but always with a parent in the room.",
            "“Engaged well” is all that the record says of {her}.",
            "{Hers} views were taken down carefully and are nowhere in the plan.",
            "The older child is quoted twice; the baby does not appear.",
        ),
        POOR: (
            "There is nothing of the child in our record beyond name and date of birth.",
            "We wrote about the child in each entry and spoke with the child in none.",
            "The child’s silence was noted as “no concerns”.",
        ),
        THIN: ("We worked with the adult only and did not meet the child.",),
    },
    "impact": {
        TOP: (
            "{She} sleeps, {she} is where {she} should be each day, and somebody asked {her} whether that is so.",
            "What had been a worry for a year was gone within the period, and stayed gone.",
            "The family now helps another one.",
        ),
        GOOD: (
            "The child is safer and it shows: quiet when we call unannounced, and looking well.",
            "The mother knows whom to ring and has rung. The children stayed together with her.",
            "There is one adult more to turn to, and the child turns to that adult.",
            "What was promised was kept, and the family noticed: they ask for us now.",
        ),
        MIXED: (
            "Safer since the spring. Sleep and speech are as they were.",
            "The crisis passed; whether anything has changed underneath, we cannot tell from the record.",
            "The mother was helped. What is different for the child is harder to say.",
            "Things improved for as long as we visited.",
        ),
        POOR: (
            "Nothing that we did changed the child’s situation within the period.",
            "The same concern came back seven weeks after we closed.",
            "Our help reached the file and not the home.",
        ),
        THIN: ("Too early to say.",),
    },
    "overall": {
        TOP: (
            "Timely, kind, joined up. We would like others to see how this was done.",
            "Few words, all of them meant, and each followed by a deed.",
            "The best of us, on an ordinary Tuesday.",
        ),
        GOOD: (
            "Sound practice by people who plainly cared, with some delay in the middle.",
            "Good work with the child and with the other services; recording is where we fall short.",
            "We did what we should, mostly when we should.",
            "Seen, heard, and followed through to the end.",
        ),
        MIXED: (
            "Committed workers, but the parts were better than the whole.",
            "Safe, slow, and written about the adults.",
            "A good start that was not carried through.",
        ),
        POOR: (
            "We did not see this child clearly, and we closed when we should have asked.",
            "Busy, and beside the point.",
            "We would not want this to be the record of a child of ours.",
        ),
        THIN: ("We had too small a part to grade it.",),
    },
}  # fmt: skip

POINTS: dict[str, dict[str, tuple[str, ...]]] = {
    "recognition": {
        "good": ("Earlier record read before the decision.", "Referred by telephone the same day, then in writing."),
        "develop": ("Contacts laid side by side from the second one on.", "Ask about every child in the home."),
        "recommend": ("A chronology of contacts on the first screen of the record.",),
    },
    "assessment": {
        "good": ("Father traced and met.", "Grandparents’ view asked for."),
        "develop": ("Say what the facts mean for the child.", "Full name and date of birth of every adult in the home."),
        "recommend": ("A short guide to assessing fathers and partners, used in supervision.",),
    },
    "planning": {
        "good": ("Next-day visit when one was missed.", "Plan looked at monthly in supervision."),
        "develop": ("Dates and names in every plan.", "“Was not brought” in place of “did not attend”."),
        "recommend": ("No closure after missed visits without a telephone call to the referrer.",),
    },
    "joint-working": {
        "good": ("All services in the room within a day.", "Minutes within three days."),
        "develop": ("Invite the school and the practice as a matter of course.", "Use the resolution policy early."),
        "recommend": ("Send the agreed actions by secure mail before the meeting ends.",),
    },
    "voice": {
        "good": ("The child’s own words on the record.", "Child seen at school by somebody trusted."),
        "develop": ("See each child alone.", "Describe babies: what they do is what they say."),
        "recommend": ("Team sessions on observing children under two.",),
    },
    "impact": {
        "good": ("Change shown in figures as well as words.",),
        "develop": ("Ask at closure what is different for the child.",),
        "recommend": ("An outcome line, about the child, in every closing summary.",),
    },
    "overall": {
        "good": ("Persistence and kindness of the workers.",),
        "develop": ("Record as if the child will read it.",),
        "recommend": ("Share this case, without names, in a team learning hour.",),
    },
}  # fmt: skip

# What each service was there to do.
WORK: dict[str, tuple[str, ...]] = {
    "care": (
        "Contact, single assessment and then a child in need plan, with a change of worker in the middle.",
        "Strategy discussion, enquiry and an initial conference; the plan ran to the end of the period.",
    ),
    "police": (
        "Attended call-outs at the home, notified partners, and took part in the strategy discussion.",
        "Investigated one offence; the suspect was bailed with conditions and later charged.",
    ),
    "nurses": (
        "Universal contacts, then extra visits once the worry was known.",
        "Health visiting from birth; school nursing for the older child.",
    ),
    "hospital": ("Two attendances in the emergency department, one of them overnight on the children’s ward.",
                 "One attendance and one outpatient appointment that was missed and booked again."),
    "surgery": ("The family is registered with us; we saw the mother more often than the child.",),
    "minds": ("Care of the mother by the community team throughout.", "Assessment of the child, then a waiting list."),
    "school": ("The child is in one of our classes; concerns were logged from the autumn.",),
    "lantern": ("Support of the mother by a domestic abuse adviser, safety planning and work with the children.",),
}  # fmt: skip

FIRST_SIGNS: tuple[str, ...] = (
    "A remark by the child to a teaching assistant, which was written down word for word and passed on at once.",
    "The mother said at a routine visit that things were “a bit much at the moment”. The worker asked what that meant.",
    "A call from a neighbour about shouting; it was taken seriously and checked against the record.",
    "A small bruise, seen at a clinic. The explanation was noted and not tested until two days later.",
    "Missed appointments: three in a row, each treated as a single one.",
    "An officer saw an empty cot and no food in the kitchen, and wrote it into the notification.",
)

DIFFERENCE: dict[str, tuple[str, ...]] = {
    GOOD: (
        "The child sleeps through, is collected on time and has stopped asking when the police will come.",
        "Weight and speech are on course, as the last two visits show; the home is calm when we call unannounced.",
    ),
    MIXED: (
        "The home is safer. The child is still waiting for speech and language therapy, as before.",
        "Attendance is better; the worry about nights at home has not been looked at again.",
    ),
    POOR: ("We cannot point to anything that is different for the child because of us.",),
}

ALREADY_DONE: tuple[str, ...] = (
    "The team now reads the last twelve months before every decision; a line in the record shows that it was done.",
    "We have spoken with the worker and the manager, and the case was used in a team meeting.",
    "“Did not attend” has been taken out of our children’s clinic letters.",
)

NOTES: dict[str, str] = {
    "partly": "Partly: for one child in the home and not for the others.",
    "no": "There is no sign of it in the record.",
}
