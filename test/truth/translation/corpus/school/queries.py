"""What is loaded by itself, and what options make of it."""

from sqlalchemy import func, select
from sqlalchemy.orm import (
    Load,
    Session,
    aliased,
    contains_eager,
    defaultload,
    defer,
    immediateload,
    joinedload,
    lazyload,
    load_only,
    noload,
    raiseload,
    selectinload,
    subqueryload,
    undefer,
    undefer_group,
)

from school.models import Course, Device, Enrollment, Lesson, Level, Profile, Pupil, Room, Student, Tag, Teacher, Topic


def teachers(session: Session):
    return session.scalars(select(Teacher).where(Teacher.id < 6)).all()


def courses(session: Session):
    return session.scalars(select(Course).where(Course.id < 6)).all()


def rooms(session: Session):
    return session.scalars(select(Room).order_by(Room.number)).all()


def lessons(session: Session):
    return session.scalars(select(Lesson).limit(5)).all()


def tags(session: Session):
    return session.scalars(select(Tag).where(Tag.id < 5)).all()


def tags_limited(session: Session):
    return session.scalars(select(Tag).order_by(Tag.word).limit(4)).all()


def students(session: Session):
    return session.scalars(select(Student)).all()


def enrollments(session: Session):
    return session.scalars(select(Enrollment).where(Enrollment.grade > 3)).all()


def topics(session: Session):
    return session.scalars(select(Topic).where(Topic.parent_id.is_(None))).all()


def pupils(session: Session):
    return session.scalars(select(Pupil).where(Pupil.id < 5)).all()


def profiles(session: Session):
    return session.scalars(select(Profile)).all()


def devices(session: Session):
    return session.scalars(select(Device)).all()


def one_course(session: Session):
    return session.get(Course, 3)


def one_enrollment(session: Session):
    return session.get(Enrollment, (1, 1))


def legacy_courses(session: Session):
    return session.query(Course).filter(Course.active).order_by(Course.title).all()


def legacy_first(session: Session):
    return session.query(Teacher).options(selectinload(Teacher.courses)).order_by(Teacher.id).first()


def legacy_subquery(session: Session):
    return session.query(Teacher).options(subqueryload(Teacher.courses)).filter(Teacher.id < 6).order_by(Teacher.name).all()


def legacy_paged(session: Session):
    return session.query(Teacher).options(subqueryload(Teacher.courses)).order_by(Teacher.id).offset(2).limit(3).all()


def select_in_one_to_one(session: Session):
    return session.scalars(select(Teacher).options(selectinload(Teacher.profile)).where(Teacher.id < 6)).all()


def select_in_shared_key(session: Session):
    return session.scalars(select(Profile).options(selectinload(Profile.teacher))).all()


def select_in_self(session: Session):
    return session.scalars(select(Teacher).options(selectinload(Teacher.mentor), selectinload(Teacher.apprentices))).all()


def select_in_three_deep(session: Session):
    stmt = select(Room).options(selectinload(Room.courses).selectinload(Course.lessons).selectinload(Lesson.course)).where(Room.floor > 3)
    return session.scalars(stmt).all()


def select_in_two_chains(session: Session):
    stmt = select(Teacher).options(
        selectinload(Teacher.courses).selectinload(Course.lessons), selectinload(Teacher.courses).selectinload(Course.tags)
    )
    return session.scalars(stmt.where(Teacher.id < 6)).all()


def select_in_below_join(session: Session):
    stmt = select(Lesson).options(joinedload(Lesson.course).selectinload(Course.tags)).where(Lesson.id < 6)
    return session.scalars(stmt).all()


def join_below_select_in(session: Session):
    stmt = select(Teacher).options(selectinload(Teacher.courses).joinedload(Course.room)).where(Teacher.id < 6)
    return session.scalars(stmt).all()


def select_in_below_contains(session: Session):
    stmt = select(Lesson).join(Lesson.course).options(contains_eager(Lesson.course).selectinload(Course.lessons)).where(Course.active)
    return session.scalars(stmt).all()


def select_in_composite_key(session: Session):
    return session.scalars(select(Enrollment).options(selectinload(Enrollment.student), selectinload(Enrollment.level))).all()


def select_in_written_join(session: Session):
    stmt = select(Course).options(selectinload(Course.open_lessons), selectinload(Course.planned)).where(Course.id < 9)
    return session.scalars(stmt).all()


