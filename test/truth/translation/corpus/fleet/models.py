"""Joined-table, single-table and concrete-like inheritance."""

from typing import Optional

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Depot(Base):
    __tablename__ = "depots"

    id: Mapped[int] = mapped_column(primary_key=True)
    city: Mapped[str]
    vehicles: Mapped[list["Vehicle"]] = relationship(back_populates="depot")
    trucks: Mapped[list["Truck"]] = relationship(viewonly=True)
    tickets: Mapped[list["Ticket"]] = relationship(back_populates="depot")


class Vehicle(Base):
    __tablename__ = "vehicles"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    plate: Mapped[str]
    depot_id: Mapped[Optional[int]] = mapped_column(ForeignKey("depots.id"))
    depot: Mapped[Optional["Depot"]] = relationship(back_populates="vehicles")

    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "vehicle"}


class Truck(Vehicle):
    __tablename__ = "trucks"

    id: Mapped[int] = mapped_column(ForeignKey("vehicles.id"), primary_key=True)
    load: Mapped[int]
    trailers: Mapped[list["Trailer"]] = relationship(back_populates="truck")

    __mapper_args__ = {"polymorphic_identity": "truck"}


class Tanker(Truck):
    __tablename__ = "tankers"

    id: Mapped[int] = mapped_column(ForeignKey("trucks.id"), primary_key=True)
    volume: Mapped[int]

    __mapper_args__ = {"polymorphic_identity": "tanker"}


class Bus(Vehicle):
    __tablename__ = "buses"

    id: Mapped[int] = mapped_column(ForeignKey("vehicles.id"), primary_key=True)
    seats: Mapped[int]

    __mapper_args__ = {"polymorphic_identity": "bus"}


class Trailer(Base):
    __tablename__ = "trailers"

    id: Mapped[int] = mapped_column(primary_key=True)
    truck_id: Mapped[int] = mapped_column(ForeignKey("trucks.id"))
    axles: Mapped[int]
    truck: Mapped["Truck"] = relationship(back_populates="trailers")


class Ticket(Base):
    """Single table: repairs and inspections have columns of their own."""

    __tablename__ = "tickets"

    id: Mapped[int] = mapped_column(primary_key=True)
    type: Mapped[str]
    title: Mapped[str]
    depot_id: Mapped[int] = mapped_column(ForeignKey("depots.id"))
    depot: Mapped["Depot"] = relationship(back_populates="tickets")

    __mapper_args__ = {"polymorphic_on": "type", "polymorphic_identity": "ticket"}


class Repair(Ticket):
    cost: Mapped[Optional[int]]

    __mapper_args__ = {"polymorphic_identity": "repair"}


class Inspection(Ticket):
    inspector: Mapped[Optional[str]]

    __mapper_args__ = {"polymorphic_identity": "inspection"}


class UrgentRepair(Repair):
    __mapper_args__ = {"polymorphic_identity": "urgent"}
