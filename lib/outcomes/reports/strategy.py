"""The commissioning strategy of an outcome, in five sections that are always there."""

from dataclasses import replace

from outcomes.charts import new_axes, outlook_height, plot_outlook
from outcomes.evidence import plan_action
from outcomes.model import Baseline, Framework, Position, day_words
from outcomes.model.partners import PartnerMap
from outcomes.model.report import STAGE_WORDS
from outcomes.model.words import capital
from outcomes.narrative import (
    belief_in_short,
    describe_outlook,
    say_forces,
    say_forecast,
    say_heading,
    say_headline,
    say_how_far_to_believe,
    say_judgement,
    say_low_influence,
    say_place,
    say_scenarios,
    say_target,
    say_track_record,
)
from outcomes.narrative.versions import say_version
from outcomes.notebook.outlook import LEAD
from outcomes.reports.document import (
    Block,
    Document,
    Flag,
    Heading,
    Items,
    Paragraph,
    Picture,
    Reference,
    Slide,
    TableBlock,
)
from outcomes.reports.material import Material
from outcomes.reports.parts import (
    anchor,
    charted,
    gap_table,
    half,
    has_history,
    history_picture,
    is_issue,
    paragraph,
    picture,
    provenance,
    say_issue,
    say_measure,
    source,
    table_block,
)
from outcomes.reports.short import main_point
from outcomes.tables import (
    Table,
    table_assumptions,
    table_factors,
    table_heading,
    table_history,
    table_outlook,
    table_targets,
    table_unseen,
)
from outcomes.tables.partners import table_contributors

SECTIONS = (
    "1. Current position: the history, and what happens if trends continue",
    "2. The story behind the position",
    "3. Partners to work with, and their roles",
    "4. Issues to address",
    "5. High-level action plan",
)
TIMINGS = {"earlier": "Before a problem has grown", "later": "Afterwards"}
MOST, LETTERS = 4, 500
"""Texts on a slide, and letters, so that it need not go on on another."""


def strategy(
    baseline: Baseline, material: Material, partners: PartnerMap, *, version: int
) -> Document:
    """Return the commissioning strategy of one outcome in a place, and its presentation.

    A section in which nothing has been recorded is there and says so.

    Parameters
    ----------
    baseline : Baseline
        The outcome's results, with what lies ahead.
    material : Material
        The place's gaps and log.
    partners : PartnerMap
        Who works on it; may be empty.
    version : int
        Which strategy for the place it is; printed.
    """
    once = {p.indicator_id: p for p in baseline.by_pertinence()}
    baseline = replace(baseline, positions=tuple(once.values()), order=())
    outcome, place = baseline.outcome, baseline.place.name
    pictures = {p.indicator_id: _picture(p) for p in baseline.positions if has_history(p)}
    first = _first(baseline)
    known = {position.indicator_id for position in first}
    rest = [p for p in baseline.by_pertinence() if p.indicator_id not in known]
    parts = (
        _position(baseline, first, pictures),
        _story(baseline),
        _partners(partners, baseline.framework, outcome.id),
        _issues(baseline, material),
        _actions(baseline, material, partners),
    )
    blocks: list[Block] = []
    for title, part in zip(SECTIONS, parts, strict=True):
        blocks += [Heading(title, 1, flows=True), *part]
    if rest:
        blocks.append(Heading("The other indicators of this outcome", 1))
        blocks += [block for position in rest for block in _measure(position, pictures)]
    ahead = [table_outlook(p) for p in baseline.positions if p.indicator_id in pictures]
    blocks += [Heading("The figures in the charts", 1), *charted(baseline.positions)]
    blocks += [half(table) for table in ahead if not table.frame.empty]
    blocks += provenance([baseline])
    front = _in_short(baseline, parts)
    slides = [_slide(main_point(baseline)[0], front)]
    slides += [_slide(t, part) for t, part in zip(SECTIONS, parts, strict=True)]
    day = baseline.page.day
    return Document(
        title=f"Commissioning strategy: {outcome.title}",
        subtitle=f"{place}, compared with {baseline.comparator_label}; {baseline.framework.title}",
        notice=capital(baseline.notice),
        stage=STAGE_WORDS[material.log.stage],
        made=f"Version {version}, made from version {baseline.data_version} of the figures"
        f"{f', as known on {day_words(day)}' if day else ''}. {say_version(baseline.framework, baseline.version)}",
        blocks=tuple(blocks),
        slides=tuple(slides),
        front=tuple(front),
    )


