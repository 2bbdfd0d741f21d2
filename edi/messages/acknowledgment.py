"""What the other side answers to what we sent: TA1, 999 (997), 824, 277CA. Codes and control numbers only."""

from x12_payer.edi.frozen import frozen


@frozen
class SetResult:
    """What became of one set that we sent."""

    set_id: str  # AK201, OTI10: 835
    number: str  # AK202, OTI09: ST02
    result: str = ""  # IK501, AK501, OTI01
    codes: tuple[str, ...] = ()  # IK502-506, AK502-506


@frozen
class Acknowledgment:
    """One TA1, one 999 or 997, one 277CA, or what an 824 says of one set or group. What it does not name is
    ''."""

    kind: str  # TA1 999 997 824 277CA
    result: str = ""  # TA104, AK901, OTI01, STC03; of several STC03 each once, parted by blanks
    codes: tuple[str, ...] = ()  # TA105, AK905-909
    interchange: str = ""  # TA101: ISA13
    created: str = ""  # TA102 and TA103: ISA09 and ISA10
    functional_id: str = ""  # AK101: GS01
    group: str = ""  # AK102, OTI08: GS06
    version: str = ""  # AK103: GS08
    reference: str = ""  # TRN02 of a 277CA, OTI03: a BHT03 or TRN02
    counts: tuple[str, ...] = ()  # AK902-904: sets stated, received, accepted
    sets: tuple[SetResult, ...] = ()
    statuses: tuple[tuple[str, int], ...] = ()  # STC01, TED01 or RED06, and how often

    @property
    def refers_to(self) -> str:
        """What it names, as it is in the TA1, AK1, OTI or TRN."""
        named = {
            "TA1": (self.interchange, *self.created.split("/")),
            "277CA": (self.reference,),
            "824": (self.reference, self.group, *(part for s in self.sets for part in (s.number, s.set_id))),
        }
        return "*".join(named.get(self.kind, (self.functional_id, self.group, self.version))).rstrip("*")
