"""A small ballot of two groups, and databases to hold it in: SQLite, and PostgreSQL where there is one."""

import os

import pytest
import sqlalchemy as sa

from outcomes.ballots import open_box
from outcomes.model import Outcome, Statement
from outcomes.model.ballot import BallotDefinition

STATEMENTS = {"work": ["find", "earn", "learn", "start", "stay", "care"],
              "homes": ["warm", "near", "safe", "kept", "cheap"]}  # fmt: skip
WORK, HOMES = ("find", "earn", "learn", "start"), ("warm", "near", "safe", "kept")
TITLES = {"work": "Everyone has good work in {area}", "homes": "Everyone has a home"}
GROUPS = [
    {"id": "members", "title": "Elected members", "short": "MEMBERS", "invited": 3},
    {"id": "managers", "title": "Senior managers", "short": "MANAGERS", "invited": 2, "weight": 2},
    {"id": "users", "title": "Service users", "short": "USERS", "votes": "paper"},
]


@pytest.fixture
def outcomes():
    """Two outcomes with six and five statements."""
    return {
        name: Outcome(
            id=name,
            number=number,
            title=TITLES[name],
            short=name,
            question="?",
            statements=tuple(
                Statement(id=each, wording=f"People {each}", origin="a test") for each in ids
            ),
        )
        for number, (name, ids) in enumerate(STATEMENTS.items(), start=1)
    }


@pytest.fixture
def definition():
    """A ballot of two groups with codes and one on paper."""
    return BallotDefinition(framework="essex_2014", title="What matters", groups=GROUPS)


@pytest.fixture
def sqlite(tmp_path, monkeypatch):
    """An empty SQLite file of the test's own."""
    address = f"sqlite:///{tmp_path / 'ballots.sqlite'}"
    monkeypatch.setenv("OUTCOMES_BALLOTS", address)
    return address


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, monkeypatch):
    """The address of an empty database, of each kind."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite")
        return
    given = os.environ.get("OUTCOMES_TEST_POSTGRESQL")
    if not given:
        pytest.skip("no PostgreSQL server: OUTCOMES_TEST_POSTGRESQL is not set (.ci/postgresql)")
    server = sa.make_url(given).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(server, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    name = f"ballots_{os.getpid()}"
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    address = server.set(database=name).render_as_string(hide_password=False)
    monkeypatch.setenv("OUTCOMES_BALLOTS", address)
    yield address
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def box(database):
    """An empty ballot box."""
    with open_box() as opened:
        yield opened


@pytest.fixture
def opened(box, definition, outcomes):
    """The ballot `spring`, open, and the codes of its groups."""
    tables = []
    box.open_ballot("spring", definition, outcomes, tables.append, area="Tarrowshire")
    found = tables[0].groupby("group")["code"].agg(list).to_dict()
    return box, found


@pytest.fixture
def opened_in_sqlite(sqlite, definition, outcomes):
    """The ballot `spring` in a SQLite file, open, and what its members' codes entitle to."""
    tables = []
    with open_box() as box:
        box.open_ballot("spring", definition, outcomes, tables.append)
        codes = tables[0].set_index("group").loc["members", "code"]
        yield box, [box.ticket("spring", code) for code in codes]
