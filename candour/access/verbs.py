"""What can be done in Candour: every verb that a page or an action may need."""

from enum import StrEnum


class Can(StrEnum):
    """Every verb that Candour knows."""

    KEEP_ACCOUNT = "keep one's own account"
    SEE_WORK = "see one's own work"
    SEE_EXECUTIVE = "see the executive's page"
    SEE_TRAIL = "read the trail"

    SEE_PEOPLE = "see people and agencies"
    MANAGE_PEOPLE = "invite people and give or withdraw roles"
    MANAGE_OWN_PEOPLE = "invite auditors and authorisers of one's own agency"
    SEE_MESSAGES = "see messages and send them again"

    SEE_TOOL = "see audit tools"
    COPY_TOOL = "copy an audit tool"
    WRITE_TOOL = "write the partnership's own audit tools"
    SEE_AUDIT = "see an audit"
    START_AUDIT = "start an audit"
    EDIT_AUDIT = "plan an audit"
    BEGIN_AUDIT = "decide an audit"
    CLOSE_AUDIT = "close an audit"

    SEE_LIST = "see a case list"
    READ_LIST = "give a case list"
    FIX_LIST = "fix a case list"
    CONFIRM_LIST = "confirm a fixed list"
    THROW_DICE = "throw dice as a named witness"
    DRAW = "draw the cases"
    VOID_DRAW = "void a draw"
    SEE_DRAW = "see how cases were drawn"
    TAKE_RECEIPT = "take the receipt of a draw"
    CHOOSE_CASE = "choose a case for a reason"
    KEEP_AREAS = "keep the service areas"
    TRACE_REF = "trace a drawn case to its row"
    REPLACE_CASE = "replace a case"
    SEE_CASE = "see a case"

    SEE_SUBJECT = "see masked identities"
    EDIT_IDENTITY = "enter identities"
    OPEN_LIST = "open the list of identities"
    REVEAL_CASE = "reveal one case for scrutiny"
    SET_BOUNDS = "set what each kind of service sees"
    ERASE_IDENTITY = "erase identities"

    SCREEN_CASE = "screen a case"
    SEE_GRID = "see who knows the children"
    ASK_SERVICE = "ask services"
    ANSWER_ASK = "answer for a service"
    NAME_AUDITOR = "name auditor and authoriser"
    SEE_ANSWER = "see a service's answer"
    OPEN_CASE = "open the identities of a case one completes or checks"

    SEE_RETURNS = "see how far returns are"
    SEE_RETURN = "read a return"
    TAKE_COPY = "take one's own service's copy of a return"
    CELEBRATE = "mark good practice of one's own service to celebrate"
    SEE_PRACTICE = "see what one's own service's returns say over the audits"
    WRITE_RETURN = "write a return"
    CHECK_RETURN = "check a return"
    VOID_RETURN = "void or reopen a return"
    RELEASE_PACK = "release the pack"
    READ_PACK = "read a released pack"

    SEE_BOARD = "see the discussion board"
    LEAD_DISCUSSION = "lead the discussion"
    ARRANGE_DISCUSSION = "arrange the discussion"

    SEE_LEARNING = "see what was learnt"
    WRITE_LEARNING = "write what was learnt"
    CLEAR_BRIEFING = "clear a briefing"
    PUBLISH_BRIEFING = "publish a briefing"

    SEE_ACTIONS = "see actions"
    EDIT_ACTION = "set actions"
    REPORT_ACTION = "report on an action"
    JUDGE_LEARNING = "judge whether learning is in practice"

    SEE_FAMILY = "see whether a family is told"
    DECIDE_FAMILY = "decide whether a family is told"
    WRITE_VIEW = "write down what a family or a practitioner says"
    KEEP_VIEW = "note a leave to quote, what somebody was told, or that a view is taken back"

    KEEP_RETENTION = "set how long records are kept"

    RAISE_CONCERN = "raise a concern"
    SEE_CONCERN = "see that there is a concern"
    READ_CONCERN = "read a concern"
    OWN_CONCERN = "take up and close a concern"
    KEEP_CONCERN_RULE = "set whom to phone and who takes up concerns"
