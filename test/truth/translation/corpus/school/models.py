"""Every way in which a relationship can be declared to be loaded."""

from typing import Optional

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text, and_
from sqlalchemy.orm import (
    DeclarativeBase,
    DynamicMapped,
    Mapped,
    WriteOnlyMapped,
    deferred,
    foreign,
    mapped_column,
    relationship,
)


class Base(DeclarativeBase):
    pass


class OwnedMixin:
    """Whoever looks after something."""

    owner_name: Mapped[Optional[str]] = mapped_column(String(40))


course_tags = Table(
    "course_tags",
    Base.metadata,
    Column("course_id", ForeignKey("courses.id"), primary_key=True),
    Column("tag_id", ForeignKey("tags.id"), primary_key=True),
)


class Teacher(Base):
    __tablename__ = "teachers"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    mentor_id: Mapped[Optional[int]] = mapped_column(ForeignKey("teachers.id"))
    biography: Mapped[Optional[str]] = deferred(mapped_column(Text))
    photo: Mapped[Optional[str]] = mapped_column(deferred=True, deferred_group="files")
    diploma: Mapped[Optional[str]] = mapped_column(deferred=True, deferred_group="files")

    mentor: Mapped[Optional["Teacher"]] = relationship(remote_side=[id], back_populates="apprentices")
    apprentices: Mapped[list["Teacher"]] = relationship(back_populates="mentor", order_by="Teacher.name")
    courses: Mapped[list["Course"]] = relationship(back_populates="teacher", order_by="Course.title.desc()")
    profile: Mapped[Optional["Profile"]] = relationship(back_populates="teacher", lazy="immediate")


class Profile(Base):
    """Shares its key with the teacher."""

    __tablename__ = "profiles"

    teacher_id: Mapped[int] = mapped_column(ForeignKey("teachers.id"), primary_key=True)
    website: Mapped[str]
    teacher: Mapped["Teacher"] = relationship(back_populates="profile")


class Room(OwnedMixin, Base):
    __tablename__ = "rooms"

    number: Mapped[int] = mapped_column("room_number", primary_key=True)
    floor: Mapped[int]
    courses: Mapped[list["Course"]] = relationship(back_populates="room", lazy="selectin")
    devices: WriteOnlyMapped["Device"] = relationship(order_by="Device.name")


class Device(Base):
    __tablename__ = "devices"

    serial: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    room_number: Mapped[int] = mapped_column(ForeignKey("rooms.room_number"))


class Course(Base):
    __tablename__ = "courses"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(80))
    active: Mapped[bool]
    teacher_id: Mapped[int] = mapped_column(ForeignKey("teachers.id"))
    room_id: Mapped[Optional[int]] = mapped_column(ForeignKey("rooms.room_number"))
    level_name: Mapped[str] = mapped_column(ForeignKey("levels.name"))

    teacher: Mapped["Teacher"] = relationship(back_populates="courses", lazy="joined", innerjoin=True)
    room: Mapped[Optional["Room"]] = relationship(back_populates="courses")
    level: Mapped["Level"] = relationship(lazy="selectin")
    lessons: Mapped[list["Lesson"]] = relationship(back_populates="course", order_by="[Lesson.day, Lesson.id.desc()]")
    open_lessons: Mapped[list["Lesson"]] = relationship(
        primaryjoin=lambda: and_(Course.id == foreign(Lesson.course_id), Lesson.cancelled.is_(False)), viewonly=True
    )
    planned: Mapped[list["Lesson"]] = relationship(
        primaryjoin="and_(Course.id == Lesson.course_id, Course.active)", viewonly=True, order_by="Lesson.day"
    )
    tags: Mapped[list["Tag"]] = relationship(secondary=course_tags, back_populates="courses", order_by="Tag.word")
    enrollments: DynamicMapped["Enrollment"] = relationship(back_populates="course", order_by="Enrollment.grade")


class Level(Base):
    """Not referred to by its primary key."""

    __tablename__ = "levels"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    rank: Mapped[int]


class Lesson(Base):
    __tablename__ = "lessons"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[int]
    cancelled: Mapped[bool]
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"))
    course: Mapped["Course"] = relationship(back_populates="lessons")


class Tag(Base):
    __tablename__ = "tags"

    id: Mapped[int] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(unique=True)
    courses: Mapped[list["Course"]] = relationship(secondary="course_tags", back_populates="tags", lazy="subquery")


class Student(Base):
    __tablename__ = "students"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    enrollments: Mapped[list["Enrollment"]] = relationship(back_populates="student", lazy="raise")
    courses: Mapped[list["Course"]] = relationship(secondary="enrollments", viewonly=True)


class Enrollment(Base):
    """A key of two columns."""

    __tablename__ = "enrollments"

    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"), primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), primary_key=True)
    grade: Mapped[int]
    level_name: Mapped[str] = mapped_column(ForeignKey("levels.name"))
    student: Mapped["Student"] = relationship(back_populates="enrollments", innerjoin=True)
    course: Mapped["Course"] = relationship(back_populates="enrollments", lazy="raise_on_sql")
    level: Mapped["Level"] = relationship()


class Topic(Base):
    """A tree that is loaded two levels deep."""

    __tablename__ = "topics"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    parent_id: Mapped[Optional[int]] = mapped_column(ForeignKey("topics.id"))
    parent: Mapped[Optional["Topic"]] = relationship(remote_side="Topic.id", back_populates="children")
    children: Mapped[list["Topic"]] = relationship(back_populates="parent", lazy="selectin", join_depth=2, order_by="Topic.name")


friendships = Table(
    "friendships",
    Base.metadata,
    Column("left_id", Integer, ForeignKey("pupils.id"), primary_key=True),
    Column("right_id", Integer, ForeignKey("pupils.id"), primary_key=True),
)


class Pupil(Base):
    __tablename__ = "pupils"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    friends: Mapped[list["Pupil"]] = relationship(
        secondary=friendships,
        primaryjoin=lambda: Pupil.id == friendships.c.left_id,
        secondaryjoin=lambda: Pupil.id == friendships.c.right_id,
        back_populates="friend_of",
    )
    friend_of: Mapped[list["Pupil"]] = relationship(
        secondary=friendships,
        primaryjoin=lambda: Pupil.id == friendships.c.right_id,
        secondaryjoin=lambda: Pupil.id == friendships.c.left_id,
        back_populates="friends",
    )
