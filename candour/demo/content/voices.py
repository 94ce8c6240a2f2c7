"""How each service speaks of its own work: section by section, once when it went well and once when it went so-so."""

Told = dict[str, tuple[str, str]]

VOICES: dict[str, Told] = {
    "care": {
        "recognition": (
            "The duty worker read the last year before ringing back, and rang back within the hour.",
            "Decided within the day, from the referral alone; what the school had sent in the spring was not opened.",
        ),
        "assessment": (
            "Done in thirty days, with the child’s own account in the middle of it and not at the end.",
            "Thorough on housing and money. What it all adds up to for the child is left to the reader.",
        ),
        "planning": (
            "Core groups kept their dates and each moved something on.",
            "The plan passed through three hands and was rewritten, not carried on.",
        ),
        "joint-working": (
            "Strategy discussion the same day, with health and school on the line.",
            "Police and ourselves decided by telephone; the others were told.",
        ),
        "voice": (
            "Visited alone, at a time and place that suited the child, and asked what should be written down.",
            "Seen at every visit and spoken with at two of them.",
        ),
        "impact": (
            "Off the plan after nine months because things had changed, and they still have.",
            "The plan ended on time. The reasons for ending it are about the parents.",
        ),
        "overall": (
            "A steady social worker, a clear plan, an ending that the family understood.",
            "Good people, changing too often.",
        ),
    },
    "police": {
        "recognition": (
            "Officers asked to see each child, woke them where needed, and wrote down what they saw and heard.",
            "The incident is well recorded; the child in the next room appears in one line.",
        ),
        "assessment": (
            "Risk assessed at the scene and again by a specialist the next morning.",
            "Graded on the day’s events. The two earlier call-outs were on another system.",
        ),
        "planning": (
            "Arrest plan, bail conditions and a marker on the address, all within the day.",
            "Bail was extended twice without anybody being told.",
        ),
        "joint-working": (
            "The same officer came to each meeting and rang the school before eight in the morning.",
            "We sent a report where an officer was needed.",
        ),
        "voice": (
            "The child was spoken with apart, on camera, by somebody trained for it.",
            "“Asleep upstairs” is written at each visit. Nobody went up.",
        ),
        "impact": (
            "Charged, convicted, and an order that has been kept.",
            "No further offence reported; no further visit made either.",
        ),
        "overall": (
            "Prompt, careful of the children, and honest with partners about what we could not do.",
            "A good response on the night, a thin one afterwards.",
        ),
    },
    "nurses": {
        "recognition": (
            "The health visitor noticed the change at the one-year review and went back within the week.",
            "The weight had crossed two lines before anybody plotted it.",
        ),
        "assessment": (
            "Feeding, sleep, play and the mother’s mood, each at every contact, with what they mean together.",
            "A full checklist. One has to know the family to see what is wrong in it.",
        ),
        "planning": (
            "Fortnightly visits for as long as they were needed and not a week longer.",
            "Moved to the universal offer because the boxes were ticked.",
        ),
        "joint-working": (
            "Met the social worker at the home, so that the mother told it once.",
            "Our letter to the practice went; nobody asked whether it had arrived.",
        ),
        "voice": (
            "Watched at play for twenty minutes and described so that one can see it.",
            "The baby “content” at nine visits in the same word.",
        ),
        "impact": (
            "Back on the line, speaking in sentences, and at nursery four mornings a week.",
            "Growing well. The hearing test is still outstanding.",
        ),
        "overall": (
            "Close to the family and plain with them.",
            "Warm, regular, and slow to say that it was not enough.",
        ),
    },
    "hospital": {
        "recognition": (
            "The triage nurse read the flag, looked at the earlier attendances and asked the paediatrician to come.",
            "The injury was treated as an injury. The question how it came about was put once.",
        ),
        "assessment": (
            "Examined from head to foot, with a body map, and the history taken from each parent apart.",
            "A careful examination; the social history is two words long.",
        ),
        "planning": (
            "Stayed overnight until the discharge meeting had been held.",
            "Follow-up was booked, missed, and booked again by letter.",
        ),
        "joint-working": (
            "The named nurse rang social care from the ward and stayed for the strategy discussion.",
            "We were told to expect a call. It came after the family had gone home.",
        ),
        "voice": (
            "A play specialist sat with the child during the examination and wrote down what was said.",
            "Spoken with in front of both parents.",
        ),
        "impact": (
            "Healed, followed up, and the home was safe to go back to.",
            "Well when last seen by us, which was at discharge.",
        ),
        "overall": (
            "The department did what its own guidance says, at two in the morning.",
            "Good medicine; the safeguarding half of it hung on one person being on shift.",
        ),
    },
    "surgery": {
        "recognition": (
            "The practice nurse linked the mother’s visits with the child’s and brought it to the Thursday meeting.",
            "Each appointment was for something else, with somebody else.",
        ),
        "assessment": (
            "The record shows the family as a family, with alerts on each of them.",
            "Read code there, story missing.",
        ),
        "planning": (
            "A longer appointment every month with the same doctor.",
            "A note to “review if concerned”.",
        ),
        "joint-working": (
            "A report to conference in time, and the minutes read at the practice meeting.",
            "The invitation came the day before; we sent our apologies.",
        ),
        "voice": (
            "The doctor asked the mother to wait outside for five minutes, kindly, and was told something.",
            "The child is a patient of ours and is present in the record as a date.",
        ),
        "impact": (
            "Immunised, registered, known by name at the desk.",
            "No difference that our record would show.",
        ),
        "overall": (
            "A small practice that remembers people.",
            "We hold much of the story and told little of it.",
        ),
    },
    "minds": {
        "recognition": (
            "At the first appointment we asked who is at home, and wrote down each child by name.",
            "The parent’s illness was understood early, the parent’s parenting late.",
        ),
        "assessment": (
            "What happens for the child on a bad day is in the care plan, agreed with the parent.",
            "The children are listed under “social circumstances”.",
        ),
        "planning": (
            "A plan for relapse that says who collects the child from school.",
            "Discharged after two missed appointments, with a letter.",
        ),
        "joint-working": (
            "The care coordinator came to the core groups and gave straight answers.",
            "We were invited as the mother’s service and spoke as that only.",
        ),
        "voice": (
            "Offered a session of the child’s own, and it was taken up.",
            "Views of the child as told by the parent.",
        ),
        "impact": (
            "Well since the spring, on treatment, and the child has stopped staying at home to watch.",
            "Symptoms better; home life not asked about again.",
        ),
        "overall": (
            "We thought of the family and it helped the patient too.",
            "Sound treatment of one person in a house of four.",
        ),
    },
    "school": {
        "recognition": (
            "Logged the same day, in the child’s words, and with the designated lead before home time.",
            "Four entries by four members of staff. Nobody had read the other three.",
        ),
        "assessment": (
            "Attendance, friendships, lunchbox, learning: one page that says what a week is like.",
            "We know the child well and have written little of it down.",
        ),
        "planning": (
            "A key adult, a breakfast place and a signal for “not today”, all of which were kept to.",
            "Support was put in place and stopped at the end of term, because term had ended.",
        ),
        "joint-working": (
            "At each meeting with a report, and on the telephone in between.",
            "We heard of the plan from the family. When we asked, we were sent it.",
        ),
        "voice": (
            "Chose who would be told and what should be said first.",
            "Asked in the corridor, between lessons.",
        ),
        "impact": (
            "From seven days in ten to nearly every day, with a friend to sit beside.",
            "In school more; tired still.",
        ),
        "overall": (
            "Every adult in the building knew their part.",
            "Kind, observant, and too patient with silence from others.",
        ),
    },
    "lantern": {
        "recognition": (
            "The adviser asked about each child at the first call, and what they do when it starts.",
            "The mother’s safety took the whole of the first three calls.",
        ),
        "assessment": (
            "Risk looked at again at every turn: when he left, at court, at half-term.",
            "A high score, written down, without the story that would make it understood.",
        ),
        "planning": (
            "A safety plan that the child helped to draw, with the neighbour’s door on it.",
            "Plan for the mother in place within a day, for the children within a month.",
        ),
        "joint-working": (
            "Spoke up at the risk conference, with leave, in the mother’s words.",
            "Waited to be asked, and was asked late.",
        ),
        "voice": (
            "Six sessions of the child’s own; two drawings and one rule for grown-ups came of them.",
            "Heard about the child often. Met once.",
        ),
        "impact": (
            "Safe at home, sleeping, and back at football.",
            "The mother is stronger. We would like to have started with the children sooner.",
        ),
        "overall": (
            "Believed, stood beside, and did what we said we would.",
            "Good help for one of the three people in the house.",
        ),
    },
}
