"""The steps by which a ballot database is made and brought up; Alembic runs them."""
