"""What codes mean in plain words (maps/codes/explanations.csv), and which element uses which list."""

from collections.abc import Mapping
from functools import cache

from x12_payer.edi.tables import rows


@cache
def _texts() -> Mapping[tuple[str, str], str]:
    found = {(row["list"], row["code"]): row["text"] for row in rows("explanations")}
    found.update({("service_types", row["code"]): row["name"] for row in rows("service_types")})
    return found


@cache
def _lists() -> Mapping[tuple[str, str], tuple[str, ...]]:
    return {(row["element"], row["qualifier"]): (*row["list"].split(),) for row in rows("element_lists")}


def text_of(list_name: str, code: str) -> str:
    """The meaning of a code in a list, '' when we have no words for it."""
    return _texts().get((list_name, code), "")


def meaning(ref: str, data_element: str, code: str, qualifier: str = "") -> str:
    """The meaning of what is in an element, by its place (HCR03) or by its data element number; '' when
    the element holds no code or we have no words for it. `qualifier` is what is in the component behind;
    without one a code may be of either of two lists: both are said."""
    lists = _lists()
    places = ((ref, qualifier), (ref, ""), (data_element, ""))
    names = next((lists[place] for place in places if place in lists), ())
    return " or ".join(filter(None, (text_of(name, code) for name in names)))
