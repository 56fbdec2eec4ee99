"""The page of the plan: every provision with its clause, its sentence and its values."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction

from auditlib.language import Words
from auditlib.plan import Plan, Provision
from auditlib.plan.records import Record

SHOWN_APART = {"clause", "says", "readings", "name", "external"}


def provisions(record: Record, path: str = "") -> Iterator[tuple[str, Provision]]:
    """Yield every provision below a record, with its place in `params/plan.yaml`."""
    for key in type(record).model_fields:
        for place, item in _items(getattr(record, key), f"{path}{key}"):
            if isinstance(item, Provision):
                yield place, item
            if isinstance(item, Record):
                yield from provisions(item, f"{place}.")


def _items(value: object, place: str) -> Iterable[tuple[str, object]]:
    if isinstance(value, Mapping):
        return [(f"{place}.{key}", item) for key, item in value.items()]
    return [(place, value)]


def values(provision: Provision) -> str:
    """Return what a provision sets, as `key value`."""
    set_here = {
        key: _plain(getattr(provision, key))
        for key in type(provision).model_fields
        if key not in SHOWN_APART and key in provision.model_fields_set
    }
    return "；".join(f"{key} {text}" for key, text in set_here.items() if text)


def _plain(value: object) -> str:
    match value:
        case Words():
            return f"{value.zh} · {value.en}"
        case Fraction() | date() | int() | float() | str():
            return str(value)
        case Record():
            parts = {key: _plain(getattr(value, key)) for key in value.model_fields_set}
            return "，".join(f"{key} {text}" for key, text in sorted(parts.items()) if text)
        case Mapping():
            return "，".join(
                f"{key} {_plain(item)}" for key, item in value.items() if isinstance(item, Fraction)
            )
        case tuple() | list():
            return " ".join(_plain(item) for item in value)
        case _:
            return ""


def rows(plan: Plan) -> Iterator[tuple[str, str, str, str, str, str]]:
    """Yield every provision: place, clause, the plan's words, our English, values, readings."""
    for place, provision in provisions(plan):
        name = getattr(provision, "name", None)
        sentence = plan.sentence(provision.says) if provision.says else name
        mark = "*" if provision.external else ""
        yield (
            f"`{place}`{mark}",
            provision.clause,
            sentence.zh if sentence else "",
            sentence.en if sentence else "",
            values(provision),
            " ".join(provision.readings),
        )
