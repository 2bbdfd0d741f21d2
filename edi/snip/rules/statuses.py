"""Types 4 and 5 on the STC of a 277 and 277CA: a status has what its list requires, and the action fits the
category. Which codes require what is in claim_status.csv and claim_status_category.csv."""

from collections.abc import Iterator

from x12_payer.edi.codes.lists import CodeLists
from x12_payer.edi.snip.rules.collector import Collector, LoopBlock, text
from x12_payer.edi.snip.rules.tools import Tools
from x12_payer.edi.wire.segments import LoopSegment

_COMPOSITES = (1, 10, 11)  # elements of an STC that hold a status
_ACTION = 3  # STC03 of a 277CA
_ENTITY = 3  # component
_ACTIONS = frozenset(("WQ", "U"))

Status = tuple[int, list[str]]  # the element, its components (category, code, entity, list)


def check_statuses(block: LoopBlock, tools: Tools, collector: Collector) -> None:
    """What the statuses of a block ask of one another; those of a claim or line go together."""
    together: list[LoopSegment] = []
    for item in block:
        if item[1][0] == "STC":
            together.append(item)
        elif together:
            _together(together, tools, collector)
            together = []
    if together:
        _together(together, tools, collector)


def _together(segments: list[LoopSegment], tools: Tools, collector: Collector) -> None:
    lists, separator = tools.codes.lists, tools.delimiters.component
    stated = [(item, list(_statuses(item, separator))) for item in segments]
    count = sum(len(statuses) for _, statuses in stated)
    for item, statuses in stated:
        for number, (_, code, entity, other_list) in statuses:
            if other_list:
                continue  # a code of the pharmacies
            if not entity and lists["claim_status"].note(code, "needs_entity"):
                collector.add("status-entity-missing", item, number, _ENTITY, "")
            if count == 1 and lists["claim_status"].note(code, "needs_other"):
                collector.add("status-detail-missing", item, number, 2, code)
        if contradicts(item[1], separator, tools.codes):
            collector.add("status-action", item, _ACTION)


def _statuses(item: LoopSegment, separator: str) -> Iterator[Status]:
    for number in _COMPOSITES:
        if composite := text(item[1], number):
            yield number, [*composite.split(separator), "", "", ""][:4]


def contradicts(stc: list[str], separator: str, codes: CodeLists) -> bool:
    """Does the action of an STC (STC03) say otherwise than the category of its first status?"""
    action, category = text(stc, _ACTION), text(stc, 1).split(separator, 1)[0]
    fitting = codes.lists["claim_status_category"].note(category, "action")
    return action in _ACTIONS and fitting not in ("", action)
