"""What the rules of types 3 to 6 are given along with the segments."""

from x12_payer.edi.codes.lists import CodeLists
from x12_payer.edi.frozen import frozen
from x12_payer.edi.snip.rules.codes import Plan, check_codes
from x12_payer.edi.snip.rules.collector import Collector, LoopBlock
from x12_payer.edi.wire.segments import Delimiters


@frozen(eq=False)
class Tools:
    """The guide's name (837P.X222A1), the day the check is made (CCYYMMDD), the outside code sets, and which
    of them the guide asks for where."""

    guide: str
    today: str
    delimiters: Delimiters
    codes: CodeLists
    plan: Plan
    collector: Collector

    def check_codes(self, block: LoopBlock, day: str) -> None:
        """Report the codes of a block that do not hold on a day."""
        check_codes(self.plan, block, day, self.delimiters, self.collector)
