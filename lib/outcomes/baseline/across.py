"""Indicators set beside each other over areas, and areas beside what chance allows at their size.

Called by the notebooks whose outcome has such a story; nothing here is on every page.
"""

import pandas as pd

from outcomes.baseline.load import Rows, load_rows
from outcomes.errors import ParameterError, did_you_mean, listed
from outcomes.model import BasketScore, Funnel, Page, Relation, number
from outcomes.parameters import load_parameters
from outcomes.reads import note
from outcomes.statistics.relationships import (
    NOT_CAUSE,
    RegressionRefusedError,
    basket,
    correlations,
    funnel,
    funnel_lines,
    outliers,
    regression,
)
from outcomes.statistics.rows import PERIOD, z_of

PUBLISHED = 0.95
FEWEST_MEMBERS = 2


def load_relation(page: Page, outcome: str, on: list[str]) -> Relation:
    """Return how an indicator goes with others over the areas that the place ranks among.

    Parameters
    ----------
    page : Page
    outcome : str
        The id of the indicator that is looked at.
    on : list of str
        The ids of those it is set beside; the first is on the chart's axis.

    Raises
    ------
    ParameterError
        If an indicator does not exist; says which. One without figures gives a reason instead.
    """
    ids = [outcome, *on]
    rows = load_rows(page, ids)
    titles = {name: rows.indicators[name].title for name in ids}
    key = rows.peers, outcome, on
    newest, wide, pairs, (fitted, reason) = rows.kept(
        "relation", key, lambda: _related(rows, outcome, on, titles)
    )
    names = pairs[["first", "second"]].replace(titles)
    return Relation(
        outcome=titles[outcome],
        on=tuple(titles[name] for name in on),
        among=rows.among,
        period="; ".join(f"{titles[name]}: {period}" for name, (_, period) in newest.items()),
        points=_points(wide, outcome, on[0], fitted, rows),
        correlations=pairs.assign(first=names["first"], second=names["second"]),
        coefficients=_coefficients(fitted, titles),
        r2=float("nan") if fitted is None else fitted.r2_adjusted,
        n=int(wide.notna().all(axis=1).sum()) if fitted is None else fitted.n,
        influential=0 if fitted is None else int(fitted.areas["influential"].sum()),
        r_without=_without(wide, outcome, on[0], fitted),
        tests=int(pairs["tests"].max()) if len(pairs) else 0,
        caution=NOT_CAUSE,
        reason=reason,
    )


def _related(rows: Rows, outcome: str, on: list[str], titles: dict[str, str]) -> tuple:
    """Return the peers' newest figures, side by side too, their correlations and the regression."""
    ids = [outcome, *on]
    newest = {name: _newest(rows.table(name), rows.peers) for name in ids}
    wide = pd.DataFrame({name: values for name, (values, _) in newest.items()}, columns=ids)
    wide = wide.reindex(sorted(wide.index))
    return newest, wide, correlations(wide), _fitted(wide, outcome, on, titles)


def _fitted(wide: pd.DataFrame, outcome: str, on: list[str], titles: dict[str, str]):
    """Return the regression, or None and why there is none."""
    silent = [titles[name] for name in wide if wide[name].notna().sum() == 0]
    if silent:
        return None, f"there are no figures for {listed(silent)}"
    try:
        return regression(wide, outcome, on), ""
    except RegressionRefusedError as refused:
        return None, str(refused)


def load_funnel(page: Page, indicator: str) -> Funnel:
    """Return the funnel of an indicator over the areas that the place ranks among.

    Raises
    ------
    ParameterError
        If the indicator does not exist, or is no proportion or rate.
    """
    rows = load_rows(page, [indicator])
    about = rows.indicators[indicator]
    if about.value_type not in ("proportion", "rate"):
        raise ParameterError(
            f"{indicator}: a funnel needs a proportion or a rate; this one is a {about.value_type}"
        )
    values, period = rows.kept(
        "newest",
        (indicator, rows.peers),
        lambda: _newest(rows.table(indicator), rows.peers, whole=True),
    )
    sized = values[["numerator", "denominator"]].notna().all(axis=1)
    estimated = about.value_type == "proportion" and not sized.any()
    if estimated:
        values = _sizes(values, about.per or 100)
        sized = values["denominator"] > 0
    used = values[sized]
    kind, per = about.value_type, about.per
    points = funnel(used, kind=kind, per=per) if len(used) else pd.DataFrame()
    lines = funnel_lines(points, per=per) if len(used) else pd.DataFrame()
    named = points.assign(
        area_code=points.index,
        area_name=points.index.map(rows.names),
        own=points.index.isin(rows.own),
    ).reset_index(drop=True)
    return Funnel(
        title=about.title,
        indicator=about,
        among=rows.among,
        period=period,
        points=named,
        lines=lines,
        estimated=estimated,
        reason="" if len(used) else "no area has a published size or interval",
    )


