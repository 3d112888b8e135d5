"""Rounds of the cycle plan, do, review: a new one begins as a copy of the last."""

import re
from collections.abc import Iterator

from pydantic import ValidationError

from outcomes.errors import ParameterError
from outcomes.model.programme import Programme

YEAR = re.compile(r"\b(?:19|20)\d{2}\b")


def copy_forward(last: Programme, name: str, year: int) -> Programme:
    """Return the round after `last`, whose id is `name`: typed years moved on, answers open again.

    Every step is not started again; activities, requirements, roles and questions stay. `last` is
    not changed.

    Raises
    ------
    ParameterError
        If the year is not a later one, or a day does not exist in it.
    """
    if year <= last.year:
        raise ParameterError(f"year: got {year}; expected one after {last.year}, the last round's")

    def moved(typed: str) -> str:
        return YEAR.sub(lambda found: str(int(found[0]) + year - last.year), typed)

    values = last.model_dump(exclude_defaults=True)
    values |= {"title": moved(last.title), "year": year, "previous": name}
    values["source"] = f"Copied forward from the programme {name}"
    for activity in values.get("activities", {}).values():
        activity["timescale"] = moved(activity["timescale"])
    for event in values.get("events", ()):
        event["date"] = moved(event["date"])
        event.pop("answer", None)
    for step in values.get("steps", ()):
        step.pop("state", None)
    try:
        return Programme.model_validate(values)
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]["ctx"]["error"]
        raise ParameterError(f"{name} cannot be copied to {year}: {problem}") from None


def what_changed(before: Programme, after: Programme) -> list[str]:
    """Return a sentence for each thing in which two rounds differ."""
    said = []
    if before.year != after.year:
        said.append(
            f"Year: {before.year}, now {after.year}; dates in which none is typed move with it"
        )
    if before.framework != after.framework:
        said.append(f"Framework: {before.framework or 'none'}, now {after.framework or 'none'}")
    was, now = _things(before), _things(after)
    said += [f"{values['']}: taken out" for name, values in was.items() if name not in now]
    for name, values in now.items():
        said += _between(was[name], values) if name in was else [f"{values['']}: new"]
    return said


def _things(programme: Programme) -> dict[tuple, dict]:
    """Return activities, events and steps by what tells them apart; under "" what each is called."""
    found: dict[tuple, dict] = {}
    for name, activity in programme.activities.items():
        found["activity", name] = {"": activity.short} | activity.model_dump(exclude={"short"})
    for event in programme.events:
        met = sum(key[:2] == ("event", event.group) for key in found)
        title = f"Event with {event.group}{f' ({met + 1})' if met else ''}"
        found["event", event.group, met] = {"": title} | event.model_dump(exclude={"group"})
    for step in programme.steps:
        found["step", step.step] = {"": f"Step {step.step!r}"} | step.model_dump(exclude={"step"})
    return found


def _between(before: dict, after: dict) -> Iterator[str]:
    for key, value in after.items():
        if before[key] != value:
            head = ", ".join(filter(None, [after[""], key]))
            yield f"{head}: {_said(before[key])}, now {_said(value)}"


def _said(value: str | tuple | None) -> str:
    if isinstance(value, tuple):
        value = "; ".join(each if isinstance(each, str) else each["what"] for each in value)
    return value.replace("_", " ") if value else "open"