def _in_short(baseline: Baseline, parts: tuple[list[Block], ...]) -> list[Block]:
    """Return where the place stands, and what nobody has written or decided yet."""
    flags = [block.text for part in parts for block in part if isinstance(block, Flag)]
    lacking = [text for text in flags if text.startswith(("Not written yet", "Missing"))]
    more = [Heading("What this strategy still lacks", 2), Items(tuple(lacking))] if lacking else []
    return [
        Heading("In short", 1, flows=True),
        Paragraph(say_place(baseline)),
        Items(tuple(say_headline(baseline))),
        *more,
    ]


def _first(baseline: Baseline) -> list[Position]:
    """Return the measures that matter most: issues and those with a target, or the two foremost."""
    every = baseline.by_pertinence()
    aimed = [p for p in every if is_issue(p) or (p.outlook and p.outlook.targets)]
    return aimed or every[:2]


def _picture(position: Position) -> Picture:
    """Return the chart of what lies ahead, or of the history where nothing was worked out."""
    if table_outlook(position).frame.empty:
        return history_picture(position)
    return picture(
        plot_outlook(position, ax=new_axes(height=outlook_height(position))),
        alternative=describe_outlook(position),
        caption=f"{table_history(position).caption}: the history, and what lies ahead. "
        f"{source(position)}",
        beside=True,
    )


def _position(
    baseline: Baseline, first: list[Position], pictures: dict[str, Picture]
) -> list[Block]:
    blocks: list[Block] = []
    if any(position.outlook for position in baseline.positions):
        blocks += paragraph(say_heading(baseline))
        blocks += paragraph(LEAD, say_forces(baseline))
        if warning := say_low_influence(baseline):
            blocks.append(Flag(warning))
        blocks.append(TableBlock(table_heading(baseline, believed=belief_in_short)))
    else:
        blocks.append(Flag("Missing: no indicator of this outcome has figures to carry on."))
    return blocks + [block for position in first for block in _measure(position, pictures)]


def _measure(position: Position, pictures: dict[str, Picture]) -> list[Block]:
    """Return where a measure stands, its chart, and what lies ahead with how far to believe it."""
    blocks = [Heading(position.indicator.title, 2, anchor(position)), *say_measure(position)]
    blocks += filter(None, [pictures.get(position.indicator_id)])
    if position.outlook:
        blocks += paragraph(say_forecast(position), say_judgement(position))
        blocks += paragraph(say_how_far_to_believe(position), say_track_record(position))
        blocks += [Items(tuple(say_target(aim, position))) for aim in position.outlook.targets]
    return blocks


def _story(baseline: Baseline) -> list[Block]:
    blocks: list[Block] = []
    if baseline.story.factors:
        blocks.append(TableBlock(table_factors(baseline)))
    else:
        blocks.append(
            Flag("Not written yet: nobody has recorded what helps or hinders this outcome here.")
        )
    if baseline.story.unseen:
        blocks.append(TableBlock(table_unseen(baseline)))
    return blocks + paragraph(say_forces(baseline))


def _partners(partners: PartnerMap, framework: Framework, outcome: str) -> list[Block]:
    named = table_contributors(partners, framework, outcome).frame.drop(columns="Outcome")
    if named.empty:
        return [Flag("Not written yet: no partner is named for this outcome.")]
    blocks = _noted(partners) + [TableBlock(Table("Partners and their roles", named))]
    if partners.governance:
        said = partners.governance
        blocks += paragraph(f"{said.body} decides for all partners: {said.decides}")
    return blocks


