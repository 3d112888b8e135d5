"""The table of clients of an invented treatment programme: one row a client.

Planted: about half are better off at discharge, somewhat fewer a year later; about a fifth cannot
be reached by then, and more of those who were not better off. Nobody in it is a real person.
"""

from datetime import date, timedelta

from generator.places import random_numbers

AS_OF = date(2025, 6, 30)
HEADINGS = ("client", "started", "discharged", "state_at_discharge", "followed_up",
            "state_at_follow_up")  # fmt: skip
CLIENTS = 1200
STATES = ("Off alcohol and drugs", "Uses less", "Uses as before")


def clients() -> list[list]:
    """Return a row a client: number, days, and states in words; blank where there is none."""
    numbers = random_numbers("services/treatment")
    first = date(2021, 4, 1)
    started = sorted(numbers.integers(0, (AS_OF - first).days - 30, CLIENTS).tolist())
    rows = []
    for number, day in enumerate(started, start=1):
        begun = first + timedelta(days=day)
        weeks = 6 + numbers.gamma(4, 4)
        chance, reached, kept, turned = numbers.random(4).tolist()
        left = begun + timedelta(weeks=weeks)
        row = [f"T{number:04d}", begun.isoformat(), "", "", "", ""]
        if left <= AS_OF:
            better = 0.46 + 0.02 * (left.year - 2021)
            state = (
                STATES[0] if chance < better else STATES[1] if chance < better + 0.3 else STATES[2]
            )
            row[2:4] = left.isoformat(), state
            off = state == STATES[0]
            asked = left + timedelta(days=365 + int(20 * turned))
            if asked <= AS_OF and reached < (0.86 if off else 0.72):
                still = kept < (0.74 if off else 0.16)
                row[4:] = (
                    asked.isoformat(),
                    STATES[0] if still else STATES[1 if turned < 0.5 else 2],
                )
        rows.append(row)
    return rows
