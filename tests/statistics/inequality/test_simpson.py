import re

import numpy as np
import pandas as pd
import pytest

from outcomes.statistics.inequality import reversals, worse_off


def sides(first, second, *, area="A"):
    """Return a table from two dicts of group: (numerator, denominator)."""
    rows = [
        {"area": area, "side": side, "group": g, "numerator": n, "denominator": d}
        for side, part in (("a", first), ("b", second))
        for g, (n, d) in part.items()
    ]
    return pd.DataFrame(rows)


def compared(table, **options):
    return reversals(table, by=["area"], between="side", pair=("a", "b"), **options)


OPEN = {"small": (81, 87), "large": (192, 263)}
KEYHOLE = {"small": (234, 270), "large": (55, 80)}


def test_kidney_stones_are_a_full_reversal():
    """Charig and others (1986), British Medical Journal 292: open surgery against keyhole."""
    found = compared(sides(OPEN, KEYHOLE), per=100).iloc[0]
    assert [found["first"], found["second"]] == pytest.approx([78, 82.571], abs=1e-3)
    assert found["change"] > 0 > found["rate_effect"]
    assert found["verdict"] == "full_reversal"
    assert found["groups"] == "large, small"
    assert found["groups_share"] == pytest.approx(1)
    assert (found["n"], found["method"], found["reason"]) == (2, "kitagawa", "")


def test_berkeley_is_a_partial_reversal():
    """Bickel, Hammel and O'Connell (1975), Science 187: admissions of women against men."""
    men = {"A": (512, 825), "B": (353, 560), "C": (120, 325)}
    men |= {"D": (138, 417), "E": (53, 191), "F": (22, 373)}
    women = {"A": (89, 108), "B": (17, 25), "C": (202, 593)}
    women |= {"D": (131, 375), "E": (94, 393), "F": (24, 341)}
    found = compared(sides(men, women), per=100).iloc[0]
    assert [found["first"], found["second"]] == pytest.approx([44.52, 30.35], abs=0.01)
    assert (found["verdict"], found["groups"]) == ("partial_reversal", "A, B, D, F")


def test_effects_add_up_to_the_change_and_are_hand_worked():
    # Rates 0.5, 0.1 then 0.6, 0.2; shares 0.5, 0.5 then 0.25, 0.75.
    table = sides({"x": (50, 100), "y": (10, 100)}, {"x": (60, 100), "y": (60, 300)})
    found = compared(table).iloc[0]
    assert found["rate_effect"] == pytest.approx(0.1)
    assert found["mix_effect"] == pytest.approx(-0.25 * 0.55 + 0.25 * 0.15)
    assert found["change"] == pytest.approx(found["rate_effect"] + found["mix_effect"])
    assert found["change"] == pytest.approx(0)
    assert found["verdict"] == "no_reversal"


@pytest.mark.parametrize(("people", "word"), [(101, "partial_reversal"), (99, "no_reversal")])
def test_a_partial_reversal_needs_more_than_half_of_the_people(people, word):
    table = sides({"x": (50, people), "y": (50, 100)}, {"x": (49, people), "y": (80, 100)})
    assert compared(table)["verdict"][0] == word


def test_exactly_half_of_the_people_is_no_reversal():
    table = sides({"x": (50, 100), "y": (50, 100)}, {"x": (49, 100), "y": (80, 100)})
    assert compared(table)["verdict"][0] == "no_reversal"


@pytest.mark.parametrize("lack", [{}, {"small": (np.nan, 270)}, {"small": (0, 0)}])
def test_a_group_unknown_on_one_side_gives_no_result(lack):
    table = sides(OPEN, {"large": KEYHOLE["large"]} | lack)
    found = compared(table).iloc[0]
    assert found["verdict"] == "cannot_tell"
    assert found["reason"] == "not known on both sides: small"
    assert np.isnan([found["change"], found["rate_effect"], found["groups_share"]]).all()


def test_one_group_is_no_comparison():
    found = compared(sides({"x": (1, 2)}, {"x": (2, 3)})).iloc[0]
    assert (found["verdict"], found["reason"]) == ("cannot_tell", "at least 2 groups are needed")


def test_areas_may_have_groups_of_their_own():
    other = sides({"young": (1, 10), "old": (5, 10)}, {"young": (2, 10), "old": (6, 10)}, area="B")
    found = compared(pd.concat([sides(OPEN, KEYHOLE), other])).set_index("area")
    assert found["verdict"].to_dict() == {"A": "full_reversal", "B": "no_reversal"}
    assert found["n"].tolist() == [2, 2]


def test_nothing_to_compare_gives_no_rows():
    assert len(compared(sides(OPEN, KEYHOLE).iloc[:0])) == 0


def test_a_group_twice_is_refused():
    table = sides(OPEN, KEYHOLE)
    with pytest.raises(ValueError, match=f"^{re.escape('two rows for A, small; expected one')}$"):
        compared(pd.concat([table, table.iloc[:1]]))


def parts():
    rows = {
        "": (10, 9, 11, 100, 1000),
        "x": (15, 12, 18, 60, 400),
        "y": (40, 8, 80, 4, 10),
        "z": (5, 4, 6, 25, 500),
        "v": (11, 9, 14, 9, 80),
        "w": (19.9, 9, 30, 2, 10),
    }
    names = ["value", "lower", "upper", "numerator", "denominator"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=names, dtype=float)
    return table.rename_axis("group").reset_index().assign(area="A")


def test_worse_parts_are_listed_and_small_ones_with_high_rates_not_lost():
    found = worse_off(parts(), by=["area"], polarity="lower_is_better").set_index("group")
    assert found["verdict"].to_dict() == {"y": "notable", "x": "worse"}
    assert found["people"].tolist() == pytest.approx([3, 20])
    assert found["overall"].tolist() == [10, 10]
    assert found["ratio"].tolist() == [4, 1.5]
    assert found["numerator"].tolist() == [4, 60]
    assert found["reason"].tolist() == ["chance not ruled out", ""]
    assert (found["n"] == 5).all()


def test_how_much_worse_is_notable_can_be_chosen():
    found = worse_off(parts(), by=["area"], polarity="lower_is_better", notable=1.9)
    assert found["group"].tolist() == ["y", "w", "x"]


def test_where_higher_is_better_the_low_parts_are_worse():
    found = worse_off(parts(), by=["area"], polarity="higher_is_better")
    assert found["group"].tolist() == ["z"]
    assert (found["verdict"][0], found["people"][0]) == ("worse", pytest.approx(25))


def test_parts_without_limits_or_value():
    table = parts().assign(lower=np.nan, upper=np.nan)
    table.loc[table["group"] == "x", "value"] = np.nan
    found = worse_off(table, by=["area"], polarity="lower_is_better")
    assert found["group"].tolist() == ["y"]
    assert (found["method"][0], found["reason"][0], found["n"][0]) == ("side_only", "no limits", 4)


def test_worse_off_needs_a_worse_side_and_one_whole():
    message = "polarity 'no_judgement': expected higher_is_better or lower_is_better"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        worse_off(parts(), by=["area"], polarity="no_judgement")
    twice = pd.concat([parts(), parts().iloc[:1]])
    with pytest.raises(ValueError, match=re.escape("two rows for A, ; expected one")):
        worse_off(twice, by=["area"], polarity="lower_is_better")
    assert len(worse_off(parts().iloc[:0], by=["area"], polarity="lower_is_better")) == 0
