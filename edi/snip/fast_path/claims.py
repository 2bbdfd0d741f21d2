"""The fast path over one 837 set in which types 1 and 2 found nothing, claim by claim from the texts of its
segments.

A claim whose fingerprint was learned (fast_path/fingerprint.py explains the idea) is valid when its sum
agrees, its numbers are its own and its patient was born before it. The rules look at every other claim, and
at every HL about which something may have to be reported."""

from collections.abc import Hashable, Mapping
from itertools import chain, count, repeat
from operator import itemgetter

from attrs import define, field

from x12_payer.edi.snip.fast_path.fingerprint import (
    HEAD,
    NO_CODES,
    ORDINARY,
    UNSURE,
    Fingerprints,
    Layout,
    Timing,
    layout_of,
)
from x12_payer.edi.snip.fast_path.settled import kept_texts, levels_are_settled, unsettled
from x12_payer.edi.snip.rules.claims import ClaimRules, PersonView, claim_rules, person_view
from x12_payer.edi.snip.rules.collector import LoopBlock, declared
from x12_payer.edi.snip.rules.tools import Tools

KEPT = 20_000  # fingerprints, layouts
KEPT_TERMS = 4  # guides with delimiters of which a run keeps what it learned
_BEGIN = itemgetter(slice(3))  # the characters of a text that hold its segment id
_CLM = 4  # its parts: the id, CLM01, CLM02, and what follows
_NAMED = frozenset(("IL", "QC"))
BILLING_LEVEL = "20"  # HL03

Fingerprint = tuple[Hashable, ...]


@define(eq=False)
class Learned:
    """What was learned from earlier claims: `valid` are fingerprints of which the rules reported nothing,
    `layouts` belong to segment ids one after the other. `kept` are elements that a rule reads and nothing has
    settled (settled.py): none, unless a rule is new. `levels`: may levels be passed over?"""

    fingerprints: Fingerprints
    kept: Mapping[str, tuple[int, ...]]
    levels: bool
    valid: set[Fingerprint] = field(factory=set, repr=False)
    layouts: dict[str, Layout | None] = field(factory=dict, repr=False)

    def layout(self, tags: str, block: list[str]) -> Layout | None:
        """The layout of a block; `tags` are the first three characters of each of its texts."""
        if tags not in self.layouts:
            separator = self.fingerprints.delimiters.element
            ids = [text.split(separator, 1)[0] for text in block]
            if len(self.layouts) >= KEPT:
                self.layouts.clear()
            self.layouts[tags] = layout_of(ids, self.fingerprints.plan, separator)
        return self.layouts[tags]

    def learn(self, fingerprint: Fingerprint) -> None:
        """The rules reported nothing of a claim with this fingerprint."""
        if len(self.valid) >= KEPT:
            self.valid.clear()
        self.valid.add(fingerprint)


@define(eq=False)
class Level:
    """One 2000B or 2000C: the texts of its segments, what the fingerprint of its claims takes from it ('': it
    is not known), and the person for the rules once they have asked."""

    block: list[str]
    ordinal: int
    code: str  # HL03
    fingerprint: str
    known_by: str
    born: str
    claims: int = 0
    patients: int = 0
    person: PersonView | None = None


