"""Makes the forecasts of every indicator and place of a store, and keeps them as a record."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd

import outcomes
from outcomes.baseline.figures import with_limits
from outcomes.errors import DataError, ParameterError
from outcomes.evidence import Measured
from outcomes.parameters import Parameters, load_parameters
from outcomes.statistics import with_predecessors
from outcomes.store import Store, open_store
from outcomes.store.forecasts import COLUMNS, Kept, keep_forecast, require_free

HORIZON = 5
"""How many periods ahead a stored forecast reaches."""


def keep(
    store_id: str,
    *,
    name: str = "",
    until: date | None = None,
    as_of: date | None = None,
    horizon: int = HORIZON,
) -> tuple[Path, Kept]:
    """Make the forecasts of a store now and keep them; return where, and what they are.

    Parameters
    ----------
    store_id : str
    name : str, optional
        What they are called from now on; by default the day on which they are made.
    until, as_of, horizon
        As for `forecasts_to_keep`. With a day before today for one of the first two, they are
        marked as made afterwards.

    Raises
    ------
    ParameterError
        If the name is taken, or a day lies in the future.
    DataError
        If the store has no figure to make a forecast from.
    """
    now = _now()
    today = now.date()
    name = name or today.isoformat()
    for word, day in (("until", until), ("as of", as_of)):
        if day and day > today:
            raise ParameterError(f"{word}: {day} lies in the future; today is {today}")
    require_free(store_id, name)
    parameters, store = _opened(store_id, as_of)
    table, newest = _table(parameters, store, until, horizon)
    about = Kept(
        name=name,
        made_on=today,
        made_at=now,
        known_on=as_of,
        until=until or newest,
        data_version=store.version,
        horizon=horizon,
        package=outcomes.__version__,
        afterwards=any(day is not None and day < today for day in (until, as_of)),
        method=", ".join(sorted(table["method"].unique())),
        forecasts=len(table.drop_duplicates(["indicator", "area_code"])),
        indicators=table["indicator"].nunique(),
        places=table["area_code"].nunique(),
    )
    return keep_forecast(store_id, table, about), about


def forecasts_to_keep(
    store_id: str,
    *,
    until: date | None = None,
    as_of: date | None = None,
    horizon: int = HORIZON,
) -> pd.DataFrame:
    """Return the forecasts of every indicator that a store has figures of, for each of its places.

    They are learned from all areas. Its places are those of parameters/places.yml.

    Parameters
    ----------
    store_id : str
    until : date, optional
        Use no figure of a period that ends later: what a forecast made then would have said, from
        the figures as they are known today.
    as_of : date, optional
        Use the figures as they were known on that day.
    horizon : int, optional
        How many periods ahead.

    Returns
    -------
    pandas.DataFrame
        Columns as `outcomes.store.forecasts.COLUMNS`. Where no forecast could be made there is no
        row.

    Raises
    ------
    DataError
        If there is not one.
    """
    parameters, store = _opened(store_id, as_of)
    return _table(parameters, store, until, horizon)[0]


def _now() -> datetime:
    return datetime.now(UTC)


def _opened(store_id: str, as_of: date | None) -> tuple[Parameters, Store]:
    parameters = load_parameters()
    store = open_store(store_id, parameters.store(store_id).disclosure).require_filled()
    return parameters, store.at(as_of)


def _table(
    parameters: Parameters, store: Store, until: date | None, horizon: int
) -> tuple[pd.DataFrame, date]:
    """Return the forecasts of a store, and the last day of any figure that they were made from."""
    trees = parameters.places.trees.values()
    places = {place.code for tree in trees if tree.store == store.name for place in tree.places}
    areas, changes = store.areas(), store.code_changes()
    parts, newest = [], []
    for measured in _measured(parameters, store):
        rows = _known(store, measured, areas, changes)
        if until:
            rows = rows[rows["period_end"] <= pd.Timestamp(until)]
        if rows["area_code"].isin(places).any():
            made = _forecasts(rows, measured, horizon)
            made = made[made["area_code"].isin(places) & made["mean"].notna()]
            if not made.empty:
                parts.append(_from_origin(made, rows, measured))
                newest.append(rows["period_end"].max())
    if not parts:
        days = [f"of periods up to {until}"] * bool(until)
        days += [f"known on {store.as_of}"] * bool(store.as_of)
        which = " ".join(["no figures", *days])
        raise DataError(f"the store {store.name!r} has {which} from which a forecast can be made")
    return pd.concat(parts, ignore_index=True)[list(COLUMNS)], max(newest).date()


def _measured(parameters: Parameters, store: Store) -> Iterator[Measured]:
    """Yield every indicator with its series, if the store holds that."""
    own = parameters.store(store.name).series
    for name, indicator in parameters.indicators.items():
        series = own.get(name) or indicator.series
        if series and series.id in store.held.index:
            yield Measured("", "", name, indicator, series)


def _known(
    store: Store, measured: Measured, areas: pd.DataFrame, changes: pd.DataFrame
) -> pd.DataFrame:
    """Return the figures of one indicator over every area, without projections."""
    series, indicator = measured.series, measured.indicator
    counts = {series.id} if indicator.value_type == "count" else ()
    rows = with_predecessors(store.observations([series.id]), changes, areas, counts)
    rows = rows[
        (rows["group_kind"] == series.group_kind)
        & (rows["group"] == series.group)
        & (rows["status"] != "projected")
        & rows["value"].notna()
    ]
    return with_limits(rows, indicator).reset_index(drop=True)


def _forecasts(rows: pd.DataFrame, measured: Measured, horizon: int) -> pd.DataFrame:
    """Return the forecasts of one indicator for every area, from its figures over every area.

    Columns area_code, horizon, period_start, period_end, period, mean, lower_80, upper_80,
    lower_95, upper_95, method and n.
    """
    from outcomes.baseline.outlook import forecasts_of

    return forecasts_of(rows, measured, horizon=horizon)


def _from_origin(made: pd.DataFrame, rows: pd.DataFrame, measured: Measured) -> pd.DataFrame:
    """Return forecasts with what they are of, and the newest figure that each was made from."""
    newest = rows.sort_values("period_end").drop_duplicates("area_code", keep="last")
    newest = newest.set_index("area_code")
    return made.assign(
        indicator=measured.indicator_id,
        series=measured.series.id,
        origin=made["area_code"].map(newest["period"]),
        origin_end=made["area_code"].map(newest["period_end"]),
    )