def select_in_viewonly_secondary(session: Session):
    return session.scalars(select(Student).options(selectinload(Student.courses)).where(Student.id < 6)).all()


def select_in_friends(session: Session):
    return session.scalars(select(Pupil).options(selectinload(Pupil.friends)).where(Pupil.id < 6)).all()


def select_in_some_columns(session: Session):
    stmt = select(Teacher).options(selectinload(Teacher.courses).load_only(Course.title)).where(Teacher.id < 6)
    return session.scalars(stmt).all()


def select_in_without_key(session: Session):
    stmt = select(Lesson).options(load_only(Lesson.day), selectinload(Lesson.course)).where(Lesson.id < 6)
    return session.scalars(stmt).all()


def select_in_deferred(session: Session):
    stmt = select(Course).options(selectinload(Course.teacher).undefer(Teacher.biography), defer(Course.title)).where(Course.id < 6)
    return session.scalars(stmt).all()


def select_in_aliased(session: Session):
    mentor = aliased(Teacher)
    stmt = select(mentor).join(Teacher, Teacher.mentor_id == mentor.id).options(selectinload(mentor.courses))
    return session.scalars(stmt).all()


def select_in_conditions(session: Session):
    stmt = select(Course).options(selectinload(Course.lessons.and_(Lesson.cancelled.is_(False), Lesson.day > 3))).where(Course.id < 9)
    return session.scalars(stmt).all()


def select_in_conditions_to_one(session: Session):
    return session.scalars(select(Lesson).options(selectinload(Lesson.course.and_(Course.active))).where(Lesson.id < 9)).all()


def select_in_conditions_secondary(session: Session):
    return session.scalars(select(Course).options(selectinload(Course.tags.and_(Tag.id > 3))).where(Course.id < 9)).all()


def joined_conditions(session: Session):
    stmt = select(Course).options(joinedload(Course.lessons.and_(Lesson.day > 3))).where(Course.id < 9)
    return session.scalars(stmt).unique().all()


def joined_conditions_to_one(session: Session):
    return session.scalars(select(Lesson).options(joinedload(Lesson.course.and_(Course.active))).where(Lesson.id < 9)).all()


def joined_two_chains(session: Session):
    stmt = select(Lesson).options(
        joinedload(Lesson.course).joinedload(Course.room), joinedload(Lesson.course).load_only(Course.title)
    )
    return session.scalars(stmt.where(Lesson.id < 6)).all()


def lazy_conditions(session: Session):
    return session.scalars(select(Course).options(lazyload(Course.lessons.and_(Lesson.day > 3))).where(Course.id < 9)).all()


def lazy_conditions_to_one(session: Session):
    return session.scalars(select(Lesson).options(defaultload(Lesson.course.and_(Course.active))).where(Lesson.id < 9)).all()


def subquery_to_one(session: Session):
    return session.scalars(select(Lesson).options(subqueryload(Lesson.course)).where(Lesson.day == 3)).all()


def subquery_to_one_limited(session: Session):
    return session.scalars(select(Lesson).options(subqueryload(Lesson.course)).order_by(Lesson.day, Lesson.id).limit(6)).all()


def subquery_secondary(session: Session):
    return session.scalars(select(Course).options(subqueryload(Course.tags)).where(Course.id < 9)).all()


def subquery_below_joins(session: Session):
    stmt = select(Course).join(Course.room).where(Room.floor > 2).options(subqueryload(Course.lessons))
    return session.scalars(stmt).all()


def subquery_nested(session: Session):
    stmt = select(Teacher).options(subqueryload(Teacher.courses).subqueryload(Course.lessons)).where(Teacher.id < 6)
    return session.scalars(stmt).all()


def subquery_then_select_in(session: Session):
    stmt = select(Teacher).options(subqueryload(Teacher.courses).selectinload(Course.lessons)).where(Teacher.id < 6)
    return session.scalars(stmt).all()


def subquery_joined(session: Session):
    stmt = select(Teacher).options(subqueryload(Teacher.courses).joinedload(Course.room)).where(Teacher.id < 6)
    return session.scalars(stmt).all()


def subquery_distinct(session: Session):
    return session.scalars(select(Teacher).join(Teacher.courses).options(subqueryload(Teacher.courses)).distinct()).all()