@define(eq=False)
class FastClaims:
    """The pass over one set. `ordinal` is that of the next segment; `held` are texts of a block that may go
    on."""

    rules: ClaimRules
    learned: Learned
    separator: str
    ordinal: int = 1
    held: list[str] = field(factory=list)
    subscriber: Level | None = None
    patient: Level | None = None

    def take(self, texts: list[str]) -> None:
        """The next segments of the set."""
        if self.held:
            texts = self.held + texts
        begins = [*map(_BEGIN, texts)]
        cuts, begin = frozenset(("CLM", f"HL{self.separator}", f"SE{self.separator}")), 0
        for at in [n for n, tag in enumerate(begins) if tag in cuts]:
            if at > begin:
                self._block(begins[begin], texts[begin:at], "\n".join(begins[begin:at]))
            begin = at
        self.held = texts[begin:]

    def end(self) -> None:
        """The set is at its end."""
        if self.held:
            self._by_rules(self.held)

    def _block(self, begin: str, block: list[str], tags: str) -> None:
        layouts = self.learned.layouts
        layout = layouts[tags] if tags in layouts else self.learned.layout(tags, block)
        if begin == "CLM":
            if layout is None or not self._claim(block, tags, layout):
                self._by_rules(block)
        elif begin[:2] == "HL":
            self._level(block, tags, layout)
        else:
            self._by_rules(block)
        self.ordinal += len(block)

    def _by_rules(self, block: list[str]) -> None:
        """Let the rules have a block, with the levels above it."""
        rules, subscriber = self.rules, self.subscriber
        rules.subscriber = self._person(subscriber)
        rules.patient = self._person(self.patient)
        rules.take(self._split(block, self.ordinal))
        if subscriber is not None and subscriber.person is not None:
            subscriber.claims, subscriber.patients = subscriber.person.claims, subscriber.person.patients

    def _split(self, block: list[str], ordinal: int) -> LoopBlock:
        return list(zip(repeat(""), [text.split(self.separator) for text in block], count(ordinal)))

    def _person(self, level: Level | None) -> PersonView | None:
        """A level as the rules know it."""
        if level is None:
            return None
        if level.person is None:
            level.person = person_view(self._split(level.block, level.ordinal))
        level.person.claims, level.person.patients = level.claims, level.patients
        return level.person

    # --- levels

    def _level(self, block: list[str], tags: str, layout: Layout | None) -> None:
        elements = block[0].split(self.separator)
        code = elements[3] if len(elements) > 3 else ""
        known = self._known(block, tags, layout) if layout is not None and self.learned.levels else None
        if code == BILLING_LEVEL and not self.learned.fingerprints.billing("\n".join(block[1:])):
            known = None
        if known is None:
            self._by_rules(block)
        else:
            self.rules.collector.unit = ("", "")
            self.rules.tree.enter([("", elements, self.ordinal)])
        if code == "23":
            if known is not None and self.subscriber is not None:
                self.subscriber.patients += 1
        else:
            self._end_subscriber(reported=known is None)
        if code in ("22", "23"):
            level = Level(block, self.ordinal, code, *(known or ("", "", "")))
            if code == "22":
                self.subscriber = level
            else:
                self.patient = level

    def _end_subscriber(self, reported: bool) -> None:
        level = self.subscriber
        self.subscriber = self.patient = None
        if level is not None and not level.claims and not reported:
            self.rules.subscriber = self._person(level)
            self.rules.end_subscriber()

    def _known(self, block: list[str], tags: str, layout: Layout) -> tuple[str, str, str] | None:
        """What a claim's fingerprint takes from a level, the last element of the person's name, and the day
        of birth; None when the rules have to look at it."""
        fingerprints, known_by, born = self.learned.fingerprints, "", ""
        names = layout.names(block)
        parts = fingerprints.names(names)
        for name, part in zip(names, parts, strict=False):
            if part[4:6] in _NAMED:
                known_by = name.rpartition(self.separator)[2]
        parts += fingerprints.references(layout.references(block))
        parts += map(fingerprints.part, layout.seen(block))
        parts += map(fingerprints.part, layout.unseen(block))
        if layout.born:
            born = (*block[layout.born].split(self.separator, 3), "", "")[2]
        if "" in parts or layout.own_days or born > fingerprints.today:
            return None
        parts.append(tags)
        if self.learned.kept:
            parts += kept_texts(block, self.learned.kept, self.separator)
        return "~".join(parts), known_by, born

    # --- a claim

    def _claim(self, block: list[str], tags: str, layout: Layout) -> bool:
        """Take a claim of which there is nothing to report, or of which this was to be found out; False, and
        nothing done, for any other."""
        subscriber, patient = self.subscriber, self.patient
        rules, fingerprints = self.rules, self.learned.fingerprints
        clm = block[0].split(self.separator, 3)
        if subscriber is None or len(clm) < _CLM or clm[1] in rules.recent or clm[1] in rules.older:
            return False
        _, number, charge, rest = clm
        timing = fingerprints.timing(layout.own_days, layout.days(block))
        references = layout.references(block)
        services = [*map(fingerprints.service, layout.services(block))] or [UNSURE]
        kinds, charges, pointers = zip(*services, strict=True)
        if (
            timing is None
            or not (patient or subscriber).born <= timing.first != ""
            or timing.last < fingerprints.since
            or layout.numbers(block) != layout.counted
            or len(set(references)) < len(references)
            or layout.repeats(block)
            or not 0 < fingerprints.cents(charge) == sum(charges)
        ):
            return False
        frequency = fingerprints.frequency(rest)
        who = (subscriber.fingerprint, patient.fingerprint if patient is not None else not subscriber.claims)
        shown = self._shown(block, layout, kinds, max(pointers), timing)
        if shown is None:
            return False
        fingerprint = (tags if shown[0] else "", rest, frequency, *who, *shown)
        if self.learned.kept:
            fingerprint += (*kept_texts(block, self.learned.kept, self.separator),)
        if fingerprint not in self.learned.valid:
            return "" not in who and bool(frequency) and self._learn(block, fingerprint)
        if patient is None:
            subscriber.claims += 1
        patient_known_by = patient.known_by if patient is not None else ""
        rules.remember(number, (frequency, charge, timing.first, subscriber.known_by, patient_known_by))
        return True

    def _shown(
        self, block: list[str], layout: Layout, kinds: Fingerprint, highest: int, timing: Timing
    ) -> Fingerprint | None:
        """What a claim shows of itself after its CLM: whether in full, and its parts; None when a code in it
        may be wrong, or a line points at a diagnosis (`highest` is the last) that is not there."""
        fingerprints = self.learned.fingerprints
        codes = [*map(fingerprints.diagnoses, layout.codes(block))] or [NO_CODES]
        full, short, counts, listed = zip(*codes, strict=True)
        names = layout.names(block)
        seen = [
            *fingerprints.names(names),
            *fingerprints.references(layout.references(block)),
            *map(fingerprints.part, layout.unseen(block)),
        ]
        others = [*map(fingerprints.part, layout.seen(block))]
        if "" in full or "" in seen or "" in others or "" in kinds or highest > sum(counts):
            return None
        if len(codes) > 1 and len({*chain(*listed)}) < sum(map(len, listed)):
            return None
        if kinds.count(ORDINARY) < len(kinds) or not fingerprints.beside.isdisjoint(map(HEAD, names)):
            return (True, timing.order, *kinds, *full, *others, *seen)
        replaced = fingerprints.replaced in seen
        if not others:
            return (False, timing.short, replaced, *short)
        own = layout.own_seen
        return (False, timing.short, replaced, *short, *others[:own], frozenset(others[own:]))

    def _learn(self, block: list[str], fingerprint: Fingerprint) -> bool:
        before = self.rules.collector.raised
        self._by_rules(block)
        if self.rules.collector.raised == before:
            self.learned.learn(fingerprint)
        return True


Memory = dict[Hashable, Learned]


def fast_claims(tools: Tools, memory: Memory) -> FastClaims:
    """The pass over one 837 set in which types 1 and 2 found nothing. `memory` is what the run has learned so
    far, by guide, day, delimiters and code lists; the caller owns it, and it ends with the run."""
    terms = (tools.guide, tools.today, tools.delimiters, tools.codes)
    if (learned := memory.get(terms)) is None:
        while len(memory) >= KEPT_TERMS:
            del memory[next(iter(memory))]
        fingerprints = Fingerprints(tools.guide, tools.today, tools.delimiters, tools.plan)
        kept, levels = unsettled(declared()), levels_are_settled(declared())
        learned = memory[terms] = Learned(fingerprints, kept, levels)
    return FastClaims(claim_rules(tools, tools.collector), learned, tools.delimiters.element)
