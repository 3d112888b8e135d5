"""What Alembic runs to bring a database up: in the transaction that it is given."""

from alembic import context

from outcomes.ballots.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
