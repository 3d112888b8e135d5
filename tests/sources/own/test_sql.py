"""One SQL query: on a SQLite file, and on a real PostgreSQL server where there is one."""

import datetime
import os
import sqlite3
from contextlib import closing

import pytest
import sqlalchemy

from outcomes.errors import DataError, ParameterError
from outcomes.sources import own

QUERY = "SELECT area, day, kind, cases, people FROM cases WHERE kind LIKE 'r%' ORDER BY area"
COLUMNS = {"area": "area", "period": "day", "numerator": "cases", "denominator": "people"}
ROWS = [
    ("X07000001", datetime.date(2024, 3, 31), "repair", 30, 40.0),
    ("X07000001", datetime.date(2024, 3, 31), "repair", 30, 40.0),
    ("Southend and Wick", datetime.date(2024, 3, 31), "re: 'a;b'", 1, 8.0),
    ("X07000002", datetime.date(2025, 3, 31), "repair", None, 8.0),
    ("Nowhere", datetime.date(2024, 3, 31), "repair", 1, 2.0),
    ("X07000001", datetime.date(2024, 3, 31), "other", 5, 40.0),
]
SECRET = "p/ss w:rd"


@pytest.fixture
def query(mapped, monkeypatch):
    """Write a mapping with a query; what stands in the variable OWN_TEST_DB is the address."""

    def to(address: str | None = None, query: str = QUERY, **changes):
        if address:
            monkeypatch.setenv("OWN_TEST_DB", address)
        keys = {"file": None, "columns": COLUMNS, "connection": "env:OWN_TEST_DB"}
        return mapped(**keys | {"query": query} | changes)

    return to


@pytest.fixture
def sqlite_file(tmp_path):
    path = tmp_path / "cases of 2024?.sqlite"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(
            "CREATE TABLE cases (area TEXT, day TEXT, kind TEXT, cases INT, people REAL)"
        )
        rows = [(area, str(day), *rest) for area, day, *rest in ROWS]
        database.executemany("INSERT INTO cases VALUES (?, ?, ?, ?, ?)", rows)
    return path


@pytest.fixture
def server(monkeypatch):
    """The address of a real server with a table of the test's own."""
    address = os.environ.get("OUTCOMES_TEST_POSTGRESQL")
    if not address:
        pytest.skip("no PostgreSQL server: OUTCOMES_TEST_POSTGRESQL is not set (.ci/postgresql)")
    url = sqlalchemy.make_url(address).set(drivername="postgresql+psycopg")
    engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE IF EXISTS cases")
        connection.exec_driver_sql(
            "CREATE TABLE cases (area TEXT, day DATE, kind TEXT, cases INT, people NUMERIC)"
        )
        for row in ROWS:
            connection.exec_driver_sql("INSERT INTO cases VALUES (%s, %s, %s, %s, %s)", row)
    return engine


def address_of(engine, **changes) -> str:
    return engine.url.set(drivername="postgresql", **changes).render_as_string(hide_password=False)


def check_rows(reading) -> None:
    rows = reading.observations
    assert rows["value"].fillna(-1).to_list() == [12.5, 75, -1]
    assert rows["area_code"].to_list() == ["X07000002", "X07000001", "X07000002"]
    assert rows["denominator"].to_list() == [8, 40, 8]
    assert rows["status"].to_list() == ["final", "final", "not_available"]
    assert rows["period"].to_list() == ["March 2024", "March 2024", "March 2025"]
    assert reading.rejected[["line", "kind", "reason"]].to_numpy().tolist() == [
        [1, "rejected", "no area is called 'Nowhere'"],
        [4, "duplicate", "the same row stands above it"],
    ]
    assert reading.rejected["file"].str.endswith("own.yml, query").all()


def test_a_sqlite_file(query, sqlite_file, read):
    check_rows(read(query(connection=sqlite_file.name)))


def test_a_postgresql_server(query, server, read):
    check_rows(read(query(address_of(server))))


def test_the_hash_is_that_of_the_rows_whatever_their_order_and_address(query, sqlite_file):
    path = query(connection=sqlite_file.name)
    before = own.hashes(path)
    assert set(before) == {"own.yml", "own.yml, query"}
    other = sqlite_file.rename(sqlite_file.with_name("cases.sqlite"))
    again = own.hashes(query(f"sqlite:///{other}", query=QUERY + " DESC;"))
    assert again["own.yml, query"] == before["own.yml, query"]
    with closing(sqlite3.connect(other)) as database, database:
        database.execute("UPDATE cases SET cases = 31 WHERE cases = 30")
    path = query(connection=other.name)
    assert own.hashes(path)["own.yml, query"] != before["own.yml, query"]


@pytest.mark.parametrize(
    "text",
    [
        "DELETE FROM cases",
        "SELECT 1; DELETE FROM cases",
        "-- SELECT\nDROP TABLE cases",
        "/* SELECT */ UPDATE cases SET cases = 0",
        "selection",
    ],
)
def test_only_one_select_is_a_query(query, sqlite_file, text):
    path = query(connection=sqlite_file.name, query=text)
    with pytest.raises(ParameterError) as error:
        own.read(path)
    message = f"{path}, query: expected one SELECT statement and nothing else. Nothing was added."
    assert str(error.value) == message


