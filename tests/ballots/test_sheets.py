"""Ballots collected on paper: read in whole or not at all, each refused one named with its line."""

import pytest

from outcomes.ballots.sheets import read_sheets
from outcomes.errors import DataError, ParameterError

HEAD = "group,voter,outcome,statement\n"


def rows(group, voter, *chosen, outcome="work"):
    return "".join(f"{group},{voter},{outcome},{each}\n" for each in chosen)


WHOLE = ("find", "earn", "learn", "start")


@pytest.fixture
def take(opened, tmp_path):
    """Write a CSV file and read it in."""
    box, codes = opened
    path = tmp_path / "sheets.csv"

    def taken(text: str, head: str = HEAD) -> int:
        path.write_text(head + text, encoding="utf-8-sig")
        return len(box.cast_sheets("spring", read_sheets(path, box.ballot("spring"))))

    return taken, box, codes, path


def test_row_004_sheets_of_a_group_on_paper_and_codes_of_another_are_taken(take):
    taken, box, codes, _ = take
    text = rows("users", "sheet 1", *WHOLE) + rows("users", "sheet 2", *WHOLE)
    text += rows("users", "sheet 1", "People warm", "people NEAR", "safe", "kept", outcome="homes")
    text += rows("members", codes["members"][1], *WHOLE)
    assert taken(text) == 4
    assert {t.group: t.voted for t in box.turnout("spring")} == {
        "members": 1, "managers": 0, "users": 2,
    }  # fmt: skip
    box.close_ballot("spring")
    assert len(box.cast_ballots("spring")) == 16


def test_row_003_each_spoiled_sheet_is_named_with_its_lines_and_none_is_taken(take):
    taken, box, codes, path = take
    text = (
        rows("users", "1", *WHOLE)  # lines 2 to 5
        + rows("users", "2", *WHOLE[:3])
        + rows("users", "3", *WHOLE, "stay")
        + rows("users", "4", "find", "find", "earn", "learn")
        + rows("users", "5", "find", "earn", "learn", "warm")
        + rows("usars", "6", *WHOLE)
        + rows("members", "MEMBERS-0000-0000-0000", *WHOLE)
        + rows("members", codes["managers"][0], *WHOLE)
        + rows("users", "", *WHOLE)
        + rows("users", "1", *WHOLE)
    )
    with pytest.raises(ParameterError) as error:
        taken(text)
    here = "1. Everyone has good work in Tarrowshire"
    assert str(error.value) == "\n".join(
        [
            "9 ballots are refused",
            f"  {path}, line 6 to 8: {here}: 3 statements are chosen; choose exactly 4",
            f"  {path}, line 9 to 13: {here}: 5 statements are chosen; choose exactly 4",
            f"  {path}, line 14 to 17: {here}: “People find” stands more than once; choose 4 "
            "different statements",
            f"  {path}, line 18 to 21: {here}: “People warm” belongs to another outcome, 2. Everyone "
            "has a home; choose among this outcome's statements",
            f"  {path}, line 22 to 25: group: there is no group 'usars'; did you mean 'users'?",
            f"  {path}, line 26 to 29: this code is not one of this ballot; type it as it was handed "
            "out to you, such as MEMBERS-7K2M-9QXT-04WB",
            f"  {path}, line 30 to 33: voter: the code is one of the group 'managers', not of "
            "'members'",
            f"  {path}, line 34 to 37: voter: nobody is named; every ballot has a code, or a mark of "
            "its own",
            f"  {path}, line 38 to 41: {here}: this person has voted on it already; a vote counts "
            "once, so look whether the sheet was typed twice; another person's needs a mark of its own",
            "No ballot of the file was taken; put them right, and read it in again.",
        ]
    )
    assert sum(t.voted for t in box.turnout("spring")) == 0
    assert taken(rows("users", "1", *WHOLE)) == 1


def test_row_005_a_sheet_read_in_twice_is_refused(take):
    taken, _, _, _ = take
    assert taken(rows("users", "1", *WHOLE)) == 1
    with pytest.raises(ParameterError, match="this person has voted on it already"):
        taken(rows("users", "1", *WHOLE))


@pytest.mark.parametrize("mark", ["Sheet 9", "sheet  9", "SHEET\u00a09", "\uff33heet 9"])
def test_row_005_a_mark_typed_in_another_way_is_the_same_sheet(take, mark):
    taken, box, _, _ = take
    assert taken(rows("users", "sheet 9", *WHOLE)) == 1
    with pytest.raises(ParameterError, match="this person has voted on it already"):
        taken(rows("users", mark, *WHOLE))
    assert taken(rows("users", "sheet 10", *WHOLE)) == 1


def test_row_005_a_second_vote_with_a_code_is_told_of_the_page(take):
    taken, _, codes, _ = take
    ballot = rows("members", codes["members"][0], *WHOLE)
    with pytest.raises(
        ParameterError, match="and can be changed on the page until the ballot closes"
    ):
        taken(ballot + rows("users", "1", *WHOLE) + ballot)


def test_rows_of_one_ballot_may_stand_apart_and_blank_rows_between(take):
    taken, box, _, path = take
    one, two = (rows("users", mark, *WHOLE).splitlines(keepends=True) for mark in "12")
    assert taken("".join([*one[:2], *two[:3], ",,,\n", *one[2:], two[3], ",,,\n"])) == 2
    assert {t.group: t.voted for t in box.turnout("spring")}["users"] == 2
    three = rows("users", "3", *WHOLE[:3]).splitlines(keepends=True)
    with pytest.raises(ParameterError) as error:
        taken("".join([three[0], rows("users", "4", *WHOLE), *three[1:]]))
    assert f"  {path}, line 2, 7 and 8: 1. Everyone has good work in Tarrowshire: 3 " in str(
        error.value
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"group,voter,outcome\n", "no column 'statement'; it has group, voter and outcome. Expected "
         "the columns group, voter, outcome, statement"),
        (b"", "no column 'group'; it has none. Expected the columns group, voter, outcome, statement"),
        (HEAD.encode(), "it has no row below its headings"),
        (HEAD.encode() + b"users,\xff\xfe,work,find\n",
         "it is not UTF-8; save it as 'CSV UTF-8'"),
        (None, "cannot be read (No such file or directory); expected the columns group, voter, "
         "outcome, statement"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_told(take, content, reason):
    _, box, _, path = take
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DataError) as error:
        read_sheets(path, box.ballot("spring"))
    assert str(error.value) == f"{path}: {reason}. Nothing was read in."
