"""Parts that reports share: a measure in short, pictures, gaps, what is wanted, the comment log."""

from collections.abc import Iterable, Sequence

import pandas as pd

from outcomes.charts import new_axes, plot_history, to_png, to_svg
from outcomes.model import Baseline, Framework, Position, day_words
from outcomes.model.evidence import RegisterGap
from outcomes.model.report import STAGE_WORDS, Comment, ReportLog
from outcomes.model.words import capital
from outcomes.narrative import (
    describe_history,
    say_apart,
    say_breaks,
    say_gap,
    say_history,
    say_methods,
    say_position,
    say_proxy,
    say_step,
    say_trend,
    say_within,
)
from outcomes.narrative.pages import MOVING
from outcomes.reports.document import (
    Block,
    Flag,
    Heading,
    Items,
    Paragraph,
    Picture,
    TableBlock,
)
from outcomes.reports.material import Material
from outcomes.reports.short import measures, ways
from outcomes.tables import Table, table_history, table_sources
from outcomes.tables.evidence import table_register

SMALL = 2.1
"""Inches: how high a chart of one measure is."""
NAMED = 4
"""How many gaps that are past due are named."""
TERMS = ["Licence", "Read on"]
"""Columns of the sources that are said once, over the table."""
KINDS = {"comment": "Comment", "request": "Request for further information"}


def paragraph(*sentences: str) -> list[Paragraph]:
    """Return the sentences as one paragraph; none where all are empty."""
    words = " ".join(filter(None, sentences))
    return [Paragraph(words)] if words else []


def picture(ax, *, alternative: str, caption: str, beside: bool = False) -> Picture:
    """Return a finished chart as a picture for screen and paper."""
    width, height = (float(inches) for inches in ax.figure.get_size_inches())
    return Picture(to_svg(ax), to_png(ax), width, height, alternative, caption, beside)


def has_history(position: Position) -> bool:
    """Return whether there is a history to draw."""
    return position.latest is not None and position.figures_known > 1


def history_picture(position: Position) -> Picture:
    """Return the chart of a measure's history."""
    return picture(
        plot_history(position, ax=new_axes(height=SMALL)),
        alternative=describe_history(position),
        caption=f"{table_history(position).caption}. {source(position)}",
        beside=True,
    )


def anchor(position: Position) -> str:
    """Return the name under which a measure is found in the document."""
    return f"measure_{position.indicator_id}"


def say_measure(position: Position) -> list[Paragraph]:
    """Return what a measure is, where it stands and how it has moved, or why that cannot be said.

    The source stands here where no chart names it.
    """
    proxy, near = say_proxy(position), position.series.match == "near"
    differs = f"Near, not the same. {position.series.note}" if near and not proxy else ""
    found = paragraph(proxy or position.indicator.definition, differs, *position.indicator.caveats)
    moved = position.latest is not None and (say_trend(position) or say_history(position))
    found += paragraph(*say_position(position), moved or "", say_breaks(position))
    inside = position.latest is None and position.within["value"].notna().sum() > 1
    found += paragraph(*say_moving(position), say_within(position) if inside else "")
    return found if has_history(position) else found + [Paragraph(source(position))]


def source(position: Position) -> str:
    """Return where a measure's figures come from."""
    found = position.source
    published = f", published {found.published}" if found.published else ""
    return f"Source: {found.publisher}, {found.title}{published}."


def say_moving(position: Position) -> list[str]:
    """Return what moves beside the trend: a step, the comparator's distance, gaps; beyond chance."""
    standing = position.standing
    said = [say_step(position)] if position.stepped_lately else []
    if standing.apart and standing.apart.verdict in MOVING:
        said.append(say_apart(position))
    return said + [say_gap(gap, position) for gap in standing.gaps if gap.verdict in MOVING]


def is_issue(position: Position) -> bool:
    """Return whether a measure is clearly worse, getting worse, losing ground, or has a gap that grows."""
    return any(way.holds(position) for way in ways("", "worse"))


def say_issue(position: Position) -> str:
    """Return in what way a measure is an issue, each way with its figures."""
    said = (way.says(position) for way in ways("", "worse") if way.holds(position))
    return f"{position.indicator.title}. {' '.join(said)}"


def gap_table(gaps: Sequence[RegisterGap], material: Material, caption: str) -> TableBlock:
    """Return gaps as a table that fits a page: what is missing, what closes it, who and by when.

    Gaps of which the same is said share a row.
    """
    frame = table_register(gaps, material.evidence, caption=caption).frame
    who = [o if d == o else f"{o}; {d}" for o, d in zip(frame["Owner"], frame["Due"], strict=True)]
    frame["Who, and by when"] = who
    said = ["What is missing", "What closes it", "Who, and by when"]
    kept = frame.groupby(said, sort=False)["About"].agg("; ".join).reset_index()
    return TableBlock(Table(caption, kept[["About", *said]]))


def statements_line(framework: Framework) -> str:
    """Return how far the statements under the outcomes are agreed."""
    every = [s for outcome in framework.outcomes for s in outcome.statements]
    if not every:
        return "No statement of what each outcome means has been written yet."
    final = sum(statement.status == "final" for statement in every)
    return (
        f"{final or 'None'} of the {len(every)} statements of what the outcomes mean "
        f"{'is' if final < 2 else 'are'} final. Their order is their order of priority."
    )