def load_basket(page: Page, basket_id: str) -> BasketScore:
    """Return the place's score on a basket's members together, among its peers.

    Members whose direction is not judged cannot be added up and are left out. All others weigh
    alike.

    Raises
    ------
    ParameterError
        If the indicator does not exist or is no basket.
    """
    known = load_parameters().indicators
    if basket_id not in known or not known[basket_id].members:
        raise ParameterError(
            f"there is no basket {basket_id!r}{did_you_mean(basket_id, known)}; a basket is an "
            "indicator with members"
        )
    note("indicator", basket_id)
    ids = [name for name in known[basket_id].members if known[name].polarity != "no_judgement"]
    rows = load_rows(page, ids)
    newest = rows.kept(
        "basket",
        (ids, rows.peers),
        lambda: {name: _newest(rows.table(name), rows.peers) for name in ids},
    )
    wide = pd.DataFrame({name: values for name, (values, _) in newest.items()}, columns=ids)
    wide = wide.dropna(axis=1, how="all").sort_index()
    title, place = known[basket_id].title, page.locality
    if wide.shape[1] < FEWEST_MEMBERS or place not in wide.index:
        reason = (
            f"fewer than {FEWEST_MEMBERS} of its members have figures for the place and half of the "
            "areas it is compared with"
        )
        nothing = pd.DataFrame(columns=["title", "period", "value", "standardised", "weight"])
        return BasketScore(title, rows.among, nothing, *[float("nan")] * 2, 0,
                           *[float("nan")] * 2, reason=reason)  # fmt: skip
    found = basket(wide, polarity={name: known[name].polarity for name in wide})
    own = found.scores.loc[place]
    parts = found.parts[found.parts["area_code"] == place].dropna(subset=["value"])
    return BasketScore(
        title=title,
        among=rows.among,
        members=pd.DataFrame(
            {
                "title": [known[name].title for name in parts["member"]],
                "period": [newest[name][1] for name in parts["member"]],
                "value": [number(known[n], v) for n, v in zip(
                    parts["member"], parts["value"], strict=True)],
                "standardised": parts["standardised"].to_numpy(),
                "weight": parts["weight"].to_numpy(),
            }
        ),
        score=float(own["score"]),
        rank=float(own["rank"]),
        of=int(found.scores["score"].notna().sum()),
        rank_best=float(own["rank_best"]),
        rank_worst=float(own["rank_worst"]),
        missing=tuple(known[name].title for name in ids if name not in set(parts["member"])),
        reason=str(own["reason"]),
    )  # fmt: skip


def _newest(table: pd.DataFrame, peers: tuple[str, ...], *, whole: bool = False):
    """Return the peers' figures of the newest period that half of them have, and its label."""
    rows = table[table["area_code"].isin(peers) & table["value"].notna()]
    counts = rows.groupby(PERIOD)["area_code"].nunique()
    enough = counts[counts >= len(peers) / 2]
    if enough.empty:
        return (rows.iloc[:0].set_index("area_code") if whole else pd.Series(dtype=float)), ""
    newest = pd.Series(enough.index[-1], index=PERIOD)
    rows = rows[(rows[PERIOD] == newest).all(axis=1)].set_index("area_code")
    return (rows if whole else rows["value"]), str(rows["period"].iloc[0])


def _sizes(values: pd.DataFrame, per: float) -> pd.DataFrame:
    """Return values with the number of answers that would give their published intervals."""
    share = values["value"] / per
    error = (values["upper"] - values["lower"]) / per / (2 * z_of(PUBLISHED))
    answers = share * (1 - share) / error.where(error > 0) ** 2
    return values.assign(denominator=answers, numerator=answers * share)


def _points(wide: pd.DataFrame, outcome: str, first: str, fitted, rows) -> pd.DataFrame:
    points = pd.DataFrame({"area_code": wide.index, "x": wide[first].to_numpy()})
    points["y"] = wide[outcome].to_numpy()
    points["area_name"] = points["area_code"].map(rows.names)
    points["own"] = points["area_code"].isin(rows.own)
    if fitted is None:
        empty = {"expected": float("nan"), "residual": float("nan")}
        return points.assign(**empty, influential=False, outlier=False)
    areas = fitted.areas
    far = outliers(areas["standardised_residual"]).index
    return points.assign(
        expected=areas["expected"].to_numpy(),
        residual=areas["residual"].to_numpy(),
        influential=areas["influential"].fillna(value=False).to_numpy(dtype=bool),
        outlier=points["area_code"].isin(far),
    )


def _without(wide: pd.DataFrame, outcome: str, first: str, fitted) -> float:
    """Return the correlation without the areas that weigh much more than the rest."""
    if fitted is None or not fitted.areas["influential"].any():
        return float("nan")
    kept = wide.loc[~fitted.areas["influential"].fillna(value=False).astype(bool), [outcome, first]]
    return float(correlations(kept)["r"].iloc[0])


def _coefficients(fitted, titles: dict[str, str]) -> pd.DataFrame:
    columns = ["term", "coefficient", "lower", "upper", "p"]
    if fitted is None:
        return pd.DataFrame(columns=columns)
    found = fitted.coefficients.rename(columns={"coef": "coefficient"}).reset_index(names="term")
    return found.assign(term=found["term"].replace(titles))[columns]
