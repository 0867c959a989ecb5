"""Core tables, and classes mapped to some of them imperatively."""

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Float, ForeignKey, Integer, MetaData, Numeric, SmallInteger, String, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import registry, relationship

metadata = MetaData()
mapper_registry = registry(metadata=metadata)

hosts = Table(
    "hosts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(50), nullable=False, unique=True),
    Column("labels", postgresql.ARRAY(String), nullable=False),
    Column("active", Boolean, nullable=False),
)

samples = Table(
    "samples",
    metadata,
    Column("id", BigInteger, primary_key=True),
    Column("host_id", Integer, ForeignKey("hosts.id"), nullable=False),
    Column("taken_at", DateTime(timezone=True), nullable=False),
    Column("value", Float, nullable=False),
    Column("cost", Numeric(8, 3)),
    Column("level", SmallInteger, nullable=False),
    Column("details", postgresql.JSON),
)

archive = Table(
    "samples",
    metadata,
    Column("id", BigInteger, primary_key=True),
    Column("host_id", Integer, nullable=False),
    Column("day", Date, nullable=False),
    Column("value", Float),
    schema="archive",
)


class Host:
    pass


class Sample:
    pass


mapper_registry.map_imperatively(Host, hosts, properties={"samples": relationship("Sample", back_populates="host")})
mapper_registry.map_imperatively(Sample, samples, properties={"host": relationship("Host", back_populates="samples")})
