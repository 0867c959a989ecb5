"""The schema of version 3.0, from which migrations are kept"""

from pathlib import Path

from alembic import op

revision = "5d1c0e7a9b32"
down_revision = None
branch_labels = None
depends_on = None

SCHEMA = Path(__file__).parents[2] / "database" / "schema.sql"
TABLES = ("customers", "addresses", "categories", "products", "tags", "product_tags", "orders", "order_items", "payments", "reviews", "inventory_events")


def upgrade() -> None:
    op.execute(SCHEMA.read_text())


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
