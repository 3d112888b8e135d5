"""The plans that a visitor tries out: a target and scenarios, as the address and files hold them."""

import json
import re
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection, Mapping
from datetime import date
from itertools import chain, count

from pydantic import TypeAdapter, ValidationError

from outcomes.errors import ParameterError
from outcomes.model import CrossEffect, Effect, Identifier, Page, Relative, Scenario, Target
from outcomes.parameters import load_parameters

MOST = 3
"""Scenarios that are compared beside things going on as they are."""
MOST_ASSUMED = 12
"""Assumptions that one of them holds."""
FIRST, LAST = date(1990, 1, 1), date(2100, 12, 31)
LONGEST_COURSE = 600
"""Months that a delay, a building up, a lasting or a fading takes at most."""
LARGEST = 1e9
LONGEST_TEXT = 1_000
LONGEST_PACKED = 60_000
"""Characters of scenarios when they are unpacked."""
BESIDE = "beside:"
NOBODY = "nobody: tried out on a live page"
NO_SOURCE = "none: tried out on a live page"
SCENARIOS = TypeAdapter(dict[Identifier, Scenario])
NUMBERS = ("size", "low", "high")
COURSE = ("delay_months", "builds_months", "lasts_months", "fade_months")
TRIED = "the scenarios tried out here"


def pack(scenarios: Mapping[str, Scenario]) -> str:
    """Return scenarios as a short text for an address; empty for none."""
    if not scenarios:
        return ""
    plain = {
        name: found.model_dump(mode="json", exclude_defaults=True)
        for name, found in scenarios.items()
    }
    text = json.dumps(plain, separators=(",", ":"), ensure_ascii=False)
    return urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode("ascii").rstrip("=")


def unpack(text: str) -> dict[str, Scenario]:
    """Return the scenarios that `pack` made into a text, checked as those of files are.

    Raises
    ------
    ParameterError
        If the text is not whole, or what it holds is not right.
    """
    if not text:
        return {}
    try:
        packed = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        opener = zlib.decompressobj()
        plain = opener.decompress(packed, LONGEST_PACKED)
        found = json.loads(plain) if opener.eof else None
        scenarios = SCENARIOS.validate_python(found)
    except (ValueError, zlib.error, RecursionError) as error:
        # A ValidationError is a ValueError too.
        raise ParameterError("its scenarios cannot be read; the link may be cut short") from error
    require_sensible(scenarios)
    return scenarios


def require_sensible(scenarios: Mapping[str, Scenario]) -> None:
    """Raise ParameterError unless scenarios are few, known in all they name, and of usual size."""
    if len(scenarios) > MOST:
        raise ParameterError(f"{MOST} scenarios can be compared at most; here are {len(scenarios)}")
    for found in scenarios.values():
        own = list(chain(found.effects.values(), found.cross_effects.values()))
        if len(own) > MOST_ASSUMED:
            raise ParameterError(f"a scenario may hold {MOST_ASSUMED} assumptions at most here")
        _require_short(found.title, found.says)
        for assumed in own:
            _require_usual(assumed)
    load_parameters().check_scenarios(scenarios, TRIED)


def _require_short(*texts: str) -> None:
    if any(len(text) > LONGEST_TEXT for text in texts):
        raise ParameterError(f"a text may have {LONGEST_TEXT:,} characters at most")


def _require_usual(assumed: Effect | CrossEffect) -> None:
    """Raise for a number, a day or a text that no plan has and that sums would trip over."""
    _require_short(assumed.title, assumed.depends_on, assumed.owner, assumed.evidence.source)
    for name in NUMBERS:
        _require_number(getattr(assumed, name))
    if any((getattr(assumed, name, 0) or 0) > LONGEST_COURSE for name in COURSE):
        raise ParameterError(f"a delay or a course may take {LONGEST_COURSE} months at most")
    if isinstance(assumed, Effect):
        require_day(assumed.starts)


def _require_number(value: float) -> None:
    if not abs(value) <= LARGEST:  # nan compares as false
        raise ParameterError("a size is a number, and smaller than a thousand million")


def require_day(day: date) -> None:
    """Raise ParameterError for a day that no plan has."""
    if not FIRST <= day <= LAST:
        raise ParameterError(f"a day lies between {FIRST.year} and {LAST.year}")


def check_scenarios(value: str, page: Page) -> str:
    """Return packed scenarios if they are right."""
    if any(found.framework != page.framework for found in unpack(value).values()):
        raise ParameterError("its scenarios are made for another framework")
    return value


def check_target(value: str, page: Page) -> str:
    """Return a target's text if it is one: a number, or 'beside:' and a distance."""
    try:
        number = float(value.removeprefix(BESIDE))
    except ValueError:
        raise ParameterError(
            f"expected a number such as 74.5, or {BESIDE}0 for level with the comparator"
        ) from None
    _require_number(number)
    return value


def check_day(value: str, page: Page) -> str:
    """Return the day of a target if it is one."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise ParameterError("expected a day such as 2028-12-31") from None
    require_day(day)
    return day.isoformat()


def target_text(target: Target) -> str:
    """Return how an address says what a target is."""
    if target.relative:
        return f"{BESIDE}{target.relative.distance!r}"
    return repr(target.value)


def tried_target(text: str, by: date, indicator: str, page: Page) -> Target:
    """Return the target that a text and a day mean: nobody has adopted it."""
    number = float(text.removeprefix(BESIDE))
    beside = Relative(comparator=page.comparator, distance=number)
    return Target(
        indicator=indicator,
        place=page.locality,
        by=by,
        **({"relative": beside} if text.startswith(BESIDE) else {"value": number}),
        set_by=NOBODY,
        source=NO_SOURCE,
        example=True,
    )


def identifier(title: str, taken: Collection[str]) -> str:
    """Return a name for a file made of a title, which none of those taken has."""
    words = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")[:50].strip("_")
    name = words if words[:1].isalpha() else f"plan_{words}".strip("_")
    used = {*taken, "no_change", "together"}
    return next(n for n in chain([name], (f"{name}_{i}" for i in count(2))) if n not in used)


def rebuilt(kind: type[Effect] | type[Scenario], values: dict) -> Effect | Scenario:
    """Return an assumption or a scenario of changed values.

    Raises
    ------
    ParameterError
        If they do not go together, in the words of the model.
    """
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        said = [str(e.get("ctx", {}).get("error", e["msg"])) for e in error.errors()]
        where = [" ".join(map(str, e["loc"])).replace("_", " ") for e in error.errors()]
        raise ParameterError(
            "; ".join(f"{w}: {s}" if w else s for w, s in zip(where, said, strict=True))
        ) from None
