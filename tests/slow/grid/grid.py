"""The same service asked of the 270, the 278 and the 837 engine, and the three answers in one form.

A cell is what a caller knows of a service: plan, place or bill type, revenue code, code, age, diagnosis,
network, quantity, emergency. grid_askers.py writes a message of each kind from it.
`disagreements` compares; what CONTRACT rules to differ is in RULED.

By hand, on many more cells than the tests take:

    make grid CELLS=20000 SEED=1
"""

import argparse
from collections import Counter
from collections.abc import Callable, Iterator

from attrs import evolve, frozen

from tests.slow.grid.grid_askers import Stated, ask_270, ask_278, ask_837, is_inquired
from tests.slow.grid.grid_cells import Cell, cells, role_of

# -- compared ----------------------------------------------------------------------------------------------


@frozen
class Answers:
    """The three answers about one cell."""

    cell: Cell
    inquiry: Stated | None
    review: Stated
    claim: Stated | None  # nothing on file; None: no claim is written of a type alone
    approved: Stated | None  # with what the review ended in

    @property
    def words(self) -> str:
        """For people."""
        parts = (self.inquiry, self.review, self.claim, self.approved)
        return " | ".join(p.words if p else "-" for p in parts)


def answers(cell: Cell) -> Answers:
    """All askers asked."""
    review, approvals = ask_278(cell)
    inquiry = ask_270(cell) if is_inquired(cell) else None
    if not cell.code and not cell.revenue:
        return Answers(cell, inquiry, review, None, None)
    billed = cell  # of an approval that was cut (A6) what it gives
    if approvals and review.words == "A6":
        billed = evolve(cell, quantity=int(approvals[0].units))
    approved = ask_837(billed, *approvals) if approvals else None
    return Answers(cell, inquiry, review, ask_837(cell), approved)


def disagreements(got: Answers) -> Iterator[str]:
    """What does not fit together, in words."""
    inquiry, review, claim = got.inquiry, got.review, got.claim
    if claim is None:
        if inquiry is not None:
            yield from _by_type_alone(inquiry, review)
        return
    if review.covered != claim.covered:
        yield "covered: 278 and claim"
    if inquiry is not None and inquiry.covered != claim.covered:
        yield "covered: 271 and claim"
    if not (review.covered and claim.covered):
        return
    needed = "yes" if review.needed == "notice" else review.needed
    if needed and needed != claim.needed:
        yield "needed: 278 and claim"
    if inquiry is not None and inquiry.covered and inquiry.needed and inquiry.needed != review.needed:
        yield "needed: 271 and 278"
    paying = claim if claim.needed == "no" else got.approved
    if paying is None or paying.needed != "no":
        yield "the approved request does not pay"
    elif inquiry is not None and inquiry.covered and inquiry.share not in (None, paying.share):
        yield f"share: 271 {inquiry.share} and claim {paying.share}"


def _by_type_alone(inquiry: Stated, review: Stated) -> Iterator[str]:
    if inquiry.covered != review.covered:
        yield "covered: 271 and 278"
    elif inquiry.covered and inquiry.needed and inquiry.needed != review.needed:
        yield "needed: 271 and 278"


@frozen
class Ruling:
    """A difference that the contract wants: where, which disagreements, and the row that says so."""

    contract: str
    where: Callable[[Answers], bool]
    differs: tuple[str, ...]


def _reviews_exceptions(got: Answers) -> bool:
    """Outside the network of a plan that reviews exceptions: the request is put to a reviewer."""
    cell = got.cell
    own_alone = cell.plan in ("BAY-HMO", "BAY-HMO-CHIRO12", "BAY-EPO", "MEDICARE-HMO")
    asked = got.review.words in ("A4 0V", "CT 0J")
    denied = got.claim is None or "PR242" in got.claim.words
    return own_alone and not cell.inside and asked and denied


def _therapist_without_contract(got: Answers) -> bool:
    """An emergency is covered anywhere; therapy is none whatever is said beside it."""
    cell = got.cell
    therapy = "therapy_group" in (cell.provider, role_of(cell.code))
    return therapy and not cell.inside and got.review.words == "A3 09"


def _more_visits_than_the_threshold(got: Answers) -> bool:
    """A request may be for many visits; the claim is of one date, and the 271 speaks of the next visit."""
    return got.cell.code.startswith("9894") and got.cell.quantity > 12


_COVERED = ("covered: 278 and claim", "covered: 271 and 278")
_NEEDED = ("needed: 278 and claim", "needed: 271 and 278")
RULED = (
    Ruling("5: out of network pends 0V, a vendor is asked first (GEN-30)", _reviews_exceptions, _COVERED),
    Ruling("5: a therapist not contracted is A3 09 (PTO-20)", _therapist_without_contract, _COVERED),
    Ruling("5: twelve visits need none (CHI-01)", _more_visits_than_the_threshold, _NEEDED),
)


def unruled(got: Answers) -> tuple[str, ...]:
    """The disagreements that no ruling wants."""
    wanted = {d for r in RULED if r.where(got) for d in r.differs}
    return tuple(d for d in disagreements(got) if d.split(" (")[0] not in wanted)


def main() -> None:
    """Compare many cells and print what does not agree."""
    arguments = argparse.ArgumentParser(description="Ask 270, 278 and 837 the same, and compare.")
    arguments.add_argument("--cells", type=int, default=20_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--show", type=int, default=40)
    asked = arguments.parse_args()
    found: Counter[str] = Counter()
    shown = 0
    for cell in cells(asked.cells, asked.seed):
        got = answers(cell)
        for said in unruled(got):
            found[said.split(":")[0]] += 1
            if shown < asked.show:
                shown += 1
                print(said, "|", got.words, "|", cell)
    print(f"{asked.cells} cells, seed {asked.seed}: {sum(found.values())} disagreements {dict(found)}")


if __name__ == "__main__":
    main()
