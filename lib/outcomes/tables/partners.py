"""A partner map as tables: contributors, pooled money, interventions, resources by outcome."""

from typing import get_args

import pandas as pd

from outcomes.errors import listed
from outcomes.model import Framework
from outcomes.model.partners import PartnerMap, Shares, Tier, for_outcome, unmapped
from outcomes.tables.table import Table

NONE = "None named"
UNMAPPED = "Mapped to no outcome"


def table_contributors(found: PartnerMap, framework: Framework, outcome: str = "") -> Table:
    """Return a row a contributor and outcome, of one outcome if it is named, with its role."""
    rows = [
        (each.short, partner.organisation, partner.role, partner.contributes[each.id])
        for each in framework.outcomes
        if outcome in ("", each.id)
        for partner in found.partners.values()
        if each.id in partner.contributes
    ]
    columns = ["Outcome", "Organisation", "Its role", "What it contributes"]
    caption = "Who contributes to each outcome; none answers for one alone"
    return Table(caption, pd.DataFrame(rows, columns=columns))


def table_pools(found: PartnerMap, framework: Framework) -> Table:
    """Return a row a pooled fund, and its total a year: each fund's money stands once."""
    rows = [
        (
            pool.agreement,
            pool.year,
            listed(f"{found.partners[who].organisation} {_pounds(sum_)}"
                   for who, sum_ in pool.paid_in.items()),
            _pounds(pool.amount),
            _shares(pool.shares, framework),
        )
        for pool in found.pools.values()
    ]  # fmt: skip
    for year in sorted({pool.year for pool in found.pools.values()}):
        total = sum(pool.amount for pool in found.pools.values() if pool.year == year)
        rows.append(("All pooled funds", year, "", _pounds(total), ""))
    columns = ["Agreement", "Year", "Paid in by", "Amount", "For which outcomes"]
    return Table("Money that partners pool", pd.DataFrame(rows, columns=columns))


def table_interventions(found: PartnerMap, titles: dict[str, str], outcome: str = "") -> Table:
    """Return a row an intervention, by tier from universal to specialist, the earlier ones first.

    `titles` are the titles of outcomes and indicators by id.
    """
    order = [(tier, timing) for tier in get_args(Tier) for timing in ("earlier", "later")]
    chosen = [i for i in found.interventions.values() if outcome in ("", i.outcome)]
    rows = [
        (
            each.title,
            each.tier.capitalize(),
            each.timing.capitalize(),
            titles[each.outcome],
            found.partners[each.lead].organisation,
            listed(titles[name] for name in each.indicators) or NONE,
        )
        for each in sorted(chosen, key=lambda i: order.index((i.tier, i.timing)))
    ]
    columns = ["Intervention", "Tier", "Timing", "Outcome", "Led by", "Meant to move"]
    return Table("What is done, by tier", pd.DataFrame(rows, columns=columns))


def table_resources(found: PartnerMap, framework: Framework, year: str) -> Table:
    """Return a row an outcome, what is mapped to none, and the total; money stands once a column."""
    spending, assets = found.counted().values(), found.counted(assets=True).values()
    pools = list(found.pools.values())
    rows = [
        (
            outcome.short,
            *(_pounds(for_outcome(kind, outcome.id, year)) for kind in (spending, assets, pools)),
        )
        for outcome in framework.outcomes
    ]
    nowhere = (_pounds(unmapped(kind, year)) for kind in (spending, assets))
    rows.append((UNMAPPED, *nowhere, _pounds(0)))
    rows.append(("Total", *(_pounds(_total(kind, year)) for kind in (spending, assets, pools))))
    columns = ["Outcome", "Budgets and contracts", "Assets", "Pooled funds"]
    caption = (
        f"Money by outcome, {year}. Pooled funds are paid out of partners' budgets, and assets are "
        "not spent: the columns are not to be added"
    )
    return Table(caption, pd.DataFrame(rows, columns=columns))


def table_lines(found: PartnerMap, framework: Framework) -> Table:
    """Return a row a line of a budget, a contract or an asset, and the outcomes it is mapped to."""
    rows = [
        (
            line.title,
            line.kind.capitalize(),
            found.partners[line.holder].organisation,
            line.year,
            _pounds(line.amount),
            f"Counted in: {found.resources[line.paid_from].title}"
            if line.paid_from
            else _shares(line.shares, framework),
        )
        for line in found.resources.values()
    ]
    columns = ["Line", "Kind", "Whose", "Year", "Amount", "For which outcomes"]
    return Table("Budgets, contracts and assets", pd.DataFrame(rows, columns=columns))


def _shares(shares: Shares, framework: Framework) -> str:
    said = (f"{framework.outcome(name).short} {share:g}%" for name, share in shares.items())
    return listed(said) or UNMAPPED


def _total(found, year: str) -> float:
    return sum(each.amount for each in found if each.year == year)


def _pounds(amount: float) -> str:
    return f"£{amount:,.0f}"