def wanted(material: Material) -> list[str]:
    """Return what is open and which decisions the report asks for, a sentence each."""
    gaps, today = material.open_gaps, material.evidence.today
    late = [gap.title for gap in gaps if gap.past_due(today)]
    idle = [gap for gap in gaps if not (gap.action or gap.owner)]
    unwritten = [o.short for o in material.framework.outcomes if not material.texts[o.id]]
    unanswered = material.log.unanswered
    overview = material.evidence.overview
    issues = [position for position in measures(overview) if is_issue(position)]
    said = []
    if issues:
        said.append(
            f"Decide what to do about {_count(len(issues), 'indicator that is', 'indicators that are')} "
            f"clearly worse than {overview.comparator_label}, getting worse, losing ground, or "
            "with a gap that widens."
        )
    said.append(f"{_count(len(gaps), 'gap is', 'gaps are')} open in what is known.")
    if late:
        more = f" and {len(late) - NAMED} more" if len(late) > NAMED else ""
        said.append(f"Past due on {day_words(today)}: {'; '.join(late[:NAMED])}{more}.")
    if idle:
        said.append(
            f"Decide who closes {_count(len(idle), 'gap', 'gaps')} for which nobody has been named "
            "and nothing decided."
        )
    if unwritten:
        said.append(
            f"Decide what the figures mean for the level and standard of service: not written yet "
            f"for {len(unwritten)} of {len(material.framework.outcomes)} outcomes."
        )
    if unanswered:
        said.append(f"{_count(len(unanswered), 'comment has', 'comments have')} no answer yet.")
    return said


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def stage_line(log: ReportLog) -> str:
    """Return the stage that a report is in, and since when."""
    since = f", since {day_words(log.stages[-1].day)}" if log.stages else ""
    return f"Stage: {STAGE_WORDS[log.stage]}{since}."


def log_blocks(log: ReportLog, framework: Framework) -> list[Block]:
    """Return the stages that a report went through and every comment with its answer."""
    blocks: list[Block] = [
        Heading("Stages and comments", 1, flows=True),
        Paragraph(stage_line(log)),
    ]
    for change in log.stages:
        if change.override:
            blocks.append(
                Flag(
                    f"Issued as {STAGE_WORDS[change.stage].lower()} on {day_words(change.day)} with "
                    f"a comment that had no answer. The reason given: {change.override}"
                )
            )
    if log.stages:
        rows = [(STAGE_WORDS[s.stage], day_words(s.day), s.reason or "-") for s in log.stages]
        blocks.append(table_block("Stages of this report", ["Stage", "Since", "Reason"], rows))
    if not log.comments:
        return [*blocks, Paragraph("Nobody has commented on this report yet.")]
    short = {outcome.id: outcome.short for outcome in framework.outcomes}
    rows = [_comment(c, short.get(c.about, c.about.replace("_", " "))) for c in log.comments]
    columns = ["Comment", "About", "From", "What was said", "Answer"]
    return [*blocks, table_block("Comments and their answers", columns, rows)]


def _comment(comment: Comment, about: str) -> tuple[str, ...]:
    answer = "No answer yet"
    if comment.answered:
        answer = f"{comment.answer} ({day_words(comment.answered)})"
    by = f"{comment.by}, {day_words(comment.day)}"
    what = f"{comment.id}: {KINDS[comment.kind].lower()}"
    return what, capital(about), by, comment.text, answer


def table_block(caption: str, columns: list[str], rows: list[tuple[str, ...]]) -> TableBlock:
    """Return rows of words as a table."""
    return TableBlock(Table(caption, pd.DataFrame(rows, columns=columns)))


def provenance(baselines: list[Baseline]) -> list[Block]:
    """Return where every figure comes from and on which terms, and how to read the report."""
    frames = [table_sources(baseline).frame for baseline in baselines if baseline.positions]
    blocks: list[Block] = [Heading("Sources and licences", 1, flows=True)]
    for terms, rows in pd.concat(frames).groupby(TERMS, sort=False) if frames else ():
        licence, day = terms
        caption = f"Where figures come from, read on {day}. {licence}"
        blocks.append(TableBlock(Table(caption, rows.drop(columns=TERMS))))
    lines = (p.source.attribution for b in baselines for p in b.positions)
    blocks += [Paragraph(f"{line}.") for line in dict.fromkeys(lines) if line]
    said = tuple(say_methods(baselines[0]))
    return [*blocks, Heading("How to read this report", 1, flows=True), Items(said)]


def charted(positions: Iterable[Position]) -> list[Block]:
    """Return the figures behind the charts of some measures, a table each."""
    return [half(table_history(position)) for position in positions if has_history(position)]


def half(table: Table) -> TableBlock:
    """Return a table for half a page; a note that is the same in each row stands over it."""
    notes = table.frame.get("Note", pd.Series([""])).unique()
    if len(notes) == 1 and notes[0]:
        note = notes[0].rstrip(".")
        table = Table(f"{table.caption}. {note}.", table.frame.drop(columns="Note"))
    return TableBlock(table, half=True)
