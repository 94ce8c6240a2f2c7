"""Lists that are often sent by mistake, known by their headings and refused by name: what it is, and what is needed."""

from collections.abc import Sequence
from itertools import islice

from candour.sampling.readers.cells import key_of
from candour.sampling.readers.found import NotUsable
from candour.sampling.readers.headings import LOOKED_THROUGH
from candour.sampling.readers.opening import Table

_NEEDED = "What is needed is a list of children with one row each, or Annex A's child-level lists."
_SEND = (
    "ehcp", "ehcplan", "ehcneedsassessment", "ehcassessment", "ehcna", "educationhealthandcare", "educationhealthcare",
    "senprovision", "sentype", "senneed", "senstatus", "primarysen", "secondarysen", "sensupport", "sencode",
    "specialeducationalneed", "sen2",
)  # fmt: skip
_LISTS: tuple[tuple[str, set[str], int], ...] = (
    ("This is a school census.",
     {"pupilonrolltableid", "pupilnolongeronrolltableid", "schoolcensustableid", "nativeid", "ncyearactual", "enrolstatus",
      "termlysessionspossible", "termlysessionsauthorised", "fsmeligible", "fsmstartdate", "schoollunchtaken", "laestab",
      "annualsessionspossible", "sourceid", "boarder", "uniquelearnernumber", "ncyearleaving"}, 3),
    ("This is the SEN2 return, about special educational needs.",
     {"sen2tableid", "persontableid", "requeststableid", "assessmenttableid", "namedplantableid", "activeplanstableid",
      "placementdetailtableid"}, 2),
    ("This is a list of adopters, who are adults.",
     {"individualadopteridentifier", "adopteridentifier", "adopterid", "dateenquiryreceived", "datestage1started",
      "dateapplicationapproved"}, 2),
    ("This is a list of adopters, who are adults.", {"individualadopteridentifier"}, 1),
    ("This is a list of foster carers, who are adults.",
     {"fostercarerid", "fostercareridentifier", "individualfostercareridentifier", "fosteringhouseholdid",
      "fosteringhouseholdidentifier", "dateapproved", "approvaldate", "approvalcategory", "numberofapprovedplaces",
      "fosterhouseholdid", "typeofcare"}, 2),
    ("This is a list of staff (the social work workforce census).",
     {"swenumber", "swenum", "socialworkenglandnumber", "agencyworker", "agencystaff", "fte", "rolestartdate", "roleenddate",
      "qualinst", "stepupgrad", "contractedhours", "reasonleave"}, 2),
    ("This is a list of homes or schools, not of children.",
     {"providertype", "settingname", "registrationstatus", "establishmentname", "schoolname", "overalleffectiveness",
      "typeofestablishment", "phaseofeducation", "settingpostcode", "ofstedregion"}, 3),
)  # fmt: skip
_CHILDREN = {"dateofbirth", "dob", "childuniqueid", "childid"}


def refuse(tables: Sequence[Table]) -> None:
    """Refuse an upload that is one of the lists known to be wrong; where another table beside it is not, say nothing."""
    found = [sentence for table in tables if (sentence := _named(table)) is not None]
    if found and all(found):
        raise NotUsable(f"{found[0]} {_NEEDED}")


def _named(table: Table) -> str | None:
    """Give the sentence about a wrong list, an empty one for another table with headings, or nothing for no table."""
    best = None
    for _, row in islice(table.rows(), LOOKED_THROUGH):
        keys = {key_of(cell) for cell in row if isinstance(cell, str) and len(cell) < 200} - {""}
        if len(keys) < 2:
            continue
        if sum(1 for key in keys if any(word in key for word in _SEND)) >= 2:
            return "This is a list about special educational needs (a SEND Annex A)."
        for sentence, words, least in _LISTS:
            if len(keys & words) >= least and not (sentence.endswith("not of children.") and keys & _CHILDREN):
                return sentence
        best = ""
    return best
