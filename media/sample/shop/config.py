"""Settings, read from the environment once."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    database_url: str
    page_size: int = 50
    low_stock: int = 10
    batch_size: int = 100


def load_settings() -> Settings:
    return Settings(database_url=os.environ.get("DATABASE_URL", "postgresql+psycopg://postgres@localhost:5432/shop"))
