"""Repositories that leave to their subclasses what they are about."""

from typing import Any, ClassVar, Generic, TypeVar

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from clinic.models import Base, Doctor, Field, Patient, Visit, Ward

M = TypeVar("M", bound=Base)


class Reader(Generic[M]):
    """What it reads its subclasses say."""

    model: ClassVar[type[Base]]

    def __init__(self, session: Session) -> None:
        self.session = session

    def by_key(self, key: int):
        return self.session.scalars(select(self.model).where(self.model.id == key)).one_or_none()

    def count(self) -> int:
        return self.session.scalar(select(func.count()).select_from(self.model))


class WardReader(Reader[Ward]):
    model = Ward


class PatientReader(Reader[Patient]):
    model = Patient

    def named(self, name: str):
        return self.session.scalars(self._base().where(Patient.name == name).order_by(self.model.id)).all()

    def _base(self):
        return select(self.model)


class Store(Generic[M]):
    """The class comes with the constructor."""

    def __init__(self, session: Session, model: type[M]) -> None:
        self.session = session
        self.model = model

    def newest(self, limit: int = 3):
        return self.session.scalars(select(self.model).order_by(self.model.id.desc()).limit(limit)).all()


class VisitStore(Store[Visit]):
    def __init__(self, session: Session) -> None:
        super().__init__(session, Visit)

    def of_patient(self, patient_id: int):
        return self.session.scalars(select(self.model).where(self.model.patient_id == patient_id).order_by(self.model.id)).all()


class FieldStore(Store[Field]):
    def __init__(self, session: Session) -> None:
        super().__init__(session, Field)


MODELS: dict[str, type[Base]] = {"ward": Ward, "field": Field}
SORTED_BY = {"name": Doctor.name, "key": Doctor.id}


def reader_of_wards(session: Session):
    return WardReader(session).by_key(2)


def reader_of_patients(session: Session):
    return PatientReader(session).by_key(2)


def counted_patients(session: Session):
    return PatientReader(session).count()


def counted_wards(session: Session):
    return WardReader(session).count()


# call: name="Amber"
def patients_named(session: Session, name: str):
    return PatientReader(session).named(name)


def newest_visits(session: Session):
    return VisitStore(session).newest()


def newest_fields(session: Session):
    return FieldStore(session).newest(2)


def visits_of_patient(session: Session):
    return VisitStore(session).of_patient(4)


# call: kind="ward"
# call: kind="field"
def any_kind(session: Session, kind: str):
    model = MODELS[kind]
    return session.execute(select(model.id, model.name).order_by(model.id)).all()


# call: order="name"
# call: order="key"
# call: order="nothing"
def doctors_sorted(session: Session, order: str):
    return session.scalars(select(Doctor.id).order_by(SORTED_BY.get(order, Doctor.ward_id), Doctor.id)).all()


def _restrict(conditions: list[ColumnElement[bool]], active: bool) -> None:
    conditions.append(Doctor.active.is_(active))


def _fill(values: dict[str, Any]) -> None:
    values["fee"] = 10


def conditions_from_helper(session: Session):
    conditions = [Doctor.ward_id > 1]
    _restrict(conditions, True)
    return session.scalars(select(Doctor.id).where(*conditions)).all()


class Restrictions:
    def __init__(self) -> None:
        self.conditions: list[ColumnElement[bool]] = []

    def active(self) -> None:
        self.conditions.append(Doctor.active)

    def apply(self, stmt):
        return stmt.where(*self.conditions)


def conditions_none(session: Session):
    ids: list[int] = []
    return session.scalars(select(Doctor.id).where(Doctor.id.in_(ids))).all()


def conditions_none_among_others(session: Session):
    ids: list[int] = []
    return session.scalars(select(Doctor.id).where(Doctor.active, Doctor.id.in_(ids), Doctor.ward_id > 1)).all()


def no_restriction(session: Session):
    return session.scalars(select(Doctor.id).where(Doctor.id.not_in([]), Doctor.active)).all()


def either_or_nothing(session: Session):
    return session.scalars(select(Doctor.id).where((Doctor.id.in_([])) | (Doctor.ward_id == 2))).all()


def loaded_with_default(session: Session):
    return session.scalars(select(Doctor).order_by(Doctor.id)).all()


def loaded_limited(session: Session):
    return session.scalars(select(Ward).options(joinedload(Ward.doctors)).order_by(Ward.name, Ward.id).limit(2)).unique().all()


def by_field(session: Session):
    return session.scalars(select(Doctor.name).join(Doctor.fields).where(Field.name == "Amber").order_by(Doctor.id)).all()


def without_visits(session: Session):
    return session.scalars(select(Patient.id).where(~Patient.visits.any(Visit.fee > 3))).all()
