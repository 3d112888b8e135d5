"""What the statistics say of a page's indicators beyond their latest figures."""

from collections.abc import Mapping

import pandas as pd

from outcomes.baseline.against import in_numbers, newest_periods, peers_now
from outcomes.baseline.between import common, comparator_gaps, group_gaps, place_gaps, slopes
from outcomes.baseline.figures import Figures
from outcomes.baseline.parts import stand_out, taken_up, turned
from outcomes.model import Change, Comparison, Control, Judged, Spread, Standing, Step, Trend
from outcomes.statistics.breaks import autocorrelation, control_chart, steps
from outcomes.statistics.comparison import best_placed, fastest_improving
from outcomes.statistics.inequality import gap_trend
from outcomes.statistics.relationships import outliers
from outcomes.statistics.rows import PERIOD
from outcomes.statistics.spread import spread
from outcomes.statistics.trend import newest_change, trends

FEWEST_SPREAD = 5
MOST_NAMED = 3
FEWEST_BEFORE = 8
"""Figures before a step from which the limits of a control chart can be worked out."""
LOOKING_BACK = 10
"""Years within which a trend without intervals is looked for: older ones say little of now."""
TINY = 20_000
"""People below which an area is not listed as best placed: its figures move by chance."""
UP = {"increasing": 1, "increased": 1, "decreasing": -1, "decreased": -1}


def standings(
    figures: Figures, values: pd.DataFrame, beside: Mapping[str, Comparison]
) -> dict[str, Standing]:
    """Return trend, change, breaks, people, spread and gaps of each indicator of a page.

    Parameters
    ----------
    figures : Figures
    values : pandas.DataFrame
        The comparator's figures over time, as `comparator_values` gives them.
    beside : mapping of str to Comparison
        The latest comparison of each indicator.
    """
    own, places, groups = _own(figures), place_gaps(figures), group_gaps(figures)
    apart = comparator_gaps(figures, values)
    people, worse, spreads = in_numbers(figures, beside), stand_out(figures), _spreads(figures)
    reversed_, served, sloping = turned(figures), taken_up(figures), slopes(figures)
    return {
        name: Standing(
            people=people.get(name),
            spread=spreads.get(name),
            gaps=(*([places[name]] if name in places else []), *groups.get(name, [])),
            apart=apart.get(name),
            worse_off=worse.get(name, ()),
            slope=sloping.get(name),
            reversals=reversed_.get(name, ()),
            take_up=served.get(name),
            **own.get(name, {}),
        )
        for name in figures.measured
    }


def directions(figures: Figures) -> pd.DataFrame:
    """Return the trend's direction of the place and the places within; index series, area_code."""
    if figures.known.empty:
        return pd.DataFrame()
    every = _over_areas(figures)["trends"]
    wanted = [figures.setting.place.code, *figures.members[0]]
    return every[every.index.get_level_values("area_code").isin(wanted)]


def _over_areas(figures: Figures) -> dict[str, pd.DataFrame]:
    """Return the trend, newest change and step of every area, each indexed by series and area."""
    return figures.kept("histories", figures.broken, lambda: _make_over_areas(figures))


def _make_over_areas(figures: Figures) -> dict[str, pd.DataFrame]:
    rows, since = figures.known, figures.after_breaks(figures.known)
    # How much a year depends on the one before shows in many areas, never in one alone.
    depends = autocorrelation(since)["rho"]
    return {
        "trends": trends(rows, breaks=figures.declared, window=LOOKING_BACK),
        "changes": newest_change(rows),
        "steps": steps(since, autocorrelation=depends),
        "charts": control_chart(rows, rebase=figures.declared),
    }


def _of_place(figures: Figures, table: pd.DataFrame) -> pd.DataFrame:
    """Return the place's rows of a table over all areas, indexed by the indicator alone."""
    codes = table.index.get_level_values("area_code")
    own = table[codes == figures.setting.place.code]
    return own.set_axis(own.index.get_level_values("series"))


