from alembic import context

from services.migrations.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    dialect_name="postgresql",  # where migrations are only written down
    target_metadata=metadata,
    compare_type=True,
    transaction_per_migration=False,
)
context.run_migrations()
