import { expect, test } from "vitest";
import { flat, translated } from "./project.js";

const signature = "session: Session, name: str | None, total: int, flag: bool, other: bool";

/** `ways`: each statement's condition, then what stands behind FROM. */
async function checkWays(body: string, ways: Readonly<Record<string, string>>, before = ""): Promise<void> {
  const lines = body.trim().split("\n").map((line) => `    ${line}`); // prettier-ignore
  const [query] = await translated(`${before}\ndef run(${signature}):\n${lines.join("\n")}\n`);
  expect(query?.refused).toBeUndefined();
  const found = query!.variants ?? [{ when: "", sql: query!.sql! }];
  const tails = found.map(({ when, sql }) => [when, flat(sql)!.replace(/^.*? FROM /, "")]);
  expect(Object.fromEntries(tails)).toEqual(ways);
}

const user = "users WHERE users.id = $1";
const diamonds = (count: number, line: string) =>
  Array.from({ length: count }, (_, at) => `if flag_${at}(name):\n    ${line}\nelse:\n    pass\n`).join("");

const cases: Readonly<Record<string, readonly [body: string, ways: Readonly<Record<string, string>>]>> = {
  "branches before the query that leave nothing": [
    `${diamonds(9, "note = str(total)\n    print(note)")}stmt = select(User.id).where(User.id == total)\nreturn session.scalars(stmt)`,
    { "": user },
  ],
  "branches behind the query": [
    `rows = session.scalars(select(User.id).where(User.id == total)).all()\n${diamonds(9, "rows = list(rows)")}return rows`,
    { "": user },
  ],
  "branches that come to the same": [
    `if flag:\n    stmt = select(User.id)\nelse:\n    stmt = select(User.id)\nreturn session.scalars(stmt.where(User.id == total))`,
    { "": "users WHERE users.id = $1" },
  ],
  "what is asked again keeps its answer": [
    `stmt = select(User.id)
if flag:
    print(name)
else:
    total = total
if other:
    stmt = stmt.where(User.id == total)
if flag:
    stmt = stmt.where(User.active)
return session.scalars(stmt)`,
    {
      "flag; other": "users WHERE users.id = $1 AND users.active",
      "flag; not other": "users WHERE users.active",
      "not flag; other": "users WHERE users.id = $1",
      "not flag; not other": "users",
    },
  ],
  "a branch decides about what a later one uses": [
    `column = User.id
if flag:
    column = User.active
if other:
    print(column)
return session.scalars(select(User.name).where(column == total))`,
    { flag: "users WHERE users.active = $1", "not flag": user },
  ],
  "a list that a helper fills": [
    `conditions = []
def more():
    if flag:
        conditions.append(User.active)
more()
if other:
    print(name)
return session.scalars(select(User.id).where(User.id == total, *conditions))`,
    { flag: "users WHERE users.id = $1 AND users.active", "not flag": user },
  ],
  "rounds of a loop": [
    `stmt = select(User.id)
for column in (User.id, User.name):
    if flag:
        print(column)
    stmt = stmt.where(column.is_not(None))
return session.scalars(stmt)`,
    { "": "users WHERE users.id IS NOT NULL AND users.name IS NOT NULL" },
  ],
  "what is sent before and behind a branch": [
    `stmt = session.query(User.id)
if flag:
    stmt.filter(User.active).count()
return stmt.filter(User.id == total).all()`,
    {
      "flag; .count()": "( SELECT users.id AS users_id FROM users WHERE users.active ) AS anon_1",
      "": user,
    },
  ],
  "one of several statements in a loop": [
    `for stmt in (select(User.id), session.query(User.name)):
    stmt = stmt.where(User.id == total)
    session.execute(stmt)`,
    { "": user },
  ],
  "statements that a comprehension changes": [
    `stmts = [select(User.id)]
stmts = [one.where(User.id == total) for one in stmts]
for stmt in stmts:
    session.execute(stmt)`,
    { "": user },
  ],
  "a name that a branch sets to None": [
    `if flag:
    name = None
if other:
    print(total)
return session.scalars(select(User.id).where(User.name == name))`,
    {
      "flag | not flag; name is None": "users WHERE users.name IS NULL",
      "not flag; name is not None": "users WHERE users.name = $1",
    },
  ],
};

const both = { "": "users WHERE users.active" };
const helper = `
def fill(conditions):
    conditions.append(User.active)
`;
const filling: Readonly<Record<string, string>> = {
  "a function fills the list it is given": "conditions = []\nfill(conditions)",
  "and gives something back": "conditions = []\ncount = fill(conditions)",
  "a nested function fills it": "conditions = []\ndef more():\n    conditions.append(User.active)\nmore()",
  "by another name": "conditions = []\nothers = conditions\nothers.append(User.active)",
  "by its method": "conditions = []\nadd = conditions.append\nadd(User.active)",
  "a nested function puts another in its place":
    "conditions = []\ndef more():\n    nonlocal conditions\n    conditions = [*conditions, User.active]\nmore()",
  "in a nested function that hands it on": "conditions = []\ndef more():\n    fill(conditions)\nmore()",
};
test.each(Object.entries(filling))("%s", (_, body) =>
  checkWays(`${body}\nreturn session.scalars(select(User.id).where(*conditions))`, both, helper),
);

test.each(Object.entries(cases))("%s", (_, [body, ways]) => checkWays(body, ways));