def judge(polarity: str, word: str) -> Judged:
    """Return whether going up or down is improving or getting worse, by polarity."""
    good = {"higher_is_better": 1, "lower_is_better": -1}.get(polarity, 0)
    return {1: "improving", -1: "getting_worse"}.get(good * UP.get(word, 0), "")


def _own(figures: Figures) -> dict[str, dict]:
    """Return what the place's own history says, by indicator."""
    own = figures.own
    if own.empty:
        return {}
    every = _over_areas(figures)
    heading, changes, jumps = (
        _of_place(figures, every[name]) for name in ("trends", "changes", "steps")
    )
    charts = _charts(figures, every["charts"], jumps)
    found = {}
    for name, rows in own.groupby("series"):
        polarity = figures.measured[name].indicator.polarity
        found[name] = {
            "trend": _trend(heading.loc[name], polarity),
            "change": _change(changes.loc[name], polarity),
            "step": _step(jumps.loc[name]) if name in jumps.index else None,
            "control": _control(charts[name]),
            "breaks": _breaks(figures, name, rows),
        }
    return found


def _charts(figures: Figures, every: pd.DataFrame, jumps: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return a control chart of each indicator, its limits from before a step where one was found.

    Limits over both levels would call every figure special; limits made anew after the step would
    hide it. To start new limits is for people, who declare a break.
    """
    own = figures.own
    found = dict(list(every[every["area_code"] == figures.setting.place.code].groupby("series")))
    for name in jumps.index[jumps["found"].astype(bool)]:
        rows = own[own["series"] == name]
        before = int((rows["period"] == jumps.loc[name, "at"]).argmax())
        if name not in set(figures.declared["series"]) and before >= FEWEST_BEFORE:
            found[name] = control_chart(rows, fixed=before)
    return found


def _trend(row: pd.Series, polarity: str) -> Trend:
    numbers = ("slope", "slope_lower", "slope_upper", "confidence")
    return Trend(
        direction=row["direction"],
        judged=judge(polarity, row["direction"]),
        n=int(row["n"]),
        **{name: float(row[name]) for name in numbers},
        **{name: str(row[name]) for name in ("first", "last", "method", "reason")},
    )


def _change(row: pd.Series, polarity: str) -> Change | None:
    if not row["first"]:
        return None
    return Change(
        verdict=row["verdict"],
        judged=judge(polarity, row["verdict"]),
        **{name: str(row[name]) for name in ("first", "last", "reason")},
        **{name: float(row[name]) for name in ("difference", "lower", "upper")},
    )


def _step(row: pd.Series) -> Step:
    return Step(
        found=bool(row["found"]),
        at=str(row["at"]),
        size=float(row["size"]),
        lower=float(row["size_lower"]),
        upper=float(row["size_upper"]),
        n=int(row["n"]),
        false_alarm=float(row["false_alarm"]),
        reason=str(row["reason"]),
    )


def _control(chart: pd.DataFrame) -> Control:
    newest = chart.iloc[-1]
    return Control(
        points=chart.reset_index(drop=True),
        n=int(newest["n"]),
        trial=bool(newest["trial"]),
        reason=str(newest["reason"]),
    )


def _breaks(figures: Figures, name: str, rows: pd.DataFrame) -> tuple[tuple[str, str], ...]:
    """Return the label of the first period after each break that lies within a history."""
    found = []
    for row in figures.declared[figures.declared["series"] == name].itertuples():
        after = rows[rows["period_start"] >= row.day]
        if 0 < len(after) < len(rows):
            found.append((after["period"].iloc[0], row.reason))
    return tuple(found)


def _spreads(figures: Figures) -> dict[str, Spread]:
    """Return how each indicator is spread over the areas that the place ranks among."""
    key = figures.broken, figures.setting.choice, newest_periods(figures)
    return figures.kept("spreads", key, lambda: _make_spreads(figures))


def _make_spreads(figures: Figures) -> dict[str, Spread]:
    now = peers_now(figures)
    now = now[now.groupby("series")["area_code"].transform("size") >= FEWEST_SPREAD]
    if now.empty:
        return {}
    peers = figures.rated[figures.rated["area_code"].isin(figures.setting.choice.peers)]
    peers = figures.after_breaks(peers[peers["series"].isin(now["series"])])
    peers = peers[_not_after(peers, figures.latest)].sort_values(["series", *PERIOD, "area_code"])
    over_time = spread(_with_newest(common(peers), now), weights="population")
    moving, relative = (
        gap_trend(over_time.assign(value=over_time[name]), by=["series"]).set_index("series")
        for name in ("sd", "cv")
    )
    names, people = figures.setting.names, figures.setting.everyone()
    tiny = set(people.index[people < TINY])
    far = outliers(now.set_index("area_code")["value"], by=now.set_index("area_code")["series"])
    found = {}
    for name, rows in now.groupby("series"):
        polarity = figures.measured[name].indicator.polarity
        past = over_time[over_time["series"] == name].sort_values(PERIOD, ignore_index=True)
        large = rows[~rows["area_code"].isin(tiny)]
        large_peers = peers[(peers["series"] == name) & ~peers["area_code"].isin(tiny)]
        fastest = fastest_improving(large_peers, polarity=polarity, count=len(large_peers))
        fastest = fastest[fastest["beyond_chance"] != "no"].head(MOST_NAMED)
        best = best_placed(large.set_index("area_code")["value"], polarity=polarity)
        found[name] = Spread(
            among=figures.setting.choice.among,
            period=rows["period"].iloc[0],
            peers=_peers(rows, names),
            n=len(rows),
            **_figures(rows["value"], past),
            over_time=past,
            verdict=moving.loc[name, "verdict"],
            reason=str(moving.loc[name, "reason"]),
            relative_verdict=relative["verdict"].get(name, "cannot_tell"),
            outliers=_names(far.index[far["group"] == name], names),
            best=_names(best.index, names),
            fastest=_names(fastest.index, names),
            fastest_since=_since(peers[peers["series"] == name], fastest),
        )
    return found


def _not_after(rows: pd.DataFrame, latest: pd.DataFrame) -> pd.Series:
    """Return which rows are no newer than the place's own latest figure."""
    return rows["period_end"] <= rows["series"].map(latest["period_end"])


def _with_newest(rows: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """Return rows, and the newest period alone of the indicators that have too few in common."""
    enough = rows.groupby("series")["area_code"].transform("nunique") >= FEWEST_SPREAD
    kept = rows[enough]
    return pd.concat([kept, now[~now["series"].isin(kept["series"])]])


def _figures(values: pd.Series, past: pd.DataFrame) -> dict[str, float]:
    """Return the newest spread's figures over all areas that have a value in that period."""
    quarters = values.quantile([0.25, 0.5, 0.75]).to_list()
    newest = past.iloc[-1]
    return {
        "lowest": float(values.min()),
        "q1": quarters[0],
        "median": quarters[1],
        "q3": quarters[2],
        "highest": float(values.max()),
        **{name: float(newest[name]) for name in ("sd", "cv", "iqr_ratio")},
    }


def _peers(rows: pd.DataFrame, names: pd.Series) -> pd.DataFrame:
    named = rows.assign(area_name=rows["area_code"].map(names))
    columns = ["area_code", "area_name", "value", "lower", "upper"]
    return named[columns].reset_index(drop=True)


def _names(codes: pd.Index, names: pd.Series) -> tuple[str, ...]:
    return tuple(str(names.get(code, code)) for code in codes)


def _since(peers: pd.DataFrame, fastest: pd.DataFrame) -> str:
    if fastest.empty:
        return ""
    first = peers[peers["period_start"] == fastest["window_start"].iloc[0]]
    return str(first["period"].iloc[0]) if len(first) else ""
