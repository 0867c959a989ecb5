"""SQLModel."""

from datetime import datetime
from typing import List, Optional

from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, Relationship, SQLModel


class MembershipLink(SQLModel, table=True):
    team_id: Optional[int] = Field(default=None, foreign_key="team.id", primary_key=True)
    hero_id: Optional[int] = Field(default=None, foreign_key="hero.id", primary_key=True)
    is_leader: bool = False


class TeamBase(SQLModel):
    name: str = Field(index=True, max_length=50)
    city: Optional[str] = None


class Team(TeamBase, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
    heroes: List["Hero"] = Relationship(back_populates="teams", link_model=MembershipLink)
    missions: List["Mission"] = Relationship(back_populates="team")


class Hero(SQLModel, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
    name: str = Field(index=True)
    secret_name: str = Field(unique=True)
    age: Optional[int] = Field(default=None)
    power: float = 0.0
    traits: dict = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    teams: List[Team] = Relationship(back_populates="heroes", link_model=MembershipLink)


class Mission(SQLModel, table=True):
    __tablename__ = "missions"

    id: Optional[int] = Field(default=None, primary_key=True)
    title: str
    starts_at: datetime
    done: bool = False
    team_id: Optional[int] = Field(default=None, foreign_key="team.id")
    team: Optional[Team] = Relationship(back_populates="missions")
