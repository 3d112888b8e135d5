import numpy as np
import pandas as pd
import pytest


@pytest.fixture
def make_history():
    """Return a maker of tidy rows of one area, each period `length` years from its own year on."""
    return _history


def _history(values, half=None, *, years=None, length=1, area="X1", series="s", counts=True):
    values = np.asarray(values, dtype=float)
    years = range(2001, 2001 + len(values)) if years is None else years
    starts = pd.to_datetime([f"{year}-01-01" for year in years])
    half = np.full(len(values), np.nan) if half is None else np.broadcast_to(half, values.shape)
    return pd.DataFrame(
        {
            "series": series,
            "area_code": area,
            "period_start": starts,
            "period_end": starts + pd.DateOffset(years=length, days=-1),
            "period": [str(year) for year in years],
            "value": values,
            "lower": values - half,
            "upper": values + half,
            "numerator": 50.0 if counts else np.nan,
            "denominator": 100.0 if counts else np.nan,
        }
    )
