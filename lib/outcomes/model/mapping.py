"""Mapping: how a council's own table is read: where it is, what its columns and signs mean."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from outcomes.model.base import AreaCode, Strict, Text
from outcomes.model.indicator import Polarity, ValueType
from outcomes.model.observation import STATUSES

Status = Literal[STATUSES]


def _or_one(kind: object) -> BeforeValidator:
    """Let one value stand alone where a list is meant."""
    return BeforeValidator(
        lambda value: (value,) if isinstance(value, str | int) else value,
        json_schema_input_type=kind | tuple[kind, ...],
    )


Headings = Annotated[tuple[Text, ...], _or_one(str)]
RowNumbers = Annotated[tuple[int, ...], _or_one(int), Field(min_length=1)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
FIGURES = ("value", "lower", "upper", "numerator", "denominator")
"""The columns of a table that hold figures."""


class Figures(Strict):
    """The headings of the columns that hold a measure's figures. Without a value it is computed."""

    value: Text | None = None
    lower: Text | None = Field(None, description="lower 95% limit")
    upper: Text | None = Field(None, description="upper 95% limit")
    numerator: Text | None = None
    denominator: Text | None = None

    def held(self) -> dict[str, str]:
        """Return the heading of each kind of figure that is there."""
        return {name: heading for name in FIGURES if (heading := getattr(self, name))}


class OwnMeasure(Figures):
    """A measure as its holder defines it; headings here only where each measure has its own."""

    title: Text | None = Field(None, description="for readers; the measure's name if left out")
    unit: str = Field(description="follows the number: '%', 'per 1,000 households', ''")
    value_type: ValueType
    polarity: Polarity
    definition: str = ""
    caveats: str = ""
    decimals: int | None = Field(None, ge=0, le=3)
    per: float = Field(100, gt=0, description="value = per × numerator ÷ denominator")
    multiply_by: float = Field(1, description="100 where a share of 0.75 stands for 75%")


class Group(Strict):
    """A column that says which people a row is about."""

    column: Text
    everyone: tuple[str, ...] = Field(
        ("All", "Total", "Persons", "Everyone"), description="what it says of all people; blank too"
    )


class Columns(Figures):
    """The heading of each column that is read."""

    area: Text | None = Field(None, description="nine-character codes, or names")
    period: Headings = Field(
        (), description="one heading, or several that are read together: [Year, Quarter]"
    )
    measure: Text | None = None
    groups: dict[Text, Group] = Field({}, description="by kind, such as sex")
    status: Text | None = None
    note: Text | None = None


class Mapping(Strict):
    """How one table is read: a file's, or that of an SQL query. Its series are own/ID/MEASURE."""

    id: Slug = Field(description="names the dataset; stays the same for good")
    publisher: Text = Field(description="who holds the figures")
    published: date | None = None
    url: str = ""
    licence: Text = "the council's own figures, not published"
    file: Text | None = Field(None, description="CSV or .xlsx, as seen from the mapping's folder")
    sheet: Text | None = None
    encoding: Text = "utf-8"
    delimiter: Annotated[str, StringConstraints(min_length=1, max_length=1)] = ","
    header: RowNumbers = Field((1,), description="the row, or rows, of the headings")
    end: Text | None = Field(
        None, description="the table ends above a row that begins so: 'Source'"
    )
    connection: Text | None = Field(
        None, description="env:NAME, a variable with the address; or a SQLite file"
    )
    query: Text | None = Field(None, description="one SELECT statement")
    layout: Literal["long", "wide_by_period", "wide_by_measure"] = "long"
    columns: Columns
    ignore: tuple[Text, ...] = Field((), description="wide_by_period: headings that are no period")
    measures: dict[Text, OwnMeasure] = Field(min_length=1)
    area: AreaCode | None = Field(None, description="of every row, where no column says")
    period: Text | None = Field(None, description="of every row, where no column says")
    area_level: Text | None = Field(None, description="which of two areas of one name: utla")
    area_names: dict[Text, AreaCode] = Field({}, description="code by name, where names differ")
    year_start: str = Field(
        "04-01", pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])$", description="of a split year"
    )
    decimal: Literal[".", ","] = "."
    markers: dict[str, Status] = Field(
        {}, description="what stands in place of a figure, or as a status, and what it means"
    )

    @model_validator(mode="after")
    def _fits_together(self) -> "Mapping":
        computed = {"numerator", "denominator"}
        by_measure = self.layout == "wide_by_measure"
        of_all, *own = (set(one.held()) for one in (self.columns, *self.measures.values()))
        periods = (bool(self.columns.period), bool(self.period), self.layout == "wide_by_period")
        rules = {
            "give a file, or a query with its connection": bool(self.file) == bool(self.query),
            "an address may hold a password: put it into an environment variable and give the "
            "connection as env:NAME": "://" in (self.connection or ""),
            "a query and its connection go together": bool(self.query) != bool(self.connection),
            "give columns.area, or one area for every row": (
                bool(self.columns.area) == bool(self.area)
            ),
            "give columns.period, one period for every row, or the layout wide_by_period": (
                sum(periods) != 1
            ),
            "the layout long needs columns.value, or columns.numerator and columns.denominator": (
                self.layout == "long" and not of_all
            ),
            "in the layout wide_by_period columns holds no figure: the periods' columns do": (
                periods[2] and bool(of_all)
            ),
            "each measure names columns of its own in the layout wide_by_measure, and only there": (
                (by_measure and (bool(of_all) or not all(own))) or (not by_measure and any(own))
            ),
            "the layout wide_by_measure has no columns.measure: the measures' columns tell": (
                by_measure and bool(self.columns.measure)
            ),
            "several measures need columns.measure, or the layout wide_by_measure": (
                not by_measure and len(own) > 1 and not self.columns.measure
            ),
            "without a value there must be a numerator and a denominator": any(
                held and "value" not in held and not computed <= held for held in (of_all, *own)
            ),
        }
        for words, broken in rules.items():
            if broken:
                raise ValueError(words)
        return self
