// A deterministic SQLAlchemy project of any size: packages of models, repositories, services and views that import one another,
// with the usual share of plain code. Used where no real project may be assumed to be on the machine.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { commonText, plainModule } from "./plain.mjs";

const entities = ["Customer", "Order", "Item", "Product", "Category", "Invoice", "Payment", "Shipment", "Review", "Event"];

function models(p) {
  const classes = entities.map((name, i) => {
    const child = entities[i + 1];
    const parent = entities[i - 1];
    return `
class ${name}(Base):
    """A ${name.toLowerCase()} of package ${p}."""

    __tablename__ = "${p}_${name.toLowerCase()}"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(20), index=True)
    total: Mapped[float]
    created_at: Mapped[datetime]
${parent ? `    ${parent.toLowerCase()}_id: Mapped[int] = mapped_column(ForeignKey("${p}_${parent.toLowerCase()}.id"))\n    ${parent.toLowerCase()}: Mapped["${parent}"] = relationship(back_populates="${name.toLowerCase()}s")` : ""}
${child ? `    ${child.toLowerCase()}s: Mapped[list["${child}"]] = relationship(back_populates="${name.toLowerCase()}")` : ""}

    @property
    def label(self) -> str:
        return f"{self.name} ({self.status})"
`;
  });
  return `from datetime import datetime\n\nfrom sqlalchemy import ForeignKey, String\nfrom sqlalchemy.orm import Mapped, mapped_column, relationship\n\nfrom ..base import Base\n${classes.join("\n")}`;
}

function repository(p) {
  const methods = entities.map(
    (name) => `
class ${name}Repository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def get(self, key: int) -> ${name} | None:
        return self.session.get(${name}, key)

    def all(self, status: str | None = None, limit: int = 100) -> Sequence[${name}]:
        statement = select(${name}).order_by(${name}.id).limit(limit)
        if status is not None:
            statement = statement.where(${name}.status == status)
        return self.session.scalars(statement).all()

    def count(self) -> int:
        return self.session.execute(text("SELECT count(*) FROM ${p}_${name.toLowerCase()} WHERE status = :status"), {"status": "open"}).scalar_one()

    def rename(self, key: int, name: str) -> None:
        row = self.get(key)
        if row is None:
            raise KeyError(key)
        row.name = name
        self.session.flush()
`,
  );
  return `from collections.abc import Sequence\n\nfrom sqlalchemy import select, text\nfrom sqlalchemy.orm import Session\n\nfrom .models import ${entities.join(", ")}\n${methods.join("\n")}`;
}

function service(p, k) {
  const functions = entities.slice(0, -1).map((name, i) => {
    const child = `${entities[i + 1].toLowerCase()}s`;
    const variable = name.toLowerCase();
    return `
def summarise_${variable}_${k}(session: Session, minimum: float = 0.0) -> list[dict]:
    """Totals of every ${variable} with its ${child}."""
    rows = []
    for ${variable} in session.scalars(select(${name}).where(${name}.total > minimum)):
        row = {"id": ${variable}.id, "name": ${variable}.label, "count": 0, "total": 0.0}
${i % 3 === 0 ? `        for child in ${variable}.${child}:\n            row["count"] += 1\n            row["total"] += child.total` : `        row["total"] = round(${variable}.total * 1.2, 2)`}
        rows.append(row)
    rows.sort(key=lambda row: (-row["total"], row["name"]))
    return rows


def classify_${variable}_${k}(values: list[float], low: float = 10.0, high: float = 100.0) -> dict[str, list[float]]:
    result: dict[str, list[float]] = {"low": [], "middle": [], "high": []}
    for value in values:
        if value < low:
            result["low"].append(value)
        elif value > high:
            result["high"].append(value)
        else:
            result["middle"].append(value)
    try:
        result["middle"].sort(reverse=True)
    except TypeError as error:
        raise ValueError(f"{values!r} cannot be sorted") from error
    return {key: [round(value, ${(i % 4) + 1}) for value in group if value is not None] for key, group in result.items()}
`;
  });
  return `from sqlalchemy import select\nfrom sqlalchemy.orm import Session\n\nfrom .models import ${entities.join(", ")}\n${functions.join("\n")}`;
}

