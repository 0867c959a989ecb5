"""Queries over class hierarchies."""

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session, aliased, joinedload, selectin_polymorphic, selectinload, with_polymorphic

from fleet.models import Bus, Depot, Inspection, Repair, Tanker, Ticket, Trailer, Truck, UrgentRepair, Vehicle


def base(session: Session):
    return session.scalars(select(Vehicle)).all()


def joined_subclass(session: Session):
    return session.scalars(select(Truck)).all()


def joined_subclass_of_subclass(session: Session):
    return session.scalars(select(Tanker).where(Tanker.volume > 5)).all()


def column_of_base(session: Session):
    return session.scalars(select(Truck.id).where(Truck.plate.like("a%"))).all()


def columns_of_both(session: Session):
    return session.execute(select(Truck.plate, Truck.load).order_by(Truck.load.desc(), Truck.id)).all()


def own_column_only(session: Session):
    return session.scalars(select(Bus.seats).where(Bus.seats > 3)).all()


def joined_ordered(session: Session):
    return session.scalars(select(Bus).order_by(Bus.seats, Bus.id).limit(2)).all()


def get_joined(session: Session):
    return session.get(Truck, 2)


def get_base(session: Session):
    return session.get(Vehicle, 1)


def join_to_subclass(session: Session):
    return session.execute(select(Depot.city, Truck.load).join(Truck, Truck.depot_id == Depot.id)).all()


def join_relationship_to_subclass(session: Session):
    return session.execute(select(Depot.city, Truck.load).join(Depot.trucks)).all()


def join_of_type(session: Session):
    return session.execute(select(Depot.id, Truck.load).join(Depot.vehicles.of_type(Truck)).where(Truck.load > 3)).all()


def any_of_type(session: Session):
    return session.scalars(select(Depot.id).where(Depot.vehicles.of_type(Bus).any(Bus.seats > 10))).all()


def join_from_subclass(session: Session):
    return session.execute(select(Truck.plate, Depot.city).join(Truck.depot)).all()


def join_to_own_relationship(session: Session):
    return session.execute(select(Truck.id, Trailer.axles).join(Truck.trailers)).all()


def join_back_to_subclass(session: Session):
    return session.execute(select(Trailer.id, Truck.plate).join(Trailer.truck)).all()


def alias_of_subclass(session: Session):
    truck = aliased(Truck)
    return session.execute(select(truck.plate, truck.load).where(truck.load > 2)).all()


def alias_flat(session: Session):
    truck = aliased(Truck, flat=True)
    return session.execute(select(Depot.id, truck.load).join(truck, truck.depot_id == Depot.id)).all()


def polymorphic_all(session: Session):
    anything = with_polymorphic(Vehicle, "*")
    return session.scalars(select(anything).order_by(anything.id)).all()


def polymorphic_two(session: Session):
    vehicle = with_polymorphic(Vehicle, [Truck, Bus])
    stmt = select(vehicle).where(or_(vehicle.Truck.load > 5, vehicle.Bus.seats > 5))
    return session.scalars(stmt).all()


def polymorphic_flat(session: Session):
    vehicle = with_polymorphic(Vehicle, [Truck], flat=True)
    return session.scalars(select(vehicle).where(vehicle.Truck.load < 20)).all()


def polymorphic_selectin(session: Session):
    return session.scalars(select(Vehicle).options(selectin_polymorphic(Vehicle, [Truck, Bus])).order_by(Vehicle.id)).all()


def eager_to_base(session: Session):
    return session.scalars(select(Depot).options(joinedload(Depot.vehicles)).where(Depot.id < 4)).unique().all()


def eager_to_subclass(session: Session):
    return session.scalars(select(Trailer).options(joinedload(Trailer.truck)).where(Trailer.id < 4)).all()


def select_in_to_base(session: Session):
    return session.scalars(select(Depot).options(selectinload(Depot.vehicles)).where(Depot.id < 4)).all()


def lazy_to_subclass(session: Session):
    trailer = session.scalars(select(Trailer).where(Trailer.id == 1)).one()
    return trailer.truck


def subclass_column_later(session: Session):
    vehicle = session.scalars(select(Vehicle).where(Vehicle.kind == "bus").limit(1)).one()
    return vehicle.seats


def single_base(session: Session):
    return session.scalars(select(Ticket).order_by(Ticket.id)).all()


def single_subclass(session: Session):
    return session.scalars(select(Inspection)).all()


def single_with_descendants(session: Session):
    return session.scalars(select(Repair).where(Repair.cost > 3)).all()


def single_leaf(session: Session):
    return session.scalars(select(UrgentRepair.title)).all()


def single_column(session: Session):
    return session.scalars(select(Inspection.inspector).where(Inspection.depot_id < 10)).all()


def single_count(session: Session):
    return session.scalar(select(func.count(Repair.id)))


def single_count_from(session: Session):
    return session.scalar(select(func.count()).select_from(Repair))


def single_joined(session: Session):
    return session.execute(select(Depot.city, Repair.cost).join(Repair)).all()


def single_joined_outer(session: Session):
    return session.execute(select(Depot.id, Repair.id).outerjoin(Repair, Repair.depot_id == Depot.id)).all()


def single_of_type(session: Session):
    return session.execute(select(Depot.id).join(Depot.tickets.of_type(Inspection))).all()


def single_alias(session: Session):
    repair = aliased(Repair)
    return session.scalars(select(repair.title).where(repair.cost > 4)).all()


def single_in_subquery(session: Session):
    return session.scalars(select(Depot.id).where(Depot.id.in_(select(Repair.depot_id)))).all()


def single_exists(session: Session):
    return session.scalars(select(Depot.id).where(select(Repair.id).where(Repair.depot_id == Depot.id).exists())).all()


def single_get(session: Session):
    return session.get(Repair, 2)


def single_update(session: Session):
    session.execute(update(Repair).where(Repair.cost > 10).values(title="dear").execution_options(synchronize_session=False))


def single_delete(session: Session):
    session.execute(delete(Inspection).where(Inspection.id > 5).execution_options(synchronize_session=False))


def single_polymorphic(session: Session):
    ticket = with_polymorphic(Ticket, [Repair])
    return session.scalars(select(ticket).where(ticket.Repair.cost > 1)).all()


def query_joined(session: Session):
    return session.query(Truck).filter(Truck.load > 1).all()


def query_single(session: Session):
    return session.query(Repair).filter_by(depot_id=3).all()


def query_count(session: Session):
    return session.query(Truck).count()


def added(session: Session):
    session.add(Bus(plate="B 1", seats=40))
    session.flush()
