"""Everything in a schema that the metadata names; keys that name classes."""

import datetime
import enum
from typing import Optional

from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    metadata = MetaData(schema="clinic")


class Urgency(str, enum.Enum):
    ROUTINE = "routine"
    URGENT = "urgent"


specialists = Table(
    "specialists",
    Base.metadata,
    Column("doctor_id", Integer, ForeignKey("doctors.id"), primary_key=True),
    Column("field_id", Integer, ForeignKey("fields.id"), primary_key=True),
)


class Ward(Base):
    __tablename__ = "wards"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    floor: Mapped[int]
    doctors: Mapped[list["Doctor"]] = relationship(back_populates="ward", order_by="Doctor.id")


class Field(Base):
    __tablename__ = "fields"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Doctor(Base):
    __tablename__ = "doctors"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    ward_id: Mapped[int] = mapped_column(ForeignKey(Ward.id))
    active: Mapped[bool] = mapped_column(default=True)
    ward: Mapped["Ward"] = relationship(back_populates="doctors", lazy="joined")
    fields: Mapped[list["Field"]] = relationship(secondary=specialists)
    visits: Mapped[list["Visit"]] = relationship(back_populates="doctor")


class Patient(Base):
    __tablename__ = "patients"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[Optional[str]]
    doctor_id: Mapped[Optional[int]] = mapped_column(ForeignKey(Doctor.id))
    visits: Mapped[list["Visit"]] = relationship(back_populates="patient")


class Visit(Base):
    __tablename__ = "visits"

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"))
    doctor_id: Mapped[int] = mapped_column(ForeignKey("doctors.id"))
    urgency: Mapped[Urgency]
    begins_at: Mapped[datetime.datetime]
    fee: Mapped[int] = mapped_column(default=0)
    patient: Mapped["Patient"] = relationship(back_populates="visits")
    doctor: Mapped["Doctor"] = relationship(back_populates="visits")