def test_a_query_cannot_write_to_a_sqlite_file(query, sqlite_file):
    path = query(connection=sqlite_file.name, query="WITH x AS (SELECT 1) DELETE FROM cases")
    with pytest.raises(DataError) as error:
        own.read(path)
    assert str(error.value) == (
        f"{path}, query, {sqlite_file.name}: the database says: attempt to write a readonly "
        "database. Nothing was added."
    )


def test_a_query_cannot_write_to_a_server(query, server):
    path = query(address_of(server), "WITH x AS (DELETE FROM cases RETURNING *) SELECT * FROM x")
    with pytest.raises(DataError) as error:
        own.read(path)
    assert str(error.value) == (
        f"{path}, query, env:OWN_TEST_DB: the database says: cannot execute SELECT in a read-only "
        "transaction. Nothing was added."
    )
    with server.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM cases").scalar() == len(ROWS)


def test_a_query_without_a_row(query, sqlite_file):
    path = query(connection=sqlite_file.name, query="SELECT * FROM cases WHERE cases > 99")
    with pytest.raises(DataError) as error:
        own.read(path)
    assert str(error.value) == f"{path}, query: it gives no row. Nothing was added."


@pytest.mark.parametrize(
    ("address", "message"),
    [
        (None, "the environment variable OWN_TEST_DB is not set; expected one such as "),
        ("no address", "the environment variable OWN_TEST_DB holds no address; expected one such "
         "as "),
        ("postgresql://me:half@half@host/data", "the environment variable OWN_TEST_DB holds no "
         "address; expected one such as "),
    ],
)  # fmt: skip
def test_there_is_no_address(query, monkeypatch, address, message):
    monkeypatch.delenv("OWN_TEST_DB", raising=False)
    path = query(address)
    with pytest.raises(ParameterError) as error:
        own.read(path)
    expected = "postgresql://user:password@host/database, with %40 for an @ in a password. Nothing "
    expected += "was added."
    assert str(error.value) == f"{path}: {message}{expected}"


def test_there_is_no_sqlite_file(query):
    path = query(connection="cases.sqlite")
    with pytest.raises(ParameterError) as error:
        own.read(path)
    assert str(error.value) == (
        f"{path}: no SQLite file 'cases.sqlite' beside it; give one, or env:NAME with a variable "
        "that holds the database's address. Nothing was added."
    )


def said(path) -> str:
    """Return what a failed connection says: never a part of the password, in no form."""
    with pytest.raises(DataError) as error:
        own.read(path)
    assert error.value.__cause__ is None
    assert error.value.__suppress_context__
    before, _, words = str(error.value).partition(": the database says: ")
    assert before == f"{path}, query, env:OWN_TEST_DB"
    for form in (SECRET, "ss w:rd", "p%2Fss", "ss+w", "ss%20w"):
        assert form not in words
    return words


def test_a_server_that_is_not_there(query):
    assert said(query("postgresql://me:p%2Fss+w%3Ard@127.0.0.1:9/data")).startswith(
        "connection failed: connection to server at "
    )


def test_a_wrong_password(query, server):
    words = said(query(address_of(server, password=SECRET)))
    assert 'password authentication failed for user "tests"' in words


def test_a_database_that_repeats_the_password_in_its_message(query, server):
    address = address_of(server, database=SECRET)
    right = server.url.password
    path = query(address_of(server), f"SELECT '{right}'::int")
    with pytest.raises(DataError) as error:
        own.read(path)
    assert right not in str(error.value)
    assert 'invalid input syntax for type integer: "***"' in str(error.value)
    with pytest.raises(DataError, match="does not exist"):
        own.read(query(address))


def test_a_password_among_the_options_is_not_shown(query):
    address = "postgresql://127.0.0.1:9/data?user=me&password=p%2Fss+w%3Ard"
    assert said(query(address)) == "OperationalError. Nothing was added."


@pytest.mark.parametrize(
    ("driver", "words"),
    [
        (
            "mysql",
            "No module named 'MySQLdb': its driver is not installed; pip install "
            "'outcomes[postgresql]' has one. Nothing was added.",
        ),
        ("nosuch", "Can't load plugin: sqlalchemy.dialects:nosuch. Nothing was added."),
    ],
)
def test_a_driver_that_is_not_there(query, driver, words):
    assert said(query(f"{driver}://me:p%2Fss+w%3Ard@host/data")) == words


def test_a_table_that_is_not_there(query, server):
    path = query(address_of(server), "SELECT * FROM casse")
    with pytest.raises(DataError) as error:
        own.read(path)
    assert str(error.value) == (
        f'{path}, query, env:OWN_TEST_DB: the database says: relation "casse" does not exist. '
        "Nothing was added."
    )
