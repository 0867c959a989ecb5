"""What loading causes: each SELECT of a call is sent once more, and with its rows is done what makes SQLAlchemy send other statements.

Each attempt has a session of its own on the filled database, so that none finds what another one loaded: the rows alone (eager loads), each
relationship and deferred column of an entity read once (lazy loads), an entity that is expired and read, an entity that is refreshed.
"""

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

# Entities of a class that are tried until one sends something: a foreign key may be NULL.
TRIED = 8


class Asked:
    """A SELECT as a session was asked to execute it."""

    def __init__(self, state):
        self.statement = state.statement
        self.parameters = state.parameters
        dropped = ("_sa_orm_load_options", "yield_per", "stream_results")
        self.options = {key: value for key, value in state.execution_options.items() if key not in dropped}

    def send(self, session):
        """The entities that the rows hold, in order."""
        result = session.execute(self.statement, self.parameters, execution_options=self.options)
        if result._unique_filter_state is not None:  # a collection that is loaded with a join makes each row come several times
            result = result.unique()
        rows = result.all()
        entities = {}
        for row in rows:
            for value in row:
                if hasattr(value, "_sa_instance_state") and sa.inspect(value).persistent:
                    entities.setdefault(sa.inspect(value).key, value)
        return list(entities.values())


def watch(recorder):
    """Tells the recorder of each SELECT before it is sent; not of those that loading causes."""

    def note(state):
        caused = state.is_relationship_load or state.is_column_load
        recorder.asked = Asked(state) if state.is_select and state.is_orm_statement and not caused else None

    event.listen(Session, "do_orm_execute", note)


def alone(session, entity):
    """Nothing else is in the session: what the entity refers to has to be loaded."""
    kept = sa.inspect(entity)
    session._expunge_states([state for state in session.identity_map.all_states() if state is not kept])


def read(session, entity, key):
    """Reads an attribute as an application would."""
    value = getattr(entity, key)
    if hasattr(value, "select") and hasattr(value, "add_all"):  # lazy="write_only"
        session.scalars(value.select()).all()
    elif hasattr(value, "filter_by"):  # lazy="dynamic"
        value.all()


def expire(session, entity, _key):
    session.expire(entity)
    # Reading what is deferred loads that alone.
    getattr(entity, next(one.key for one in sa.inspect(type(entity)).column_attrs if not one.deferred))


def refresh(session, entity, _key):
    session.refresh(entity)


def kind_of(act, key, cls):
    """What the statement that the action asks for is."""
    return "lazy-load" if act is read and key in sa.inspect(cls).relationships else "refresh"


def attempts_of(entities):
    """(what to do, with which attribute, the entities to try it with) for each class of entity."""
    by_class = {}
    for at, entity in enumerate(entities):
        by_class.setdefault(type(entity), []).append(at)
    for cls, places in by_class.items():
        state = sa.inspect(entities[places[0]])
        mapper = state.mapper
        for key in [*mapper.relationships.keys(), *mapper.column_attrs.keys()]:
            if key in state.unloaded or key in mapper.relationships and mapper.relationships[key].lazy in ("dynamic", "write_only"):
                yield read, key, cls, places[:TRIED]
        yield expire, None, cls, places[:1]
        yield refresh, None, cls, places[:1]


class Prober:
    def __init__(self, recorder, engine):
        self.recorder = recorder
        self.engine = engine

    def causes(self, asked):
        """Statements that loading causes, those that are the same once, each with what was done."""
        found = []
        with self.engine.connect() as connection:
            eager, entities = self._attempt(connection, asked, None)
            found += eager
            for act, key, cls, places in attempts_of(entities):
                for at in places:
                    sent, _ = self._attempt(connection, asked, (act, key, at))
                    if any(one["kind"] == kind_of(act, key, cls) for one in sent):
                        found += self._described(sent, act, key, cls)
                        break
        once = {}
        for one in found:
            one["frames"] = []
            once.setdefault((one["kind"], one["loads"], one["bare"], one["beyond"]), one)
        return list(once.values())

    def _attempt(self, connection, asked, action):
        """(what was sent, the entities): with the rows alone what they cause, else what the action causes."""
        with Session(connection) as session:
            self.recorder.statements, self.recorder.active = [], action is None
            entities = asked.send(session)
            if action is None:
                self.recorder.active = False
                return [{**one, "kind": "eager-load", "beyond": False} for one in self.recorder.statements[1:]], entities
            act, key, at = action
            alone(session, entities[at])
            self.recorder.active = True
            try:
                act(session, entities[at], key)
            except sa.exc.InvalidRequestError:  # lazy="raise"
                pass
            finally:
                self.recorder.active = False
            # A query of its own (lazy="dynamic") is sent by whoever reads it.
            return [{**one, "kind": "lazy-load" if one["kind"] == "own" else one["kind"]} for one in self.recorder.statements], entities

    @staticmethod
    def _described(sent, act, key, cls):
        """One statement is what the action asks for; others come before it (a foreign key that was left out) or load what belongs to it."""
        kind = kind_of(act, key, cls)
        loads = f"{sa.inspect(cls).attrs[key].parent.class_.__name__}.{key}" if act is read else cls.__name__
        wanted = next(one for one in sent if one["kind"] == kind)
        return [{**one, "loads": loads, "beyond": False} if one is wanted else {**one, "beyond": True} for one in sent]