/** Who calls the services: code that nothing refers to counts for less. */
function reports() {
  const names = [0, 1, 2, 3].map((k) => entities.slice(0, -1).map((name) => `summarise_${name.toLowerCase()}_${k}`));
  const imports = names.map((list, k) => `from .service${k} import ${list.join(", ")}`);
  return `${imports.join("\n")}\n\nREPORTS = [\n${names
    .flat()
    .map((name) => `    ${name},\n`)
    .join("")}]\n`;
}

/** Helpers that are given entities, and views that give them: what is read stands in another file than the query. */
function helpers() {
  const functions = entities.map((name, i) => {
    const variable = name.toLowerCase();
    const parent = entities[i - 1]?.toLowerCase();
    return `
def describe_${variable}(${variable}: ${name}) -> dict[str, str]:
    return {"label": clean(${variable}.label), "status": ${variable}.status${parent ? `, "${parent}": ${variable}.${parent}.name` : ""}}
`;
  });
  return `from ..common.text import clean\nfrom .models import ${entities.join(", ")}\n${functions.join("\n")}`;
}

function views(p) {
  const functions = entities.map(
    (name, i) => `
@router.get("/${p}/${name.toLowerCase()}s")
def list_${name.toLowerCase()}s(status: str | None = None, session: Session = Depends(get_session)) -> list[dict[str, str]]:
    repository = ${name}Repository(session)
    rows = repository.all(status, limit=${20 + i})
    if not rows:
        raise HTTPException(404, "No ${name.toLowerCase()}s here.")
    return [describe_${name.toLowerCase()}(row) for row in rows]
`,
  );
  const repositories = entities.map((name) => `${name}Repository`).join(", ");
  const describers = entities.map((name) => `describe_${name.toLowerCase()}`).join(", ");
  return `from fastapi import APIRouter, Depends, HTTPException
from sqlalchemy.orm import Session

from ..base import get_session
from .helpers import ${describers}
from .repository import ${repositories}

router = APIRouter()
${functions.join("\n")}`;
}

const base = `from collections.abc import Iterator

from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Session


class Base(DeclarativeBase):
    pass


engine = create_engine("postgresql+psycopg:///shop")


def get_session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session
`;

/** Plain modules of one package, and their length: three quarters of a project's lines know nothing of its tables. */
const plainModules = 20;
const plainLines = 300;

/** Writes packages until `lines` lines of Python stand in `folder`; returns the number of lines written. */
export function writeProject(folder, lines) {
  const write = (path, text) => {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
    return text.split("\n").length;
  };
  let written =
    write("shop/__init__.py", "") +
    write("shop/base.py", base) +
    write("shop/common/__init__.py", "") +
    write("shop/common/text.py", commonText);
  for (let n = 0; written < lines; n++) {
    const p = `area${n}`;
    written +=
      write(`shop/${p}/__init__.py`, "") + write(`shop/${p}/models.py`, models(p)) + write(`shop/${p}/repository.py`, repository(p));
    written += write(`shop/${p}/helpers.py`, helpers()) + write(`shop/${p}/views.py`, views(p));
    for (let k = 0; k < 4; k++) written += write(`shop/${p}/service${k}.py`, service(p, k));
    written += write(`shop/${p}/reports.py`, reports());
    for (let k = 0; k < plainModules; k++) written += write(`shop/${p}/plain${k}.py`, plainModule(n * plainModules + k, plainLines));
  }
  return written;
}

/** One long file of the same shapes, for the keystroke measurement. */
export function longFile(lines) {
  let text = service("area0", 0).replaceAll("from .models", "from shop.area0.models");
  for (let k = 1; text.split("\n").length < lines; k++) text += service("area0", k).split("\n").slice(4).join("\n");
  return text;
}
