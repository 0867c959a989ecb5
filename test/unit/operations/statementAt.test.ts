import { expect, onTestFinished, test } from "vitest";
import { join } from "node:path";
import { runOperation, type OperationContext } from "../../../server/src/operations/index.js";
import { createWorkspace } from "../../../server/src/workspace/index.js";
import { makeTree } from "../workspace/tree.js";

const models = `from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
class Base(DeclarativeBase): pass
class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
`;
const app = `from sqlalchemy import select, text
from models import User

def run(session, name, all=False):
    a = session.scalars(select(User.id).where(User.name == name)).all()
    b = session.execute(text("SELECT 1"))
    stmt = select(User.id).where(User.id.in_(
        select(User.id).where(text("name > 'a'"))
    ))
    if not all:
        stmt = stmt.limit(5)
    c = session.execute(stmt)
    d = session.execute(select(Gone))
    e = session.execute(text("""
        SELECT 2
    """)); f = session.scalars(select(User.name))
    g = session.query(User.id).all()
    print(g, a)

def two(session, a):
    if a: s = select(User)
    else: s = select(User.id)
    session.execute(s)
    session.execute(text(f"SELECT {a}"))
    session.execute("SELECT " + a)
    session.execute(text("SELECT {}".format(a)))
    session.execute(text("SELECT %s" % a))
    session.execute(text("SELECT " "3"))
    x = session.execute(text("SELECT 9")); y = session.scalars(select(User.id))
`;
const script = "SELECT 1;\n\\set x 1\nSELECT\n  2; SELECT 3;\n\nSELEC 4;\n";

async function at(file: string, text: string, line: number, column?: number) {
  const root = makeTree({ "models.py": models });
  const workspace = await createWorkspace({ folders: [root], workers: 0, log: () => undefined });
  onTestFinished(() => workspace.dispose());
  const context = { workspace, signal: new AbortController().signal } as OperationContext;
  return runOperation("statementAt", { file: join(root, file), text, line, ...(column === undefined ? {} : { column }) }, context);
}
const flat = (sql: string) => sql.replaceAll(/\s+/g, " ").replaceAll("( ", "(").replaceAll(" )", ")");
const inner = "SELECT users.id FROM users WHERE users.id IN (SELECT users.id FROM users WHERE name > 'a')";

/** `found`: the SQL of the statements at the place, a variant's with its branch before it, or a part of the refusal's reason. */
const cases: readonly (readonly [
  name: string,
  file: string,
  line: number,
  column: number | undefined,
  found: readonly string[] | string,
])[] = [
  ["in an ORM query", "app.py", 5, 30, ["SELECT users.id FROM users WHERE users.name = $1"]],
  ["before one, on its line", "app.py", 5, 1, ["SELECT users.id FROM users WHERE users.name = $1"]],
  ["on its line", "app.py", 5, undefined, ["SELECT users.id FROM users WHERE users.name = $1"]],
  ["in a string of SQL", "app.py", 6, 34, ["SELECT 1"]],
  ["before a string of SQL", "app.py", 6, 2, ["SELECT 1"]],
  ["variants", "app.py", 7, 15, [`not all: ${inner} LIMIT $1`, `all: ${inner}`]],
  ["a part of a larger one", "app.py", 8, 12, [`not all: ${inner} LIMIT $1`, `all: ${inner}`]],
  ["a text fragment is a part too", "app.py", 8, 38, [`not all: ${inner} LIMIT $1`, `all: ${inner}`]],
  ["a string beside a query on one line", "app.py", 29, 34, ["SELECT 9"]],
  ["a query beside a string on one line", "app.py", 29, 76, ["SELECT users.id FROM users"]],
  ["code that goes on with a query", "app.py", 11, 20, [`not all: ${inner} LIMIT $1`, `all: ${inner}`]],
  ["code that sends a query", "app.py", 12, 26, [`not all: ${inner} LIMIT $1`, `all: ${inner}`]],
  ["the line that sends a query", "app.py", 12, undefined, [`not all: ${inner} LIMIT $1`, `all: ${inner}`]],
  ["before what sends a query", "app.py", 12, 1, [`not all: ${inner} LIMIT $1`, `all: ${inner}`]],
  ["rows of a query are none", "app.py", 18, 13, []],
  ["a name of two queries", "app.py", 23, 24, []],
  ["an f-string", "app.py", 24, 30, "by an f-string"],
  ["the line of an f-string", "app.py", 24, undefined, "by an f-string"],
  ["concatenation", "app.py", 25, 25, "by concatenation"],
  ["format()", "app.py", 26, 34, "by .format()"],
  ["the operator %", "app.py", 27, 34, "by the operator %"],
  ["a string in two parts", "app.py", 28, 34, ["SELECT 3"]],
  ["refused", "app.py", 13, 30, "what Gone is is not known"],
  ["a string that ends on the line of a query", "app.py", 15, 10, ["SELECT 2"]],
  ["the query on the line where a string ends", "app.py", 16, 40, ["SELECT users.name FROM users"]],
  ["nothing", "app.py", 3, 1, []],
  ["behind the end", "app.py", 99, 1, []],
  ["the first of several", "a.sql", 1, 3, ["SELECT 1"]],
  ["a psql command", "a.sql", 2, 3, []],
  ["over two lines", "a.sql", 3, 3, ["SELECT\n  2"]],
  ["the second on a line", "a.sql", 4, 10, ["SELECT 3"]],
  ["nothing between", "a.sql", 5, 1, []],
];
test.each(cases)("%s", async (_, file, line, column, found) => {
  const answer = await at(file, file === "app.py" ? app : script, line, column);
  if (typeof found === "string")
    expect(answer).toMatchObject({ statements: [], refused: { reason: expect.stringContaining(found) as string, line } });
  else {
    const told = answer.statements.map(({ statement, when }) => (when === "" ? "" : `${when}: `) + flat(statement.sql));
    expect(told.sort()).toEqual(found.map(flat).sort());
  }
});

test("the statement says where it stands, and what its parameters are compared with", async () => {
  const { statements } = await at("app.py", app, 5, 30);
  expect(statements[0]!.statement).toMatchObject({
    place: { line: 5, column: 25, endLine: 5 },
    original: "select(User.id).where(User.name == name)",
    parameters: [{ position: 1, name: "name", column: { table: "users", column: "name" } }],
    key: expect.stringMatching(/^[0-9a-f]{16}-/) as string,
  });
});
test("what PostgreSQL cannot read comes with its words", async () => {
  const { statements } = await at("a.sql", script, 6, 2);
  expect(statements[0]!.statement.error?.message).toContain("SELEC");
});