def subquery_self(session: Session):
    return session.scalars(select(Teacher).options(subqueryload(Teacher.apprentices)).where(Teacher.id < 6)).all()


def immediately(session: Session):
    return session.scalars(select(Lesson).options(immediateload(Lesson.course)).where(Lesson.id < 6)).all()


def immediately_many(session: Session):
    stmt = select(Teacher).options(immediateload(Teacher.courses).selectinload(Course.lessons), lazyload(Teacher.profile))
    return session.scalars(stmt.where(Teacher.id < 4)).all()


def lazily_instead(session: Session):
    return session.scalars(select(Course).options(lazyload(Course.teacher), lazyload(Course.level)).where(Course.id < 6)).all()


def nothing_eagerly(session: Session):
    return session.scalars(select(Room).options(lazyload("*")).where(Room.floor > 3)).all()


def raising(session: Session):
    return session.scalars(select(Course).options(raiseload("*"), selectinload(Course.lessons)).where(Course.id < 6)).all()


def raising_for_one(session: Session):
    return session.scalars(select(Course).options(raiseload(Course.lessons), noload(Course.level)).where(Course.id < 6)).all()


def raising_below(session: Session):
    stmt = select(Room).options(selectinload(Room.courses).options(raiseload(Course.teacher), selectinload(Course.tags)))
    return session.scalars(stmt.where(Room.floor > 3)).all()


def raising_below_all(session: Session):
    return session.scalars(select(Room).options(selectinload(Room.courses).raiseload("*")).where(Room.floor > 3)).all()


def lazy_below_join(session: Session):
    return session.scalars(select(Lesson).options(joinedload(Lesson.course).lazyload("*")).where(Lesson.id < 6)).all()


def columns_then_further(session: Session):
    stmt = select(Teacher).options(selectinload(Teacher.courses).load_only(Course.title).selectinload(Course.lessons))
    return session.scalars(stmt.where(Teacher.id < 6)).all()


def group_below(session: Session):
    stmt = select(Lesson).options(selectinload(Lesson.course).joinedload(Course.teacher).undefer_group("files")).where(Lesson.id < 6)
    return session.scalars(stmt).all()


def two_entities(session: Session):
    stmt = select(Teacher, Course).join(Teacher.courses).options(selectinload(Course.tags)).where(Course.active)
    return session.execute(stmt).all()


def entity_and_count(session: Session):
    stmt = select(Room, func.count(Course.id)).outerjoin(Room.courses).group_by(Room.number).options(selectinload(Room.courses))
    return session.execute(stmt).all()


def load_object(session: Session):
    return session.scalars(select(Teacher).options(Load(Teacher).selectinload(Teacher.courses)).where(Teacher.id < 6)).all()


def default_then_deep(session: Session):
    stmt = select(Lesson).options(defaultload(Lesson.course).selectinload(Course.tags)).where(Lesson.id < 6)
    return session.scalars(stmt).all()


def undeferred_group(session: Session):
    return session.scalars(select(Teacher).options(undefer(Teacher.photo)).where(Teacher.id < 6)).all()


def whole_group(session: Session):
    return session.scalars(select(Teacher).options(undefer_group("files")).where(Teacher.id < 6)).all()


def raising_columns(session: Session):
    return session.scalars(select(Teacher).options(load_only(Teacher.name, raiseload=True)).where(Teacher.id < 6)).all()


def only_names(session: Session):
    return session.scalars(select(Course).options(load_only(Course.title)).where(Course.id < 6)).all()


def recursive_option(session: Session):
    return session.scalars(select(Teacher).options(selectinload(Teacher.apprentices, recursion_depth=2)).where(Teacher.id < 3)).all()


def one_with_options(session: Session):
    return session.scalars(select(Course).where(Course.id == 3).options(selectinload(Course.lessons))).one_or_none()


def count_of(session: Session):
    return session.query(Course).options(selectinload(Course.lessons)).count()


def only_column(session: Session):
    return session.scalars(select(Course.title)).all()


# call: deep=True
# call: deep=False
def conditional(session: Session, deep: bool):
    stmt = select(Teacher).where(Teacher.id < 6)
    if deep:
        stmt = stmt.options(selectinload(Teacher.courses))
    return session.scalars(stmt).all()
