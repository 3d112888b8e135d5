import re
from datetime import date

import pandas as pd
import pytest

from outcomes.errors import DataError, ended
from outcomes.model.performance import ClientTable
from outcomes.services.clients import read_clients

TABLE = ClientTable(
    file="clients.csv", as_of=date(2025, 3, 31), better_off=("Off",), not_better_off=("Using",)
)
HEAD = "client,started,discharged,state_at_discharge,followed_up,state_at_follow_up\n"
EXPECTED = "Expected a table of clients, as 'file' and 'columns' under clients say."
GOOD = [
    "1,2022-05-01,2023-06-01,Off,2024-06-05,Using",
    "2,2022-05-01,2023-06-01,Using,,",
    "3,2024-05-01,,,,",
]


def written(tmp_path, *rows, head=HEAD):
    path = tmp_path / "clients.csv"
    path.write_text(head + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def test_every_client_is_read_with_what_is_known(tmp_path):
    found = read_clients(written(tmp_path, *GOOD), TABLE)
    assert found["client"].tolist() == ["1", "2", "3"]
    assert found["at_discharge"].tolist()[:2] == [1, 0]
    assert found["at_follow_up"].tolist()[0] == 0
    assert found["at_follow_up"].isna().tolist() == [False, True, True]
    assert found["discharged"].isna().tolist() == [False, False, True]
    assert found["followed_up"][0] == pd.Timestamp("2024-06-05")


def test_blank_rows_of_a_spreadsheet_and_a_table_without_clients_are_no_clients(tmp_path):
    found = read_clients(written(tmp_path, GOOD[0], ",,,,,", *GOOD[1:], ",,,,,"), TABLE)
    assert found["client"].tolist() == ["1", "2", "3"]
    assert found.index.tolist() == [0, 1, 2]
    assert read_clients(written(tmp_path), TABLE).empty


def test_headings_of_ones_own_are_read(tmp_path):
    head = HEAD.replace("client", "Case no").replace("discharged", "Left on")
    table = TABLE.model_copy(update={"columns": {"client": "Case no", "discharged": "Left on"}})
    assert len(read_clients(written(tmp_path, *GOOD, head=head), table)) == 3


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("1,2022-05-01,,,,", "client is '1'; expected each client once"),
        (",2022-05-01,,,,", "client is ''; expected the client's number"),
        ("9,01/05/2022,,,,", "started is '01/05/2022'; expected a day such as 2024-03-31"),
        ("9,2022-13-01,,,,", "started is '2022-13-01'; expected a day such as 2024-03-31"),
        ("9,,,,,", "started is ''; expected a day such as 2024-03-31"),
        (
            "9,2022-05-01,2022-04-30,Off,,",
            "discharged is '2022-04-30'; expected no day before the client started",
        ),
        (
            "9,2022-05-01,2025-04-01,Off,,",
            "discharged is '2025-04-01'; expected no day after 2025-03-31, when the table was drawn",
        ),
        (
            "9,2022-05-01,2023-06-01,Of,,",
            "state_at_discharge is 'Of'; expected one of Off and Using; did you mean 'Off'?",
        ),
        (
            "9,2022-05-01,2023-06-01,,,",
            "state_at_discharge is ''; expected a state, as discharged has a day",
        ),
        (
            "9,2022-05-01,,Off,,",
            "state_at_discharge is 'Off'; expected nothing, as discharged has no day",
        ),
        (
            "9,2022-05-01,2023-06-01,Off,2024-04-30,Off",
            "followed_up is '2024-04-30'; expected a day 11 months or more after discharge, or blank",
        ),
        (
            "9,2022-05-01,,,2024-06-05,Off",
            "followed_up is '2024-06-05'; expected nothing before the client is discharged",
        ),
        (
            "9,2022-05-01,2023-06-01,Off,,Off",
            "state_at_follow_up is 'Off'; expected nothing, as followed_up has no day",
        ),
    ],
)
def test_a_wrong_row_is_refused_by_file_line_and_value(tmp_path, row, message):
    path = written(tmp_path, *GOOD, row)
    with pytest.raises(DataError, match=f"^{re.escape(str(path))}, line 5: ") as raised:
        read_clients(path, TABLE)
    assert str(raised.value).partition("line 5: ")[2] == f"{ended(message)} Nothing was counted."


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", f"no column 'client'; it has none. {EXPECTED}"),
        (
            "client,started\n1,2022-05-01\n",
            f"no column 'discharged'; it has client and started. {EXPECTED}",
        ),
        (
            HEAD + GOOD[0] + "\n2,2022-05-01,2023",
            "line 3: 3 columns where the header has 6, so the file looks cut short or damaged.",
        ),
        (
            HEAD + GOOD[0] + ",,\n",
            "line 2: 8 columns where the header has 6, so the file looks cut short or damaged.",
        ),
        (HEAD + '"1,2', "not readable as CSV (unexpected end of data); look for an open quote."),
    ],
    ids=["empty", "columns", "short", "long", "quote"],
)
def test_a_damaged_file_is_refused(tmp_path, text, message):
    path = tmp_path / "clients.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as raised:
        read_clients(path, TABLE)
    said = str(raised.value)
    assert said.startswith(str(path))
    assert said.endswith(f"{message} Nothing was counted.")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError) as raised:
        read_clients(tmp_path / "none.csv", TABLE)
    assert str(raised.value) == (
        f"{tmp_path / 'none.csv'}: cannot be read (No such file or directory); expected a table of "
        "clients, as 'file' and 'columns' under clients say. Nothing was counted."
    )