def _noted(partners: PartnerMap) -> list[Block]:
    return [Flag("This partner map is invented, as an example.")] if partners.example else []


def _issues(baseline: Baseline, material: Material) -> list[Block]:
    found = [position for position in baseline.by_pertinence() if is_issue(position)]
    blocks: list[Block] = [Heading("What the figures show", 2)]
    for position in found:
        see = Reference(f"The evidence: {position.indicator.title}", anchor(position))
        blocks += [Paragraph(say_issue(position)), see]
    if not found:
        said = (
            "No indicator of this outcome is clearly worse than its comparator, getting worse, losing "
            "ground, or has a gap that widens."
        )
        blocks.append(Paragraph(said))
    blocks.append(Heading("What is not known", 2))
    if gaps := material.gaps(baseline.outcome.id):
        blocks.append(gap_table(gaps, material, "Open gaps in what is known of this outcome"))
    else:
        blocks.append(Paragraph("No gap is open under this outcome."))
    return blocks


def _actions(baseline: Baseline, material: Material, partners: PartnerMap) -> list[Block]:
    outcome = baseline.outcome.id
    blocks: list[Block] = []
    if done := partners.interventions_for(outcome).values():
        rows = [
            (
                i.title,
                i.tier.capitalize(),
                TIMINGS[i.timing],
                partners.partners[i.lead].organisation,
            )
            for i in done
        ]
        blocks += [Heading("What is done for people", 2), *_noted(partners)]
        columns = ["Intervention", "For whom", "When", "Led by"]
        blocks.append(table_block("Interventions for this outcome", columns, rows))
        if partners.all_late(outcome):
            blocks.append(
                Flag("Every one of them is specialist help that comes later; none prevents.")
            )
    blocks.append(Heading("Actions that close gaps", 2))
    planned = [(plan_action(gap), gap) for gap in material.gaps(outcome) if gap.action]
    if planned:
        rows = [
            (
                a.what,
                gap.title,
                a.owner or "Not decided",
                day_words(a.due) if a.due else "Not decided",
            )
            for a, gap in planned
        ]
        columns = ["Action", "Closes the gap", "Owner", "By"]
        blocks.append(table_block("Actions that close gaps", columns, rows))
    else:
        blocks.append(Flag("Not written yet: no action has been decided for an open gap."))
    if not (assumed := table_assumptions(baseline)).frame.empty:
        blocks += [Heading("Options that were worked through", 2)]
        blocks += _options(baseline)
        blocks.append(TableBlock(assumed, wide=True))
    if not (wanted := table_targets(baseline)).frame.empty:
        blocks += [Heading("What is aimed at", 2), TableBlock(wanted, wide=True)]
    if not (done or planned or len(assumed.frame)):
        blocks.insert(0, Flag("Not written yet: nobody has recorded an option or an action."))
    return blocks


def _options(baseline: Baseline) -> list[Block]:
    """Return what each option would come to, by measure; what is said of all of them once."""
    blocks, told = [], set()
    for position in baseline.by_pertinence():
        said = say_scenarios(position) if position.outlook else []
        new = [words for words in said if words not in told]
        told.update(new)
        blocks += [Heading(position.indicator.title, 3), Items(tuple(new))] if new else []
    return blocks


def _slide(title: str, part: list[Block]) -> Slide:
    """Return a section in short: its first sentences as they stand, and its first chart."""
    texts: list[str] = []
    for block in part:
        texts += list(block.texts) if isinstance(block, Items) else []
        texts += [block.text] if isinstance(block, Flag | Paragraph) else []
        if isinstance(block, TableBlock) and not texts:
            texts += [str(words) for words in block.table.frame.iloc[:MOST, 0]]
    texts = texts[:MOST]
    while len(texts) > 1 and sum(map(len, texts)) > LETTERS:
        texts.pop()
    drawn = next((block for block in part if isinstance(block, Picture)), None)
    return Slide(title, tuple(texts), drawn)
