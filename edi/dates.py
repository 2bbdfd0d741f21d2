"""Dates and times in the forms that data element 1250 names."""

import re
from collections.abc import Callable

_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_TIME = re.compile(r"([01]\d|2[0-3])[0-5]\d([0-5]\d\d{0,2})?")


def is_day(text: str) -> bool:
    """CCYYMMDD or YYMMDD, a day of the calendar."""
    if not (text.isascii() and text.isdigit()) or len(text) not in (6, 8):
        return False
    month, day = int(text[-4:-2]), int(text[-2:])
    if not (1 <= month <= 12 and 1 <= day <= _DAYS[month - 1]):
        return False
    year = int(text[:-4])
    if len(text) == 8 and not 1 <= year <= 9999:
        return False
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return not (month == 2 and day == 29 and not leap)


def is_time(text: str) -> bool:
    """HHMM, HHMMSS, HHMMSSD or HHMMSSDD."""
    return _TIME.fullmatch(text) is not None and text.isascii()


def _day8(text: str) -> bool:
    return len(text) == 8 and is_day(text)


def _moment(text: str) -> bool:
    return _day8(text[:8]) and is_time(text[8:]) and len(text) == 12


def _second(text: str) -> bool:
    return _day8(text[:8]) and is_time(text[8:]) and len(text) == 14


def _range(one: Callable[[str], bool]) -> Callable[[str], bool]:
    def check(text: str) -> bool:
        begin, dash, end = text.partition("-")
        return bool(dash) and one(begin) and one(end)

    return check


_FORMS: dict[str, Callable[[str], bool]] = {
    "D8": _day8,
    "D6|D8": is_day,
    "D6": lambda text: len(text) == 6 and is_day(text),
    "DT": _moment,
    "RD8": _range(_day8),
    "RDT": _range(_moment),
    "RTS": _second,
    "TM": is_time,
    "RD6": _range(lambda text: len(text) == 6 and is_day(text)),
    "CM": lambda text: len(text) == 6 and _day8(text + "01"),
    "CY": lambda text: len(text) == 4 and text.isdigit(),
}


def is_period(form: str, text: str) -> bool:
    """Has `text` (data element 1251) the form (1250)? A form that is not known here is not judged."""
    check = _FORMS.get(form)
    return True if check is None or not text else check(text)
