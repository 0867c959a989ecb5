import { describe, expect, test } from "vitest";
import { buildOrmIndex, createContext, ProjectAnalysis, type OrmIndex } from "../../../server/src/orm/index.js";
import { Names } from "../../../server/src/orm/values/names.js";
import type { FileFacts } from "../../../server/src/python/index.js";
import { factsOf } from "../python/parser.js";

const project: Readonly<Record<string, string>> = {
  "shop/__init__.py": "",
  "shop/models.py": `from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from .text import clean

class Base(DeclarativeBase):
    pass

class Customer(Base):
    __tablename__ = "customer"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    orders: Mapped[list["Order"]] = relationship(back_populates="customer")

    @property
    def label(self):
        return clean(self.name) + str(len(self.orders))

class Order(Base):
    __tablename__ = "order"
    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    customer: Mapped[Customer] = relationship(back_populates="orders")
    children: Mapped[list["Order"]] = relationship()

    def walk(self):
        for child in self.children:
            child.walk()
        return self.customer.label
`,
  "shop/text.py": `LIMIT = 20

def clean(text, longest=LIMIT):
    short = text.strip()
    if len(short) > longest:
        return short[:longest]
    return short
`,
  "shop/repository.py": `from sqlalchemy import select
from sqlalchemy.orm import selectinload
from .models import Customer, Order

class Repository:
    model = Order

    def __init__(self, session):
        self.session = session

    def query(self):
        return select(Order)

    def all(self):
        rows = self.session.scalars(self.query())
        return rows.all()

    def customers(self):
        return self.session.scalars(select(Customer).options(selectinload(Customer.orders))).all()

    def one(self, id):
        return self.session.get(Order, id)
`,
  "shop/service.py": `from .repository import Repository
from .text import clean

def describe(order):
    return clean(order.customer.name)

def report(session):
    repository = Repository(session)
    lines = []
    for order in repository.all():
        lines.append(describe(order))
        lines.append(order.walk())
    return lines

def again(session, ids):
    repository = Repository(session)
    for id in ids:
        order = repository.one(id)
        session.commit()
    return [customer.label for customer in repository.customers()]
`,
  "shop/choices.py": `from enum import Enum
from .repository import Repository

DEEP = "deep"

class Mode(Enum):
    FLAT = "flat"
    FULL = "full"

def line(repository, order_id, mode=Mode.FLAT, how="flat", parent=None):
    order = repository.one(order_id)
    if mode == Mode.FULL and how == DEEP:
        return order.customer.name
    if parent is None:
        repository.session.commit()
    return order.customer_id or order.customer.id

def lines(session, parts: list[Mode]):
    repository = Repository(session)
    for mode in list(Mode):
        repository.all()
    for order in repository.all():
        line(repository, order.id, Mode.FULL, "deep")
        line(repository, order.id, Mode.FLAT, "flat", order.id)
        key = order.customer_id
        line(repository, key, how="flat", parent=key)
`,
};

/** Numbers in [0, 1) that depend on the seed alone (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const edits: ((line: string) => string[])[] = [
  (line) => [`${indentOf(line)}# a remark`, line],
  (line) => [`${indentOf(line)}pass`, line],
  (line) => [line, line],
  () => [],
  (line) => [`${indentOf(line)}return None`, line],
  (line) => [line.replace("FULL", "FLAT").replace('"deep"', '"flat"').replace("order.id", "None").replace(" is None", "")],
  (line) => [`${indentOf(line)}report, "again", order.lines`, line],
  (line) => [line.replace("describe(", "print(").replace(".walk()", ".label").replace(".label", ".walk()")],
  (line) => [line.replace(".all()", ".first()").replace("selectinload", "joinedload").replace("select(Order)", "select(Customer)")],
];
const indentOf = (line: string) => line.slice(0, line.length - line.trimStart().length);

/** Everything that rules are shown, as text; closures are told by what they are. */
function shown(analysis: ProjectAnalysis): Record<string, string> {
  const plain = (key: string, value: unknown): unknown => {
    if (key === "facts" || key === "index" || key === "fn" || key === "code") return undefined;
    if (value instanceof Names) return "names";
    if (value instanceof Map) return [...(value as Map<unknown, unknown>)];
    if (typeof value === "object" && value !== null && !Array.isArray(value) && Symbol.iterator in value)
      return [...(value as Iterable<unknown>)].map((one) => (typeof one === "string" ? one : JSON.stringify(one, plain))).sort();
    return value;
  };
  return Object.fromEntries([...analysis.index.files.keys()].map((file) => [file, JSON.stringify(analysis.subject(file), plain)]));
}

const analysed = (index: OrmIndex) => new ProjectAnalysis(index, createContext(index));

/**
 * Edits the project again and again; after each edit the analysis says what one says that has seen nothing before.
 * @param others further files: of a project of many, functions that nothing refers to count for less
 */
async function checkEdits(seed: number, rounds: number, others = 0): Promise<number> {
  const random = randomNumbers(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const texts = new Map(Object.entries(project));
  const facts = new Map<string, FileFacts>();
  for (const [file, text] of texts) facts.set(file, await factsOf(text));
  for (let at = 0; at < others; at++) facts.set(`shop/other${at}.py`, await factsOf(""));
  let analysis = analysed(buildOrmIndex(facts));
  let quick = 0;
  for (let round = 0; round < rounds; round++) {
    const file = pick([...texts.keys()]);
    const lines = texts.get(file)!.split("\n");
    const at = Math.floor(random() * lines.length);
    lines.splice(at, 1, ...pick(edits)(lines[at]!));
    const after = await factsOf(lines.join("\n"));
    const index = analysis.index.withFile(file, after);
    if (!index || after.problems.length > 0) continue;
    texts.set(file, lines.join("\n"));
    facts.set(file, after);
    // Half of the edits are not looked at before the next one comes.
    if (random() < 0.5) shown(analysis);
    analysis = analysis.after(index, [file]);
    quick++;
    expect(shown(analysis), `edit ${round} of seed ${seed}: ${file}:${at + 1}`).toEqual(shown(analysed(buildOrmIndex(new Map(facts)))));
  }
  return quick;
}

describe("an analysis after edits", () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])("of seed %i", async (seed) => {
    expect(await checkEdits(seed, 60)).toBeGreaterThan(10);
  });

  test.each([11, 12, 13, 14])("of a large project, of seed %i", async (seed) => {
    expect(await checkEdits(seed, 60, 50)).toBeGreaterThan(10);
  });

  test("finds the same whichever file comes first", async () => {
    const facts = new Map<string, FileFacts>();
    for (const [file, text] of Object.entries(project)) facts.set(file, await factsOf(text));
    const forwards = analysed(buildOrmIndex(facts));
    const backwards = analysed(buildOrmIndex(facts));
    for (const file of [...facts.keys()].reverse()) backwards.evaluate(file);
    expect(shown(backwards)).toEqual(shown(forwards));
  });

  test("loses nothing: the project has something to find", async () => {
    const facts = new Map<string, FileFacts>();
    for (const [file, text] of Object.entries(project)) facts.set(file, await factsOf(text));
    const analysis = analysed(buildOrmIndex(facts));
    const loads = [...facts.keys()].flatMap((file) => analysis.subject(file)!.loads.map(({ relationship }) => relationship.name));
    expect(loads).toContain("customer");
  });
});
