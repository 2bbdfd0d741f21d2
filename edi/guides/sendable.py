"""Whether a value can be sent: its length fits the data element, its characters occur in an interchange,
and, where senders have to quote it in their own files, it is free of the separators those are written
with.

A name or an address may hold a separator: our writer then takes others, and a name is compared without
its punctuation. A number that is quoted (member id, authorization) has to be exactly the same text."""

from x12_payer.edi.guides.xml import data_elements

SEPARATORS = "*:^~|"  # what files are usually written with (CONTRACT section 2); 5010 has | in older ones


def text_fault(value: str, element: str) -> str:
    """'' or why the value cannot be sent in this data element, in words that follow its name."""
    limits = data_elements()[element]
    least = 1 if limits.kind == "AN" and limits.least == limits.most else limits.least  # ISA pads
    if len(value) > limits.most:
        return f"has {len(value)} characters; {limits.most} is the most that can be sent"
    if len(value) < least:
        return f"has {len(value)} characters; {least} is the least that can be sent"
    return character_fault(value)


def id_fault(value: str, element: str) -> str:
    """As `text_fault`, of a number that others quote."""
    held = [char for char in SEPARATORS if char in value]
    return text_fault(value, element) or (
        f"holds {' and '.join(held)}, a usual separator: no file could quote it" if held else ""
    )


def character_fault(value: str) -> str:
    """Only letters, digits and signs that X12 has: its basic and extended set and the letters of the
    languages it selects, all of them in Latin-1."""
    for char in value:
        if not char.isprintable() or not (char.isascii() or (ord(char) < 256 and char.isalpha())):
            return f"has a character that no interchange can carry (U+{ord(char):04X})"
    return ""
