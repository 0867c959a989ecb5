import { describe, expect, test } from "vitest";
import { buildOrmIndex } from "../../../server/src/orm/project/ormIndex.js";
import type { FileFacts } from "../../../server/src/python/index.js";
import { factsOf } from "../python/parser.js";

const project: Readonly<Record<string, string>> = {
  "shop/__init__.py": "",
  "shop/base.py": `from sqlalchemy import Column, Integer, String
from sqlalchemy.orm import DeclarativeBase, declared_attr

class Base(DeclarativeBase):
    pass

class Named:
    @declared_attr
    def name(cls):
        return Column(String(50))
`,
  "shop/models.py": `from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship
from .base import Base, Named

class Customer(Named, Base):
    __tablename__ = "customer"
    id: Mapped[int] = mapped_column(primary_key=True)
    orders: Mapped[list["Order"]] = relationship(back_populates="customer")

    def label(self):
        return self.name

class Order(Base):
    __tablename__ = "order"
    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    customer: Mapped[Customer] = relationship(back_populates="orders")

class BigOrder(Order):
    pass
`,
  "shop/late.py": `from sqlalchemy.orm import relationship
from .models import Customer, Order
Customer.last = relationship(Order, viewonly=True)
`,
  "shop/use.py": `from .models import Customer
def f(customer: Customer):
    return customer.orders
`,
};

async function indexOf(files: Readonly<Record<string, string>>) {
  const facts = new Map<string, FileFacts>();
  for (const [path, text] of Object.entries(files)) facts.set(path, await factsOf(text));
  return buildOrmIndex(facts);
}

/** The index after the edit is the one that is built of the edited files. */
async function checkEdit(file: string, from: string, to: string, isQuick: boolean): Promise<void> {
  const edited = { ...project, [file]: project[file]!.replace(from, to) };
  expect(edited[file]).not.toBe(project[file]);
  const quick = (await indexOf(project)).withFile(file, await factsOf(edited[file]!));
  expect(quick !== undefined).toBe(isQuick);
  const expected = await indexOf(edited);
  if (quick) expect({ entities: quick.entities, tables: quick.tables }).toEqual({ entities: expected.entities, tables: expected.tables });
}

describe("an index after an edit", () => {
  const cases: [name: string, file: string, from: string, to: string, isQuick: boolean][] = [
    [
      "inside a function of a file without entities",
      "shop/use.py",
      "return customer.orders",
      "rows = customer.orders\n    return rows",
      true,
    ],
    ["above entities", "shop/models.py", "class Customer", "# Who buys.\nclass Customer", true],
    ["inside a method of an entity", "shop/models.py", "return self.name", "return self.name or 'nobody'", true],
    ["above a late relationship", "shop/late.py", "Customer.last", "# why\nCustomer.last", true],
    ["above a mixin", "shop/base.py", "class Named", "# Names.\nclass Named", true],
    ["of what a mixin's method declares", "shop/base.py", "String(50)", "String(80)", true],
    ["a column more", "shop/models.py", "    orders:", "    age: Mapped[int]\n    orders:", false],
    ["another import", "shop/use.py", "import Customer", "import Customer, Order", false],
    ["another signature", "shop/use.py", "f(customer", "f(other, customer", false],
  ];
  test.each(cases)("%s", (_name, ...edit) => checkEdit(...edit));

  test("edits follow one another", async () => {
    let index = await indexOf(project);
    const files: Record<string, string> = { ...project };
    for (const file of ["shop/models.py", "shop/base.py", "shop/models.py", "shop/late.py"]) {
      files[file] = `# one more\n${files[file]}`;
      index = index.withFile(file, await factsOf(files[file])) ?? expect.fail(`${file} took a new index`);
    }
    expect(index.entities).toEqual((await indexOf(files)).entities);
  });
});
