"""Proposes a mapping for a file of one's own, with why each column was taken so. Writes nothing."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from outcomes.errors import DataError
from outcomes.paths import shown
from outcomes.sources.own.places import CODE
from outcomes.sources.own.sniff import end_words, header_row, open_unknown
from outcomes.sources.own.tables import to_table
from outcomes.sources.own.tidy import as_numbers
from outcomes.sources.periods import written_period

HEADINGS = {
    "lower": r"lower|\blci|\blcl",
    "upper": r"upper|\buci|\bucl",
    "denominator": r"denominator|population|households|\b(base|out of|total)\b|sample|answers",
    "value": r"value|rate\b|per ?cent|%|share|score|\bper \d",
    "numerator": r"numerator|count|number|cases|yes",
}
"""What a column of figures is, by its heading: the first that fits."""
WORDS = {
    "status": r"status|flag|marker",
    "note": r"note|comment|remark",
    "measure": r"indicator|measure|metric|question|kpi",
}
GROUPS = r"sex|gender|\bage|ethnic|tenure|disab|group|category|quintile|decile|cohort"
AREAS = r"area|district|ward|council|localit|authority|borough|town|place|region|geograph"
TIMES = r"year|period|quarter|month|date|time"
EVERYONE = r"(?i)(all|total|persons|everyone|both)\b.*"
GUESSES = {
    r"\*|c|\[c\]|<\s*\d+|.*suppress.*|.*withheld.*|s": "withheld_small_number",
    r"z|\[z\]|not applicable": "not_applicable",
    r"p|\[p\]|prov.*": "provisional",
    r"e|\[e\]|est.*|imputed": "imputed",
    r"f|final|actual": "final",
}


def propose(path: Path) -> str:
    """Return a mapping for a file as YAML; what is unsure is marked '# check:'.

    Raises
    ------
    DataError
        If the file is missing, not readable, or shows no table with areas and figures.
    """
    if not path.is_file():
        raise DataError(f"{shown(path)}: no such file; expected a CSV file or .xlsx workbook.")
    rows, lines = open_unknown(path)
    header, end = header_row(rows), end_words(rows)
    table = to_table(path, rows, header=header, end=end)
    frame = table.frame[table.fault == ""]
    lines.append(f"header: {json.dumps(header if len(header) > 1 else header[0])}")
    lines += [f"end: {_q(end)}  # the notes below the table begin so"] if end else []
    return "\n".join([*_about(path), *lines, *_Guess(frame, path.stem).lines()]) + "\n"


def _q(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _about(path: Path) -> list[str]:
    return [
        f"# Proposed for {path.name}. Look at each line marked 'check'; nothing was added.",
        f"id: {_slug(path.stem)}  # names the dataset: it stays the same for good",
        'publisher: "the council"  # check: who holds these figures',
        "# published: 2025-03-31   # the day they were published, if they were",
        f"file: {_q(path.name)}",
    ]


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-") or "own-data"


def _is_period(text: str) -> bool:
    try:
        written_period(re.sub(r"\.0$", "", text))
    except ValueError:
        return False
    return True


def _mostly(cells: pd.Series, test: Callable[[str], object], share: float = 0.8) -> bool:
    seen = cells.unique()[:200]
    return len(seen) > 0 and sum(map(bool, map(test, seen))) >= share * len(seen)


class _Guess:
    """What each column of a table is taken for. A column is taken once; what is left is ignored."""

    def __init__(self, frame: pd.DataFrame, name: str) -> None:
        self.name = name
        self.cells = {h: frame.loc[frame[h] != "", h] for h in frame}
        text = pd.concat(self.cells.values())
        commas = text.str.fullmatch(r"\D*\d+,(\d{1,2}|\d{4,})\s*%?").sum()
        self.decimal = "," if commas > text.str.fullmatch(r"\D*\d+\.\d+\s*%?").sum() else "."
        self.across = [h for h in frame if _is_period(h)]
        self.across = self.across if len(self.across) > 1 else []
        self.left = [h for h in frame if h not in self.across]
        self.area, self.why_area = self._area()
        self.period = [] if self.across else self._period()
        self.words = {role: self._take(fits) for role, fits in WORDS.items()}
        self.groups = [h for h in self.left if re.search(GROUPS, h, re.I) and not self._figure(h)]
        self.left = [h for h in self.left if h not in self.groups]
        self.figures = {} if self.across else self._figures()
        used = [*self.across, *self.figures.values()]
        self.figure_cells = pd.concat([self.cells[h] for h in used] or [text[:0]])

    def _figure(self, heading: str) -> bool:
        numbers = as_numbers(self.cells[heading], self.decimal).notna()
        return bool(len(numbers)) and numbers.mean() >= 0.5

    def _take(self, pattern: str) -> str | None:
        found = (h for h in self.left if re.search(pattern, h, re.I) and not self._figure(h))
        heading = next(found, None)
        self.left = [h for h in self.left if h != heading]
        return heading

    def _area(self) -> tuple[str | None, str]:
        coded = [h for h in self.left if _mostly(self.cells[h], re.compile(CODE).fullmatch)]
        if coded:
            self.left.remove(coded[0])
            return coded[0], "nine-character codes"
        if heading := self._take(AREAS):
            return heading, "check: taken for the names of areas by its heading"
        return self._take(""), "check: the first column of words; are these areas?"

    def _period(self) -> list[str]:
        fits = [h for h in self.left if _mostly(self.cells[h], _is_period)]
        first = next((h for h in fits if re.search(TIMES, h, re.I)), next(iter(fits), None))
        quarter = [h for h in self.left if _mostly(self.cells[h], re.compile("Q[1-4]").fullmatch)]
        found = [first, *quarter[:1]] if first else []
        self.left = [h for h in self.left if h not in found]
        return found

    def _figures(self) -> dict[str, str]:
        """Return the heading of each kind of figure; of each measure, if they have columns."""
        figures = [h for h in self.left if self._figure(h)]
        roles: dict[str, list[str]] = {}
        for heading in figures:
            fits = (role for role, words in HEADINGS.items() if re.search(words, heading, re.I))
            roles.setdefault(next(fits, "value"), []).append(heading)
        self.left = [h for h in self.left if h not in figures]
        computed = {"numerator", "denominator"} <= set(roles)
        if len(figures) == 1:
            return {"value": figures[0]}
        if max(map(len, roles.values()), default=1) == 1 and ("value" in roles or computed):
            return {role: headings[0] for role, headings in roles.items()}
        if self.words["measure"]:  # a row a figure: which of several columns is unsure
            value = roles.get("value", figures)[0]
            self.left += [h for h in figures if h != value]
            return {"value": value}
        return {h: h for h in figures}

    @property
    def by_measure(self) -> bool:
        return bool(self.figures) and not set(self.figures) <= set(HEADINGS)

    def lines(self) -> list[str]:
        """Return the rest of the mapping."""
        layout = "wide_by_measure" if self.by_measure else "long"
        layout = "wide_by_period" if self.across else layout
        text = [f"layout: {layout}", "columns:"]
        text += [f"  area: {_q(self.area)}  # {self.why_area}"] if self.area else []
        if self.period:
            period = self.period if len(self.period) > 1 else self.period[0]
            text.append(f"  period: {_q(period)}  # its cells read as periods")
        text += [f"  {role}: {_q(h)}  # by its heading" for role, h in self.words.items() if h]
        for role, heading in {} if self.by_measure else self.figures.items():
            named = re.search(HEADINGS[role], heading, re.I)
            why = "figures, by its heading" if named else "check: figures, not named as others are"
            text.append(f"  {role}: {_q(heading)}  # {why}")
        text += self._group_lines()
        text[1] = "columns:" if len(text) > 2 else "columns: {}"
        if not self.area:
            text.append('area: "X00000000"  # check: no column of areas; the code of every row')
        if not self.period and not self.across:
            text.append('period: "2024/25"  # check: no column of periods; that of every row')
        if self.left:
            of_use = "ignore: " if self.across else "# check: not read: "
            text.append(of_use + _q(self.left))
        return [*text, *self._marker_lines(), *self._measure_lines()]

    def _group_lines(self) -> list[str]:
        lines = ["  groups:"] if self.groups else []
        for heading in self.groups:
            everyone = [w for w in self.cells[heading].unique() if re.fullmatch(EVERYONE, w)]
            kind = _q(heading.casefold())
            of = f", everyone: {_q(everyone)}" if everyone else ""
            lines.append(f"    {kind}: {{column: {_q(heading)}{of}}}  # check: who counts as all")
        return lines

    def _marker_lines(self) -> list[str]:
        figures = self.figure_cells
        signs = list(figures[as_numbers(figures, self.decimal).isna()].unique())
        if self.words["status"]:
            signs += list(self.cells[self.words["status"]].unique())
        lines = [f'decimal: "{self.decimal}"  # as the figures are written']
        periods = pd.Series([*self.across, *(w for h in self.period for w in self.cells[h])])
        if periods.str.contains(r"\d[/-]\d\d\b|Q\d").any():
            lines.append('year_start: "04-01"  # check: of a split year; "09-01" for school years')
        lines += ["markers:"] if signs else []
        for sign in dict.fromkeys(signs[:20]):
            fits = (w for form, w in GUESSES.items() if re.fullmatch(form, sign, re.I))
            lines.append(f"  {_q(sign)}: {next(fits, 'not_available')}  # check: what it means")
        return lines

    def _measure_lines(self) -> list[str]:
        column = self.words["measure"]
        names = list(self.cells[column].unique()) if column else [self.name.replace("_", " ")]
        names = list(self.figures) if self.by_measure else names
        lines = ["measures:"]
        for name in names:
            lines.append(f"  {_q(name)}:")
            lines += [f"    value: {_q(name)}"] if self.by_measure else []
            cells = self.cells[name] if self.by_measure else self.figure_cells
            per_cent = cells.str.endswith("%").any() or bool(re.search("%|per ?cent", name, re.I))
            computed = self.figures and not self.by_measure and "value" not in self.figures
            whole = as_numbers(cells, self.decimal).dropna() % 1 == 0
            kind = "proportion" if per_cent or computed else "count" if whole.all() else "rate"
            unit = "%" if kind == "proportion" else ""
            lines += [
                f"    unit: {_q(unit)}  # check: what follows the number",
                f"    value_type: {kind}  # check: proportion, rate, mean, median, count ...",
                "    polarity: no_judgement  # check: or higher_is_better, lower_is_better",
                '    definition: ""  # check: what is counted, of whom',
            ]
        return lines
