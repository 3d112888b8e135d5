"""How the indicators were chosen, and how the framework serves another: where people recorded it."""

from outcomes.baseline.data_power import load_choosing
from outcomes.errors import listed
from outcomes.model import Page
from outcomes.narrative.words import lower_first, sentence
from outcomes.parameters import load_parameters
from outcomes.parameters.choosing import indicator_scores
from outcomes.parameters.crosswalks import crosswalks, side_by_side
from outcomes.reports.document import Block, Heading, Paragraph, TableBlock
from outcomes.tables import Table
from outcomes.tables.choosing import STANDINGS, table_standing
from outcomes.tables.crosswalk import table_crosswalk

TESTS = (
    "Each indicator is scored on three tests: whether it says something central about the outcome, "
    "whether everybody understands it, and whether its data can be relied on. High on the first two "
    "and not low on the third makes a headline indicator; without data to rely on it is to be "
    "developed; any other is secondary."
)


def choosing_blocks(page: Page) -> tuple[Block, ...]:
    """Return which indicators are headline, secondary or to be developed; none without scores."""
    if page.framework not in indicator_scores(load_parameters()):
        return ()
    found = load_choosing(page.framework, page.locality, page.as_of)
    heading = Heading("How the indicators were chosen", 1, "choosing", flows=True)
    by = listed(found.table["by"].loc[lambda names: names != ""].unique())
    blocks: list[Block] = [
        heading,
        Paragraph(f"{TESTS} Scored by: {by}. The scores: {sentence(found.source)}"),
    ]
    for standing in ("headline", "secondary", "development"):
        table = table_standing(found, standing)
        if not table.frame.empty:
            frame = table.frame.drop(columns="Scored by", errors="ignore")
            blocks.append(TableBlock(Table(table.caption, frame)))
    rest = found.table.loc[found.table["standing"] == "unscored", "title"]
    if len(rest):
        names = listed((lower_first(title) for title in rest), most=len(rest))
        blocks.append(Paragraph(f"{STANDINGS['unscored']}: {names}."))
    return tuple(blocks)


def crosswalk_blocks(framework: str) -> tuple[Block, ...]:
    """Return which outcome serves which of each other framework; none without a cross-walk."""
    parameters, blocks = load_parameters(), []
    for local, national in crosswalks(parameters):
        if framework in (local, national):
            found = side_by_side(parameters, local, national)
            end = "local" if framework == local else "national"
            other = found.national if framework == local else found.local
            blocks.append(Heading(f"Beside another framework: {other.title}", 1, flows=True))
            blocks.append(TableBlock(table_crosswalk(found, end)))
    return tuple(blocks)
