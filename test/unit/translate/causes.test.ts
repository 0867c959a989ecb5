import { expect, test } from "vitest";
import { flat, translated } from "./project.js";

type Version = "2.0" | "2.1";

async function checkCauses(expression: string, version: Version, expected: readonly string[]): Promise<void> {
  const code = `\ndef run(session: Session, name: str):\n    return ${expression}\n`;
  const [query] = await translated(code, { version, causes: true });
  expect(query?.refused).toBeUndefined();
  expect(query!.causes.map(({ kind, relationship, sql }) => `${kind} ${relationship}: ${flat(sql)}`)).toEqual(expected);
}

const lazyOrders =
  "SELECT orders.id AS orders_id, orders.user_id AS orders_user_id, orders.total AS orders_total FROM orders WHERE $1 = orders.user_id";
const users = "SELECT users.id AS users_id, users.name AS users_name, users.active AS users_active FROM users WHERE users.id = $1";
const plainUsers = "SELECT users.id, users.name, users.active FROM users WHERE users.id = $1";

const cases: readonly (readonly [expression: string, version: Version, causes: readonly string[]])[] = [
  [
    "session.scalars(select(User))",
    "2.0",
    [`lazy-load User.orders: ${lazyOrders}`, `refresh User: ${users}`, `refresh User: ${plainUsers}`],
  ],
  [
    "session.scalars(select(User))",
    "2.1",
    [
      "lazy-load User.orders: SELECT orders.id, orders.user_id, orders.total FROM orders WHERE $1 = orders.user_id",
      `refresh User: ${plainUsers}`,
    ],
  ],
  [
    "session.scalars(select(User).options(selectinload(User.orders)))",
    "2.0",
    [
      "eager-load User.orders: SELECT orders.user_id AS orders_user_id, orders.id AS orders_id, orders.total AS orders_total FROM orders WHERE orders.user_id IN ($1)",
      `refresh User: ${users}`,
      `refresh User: ${plainUsers}`,
    ],
  ],
  [
    "session.scalars(select(Order).options(joinedload(Order.user)).where(Order.total > 3))",
    "2.1",
    [
      "refresh Order: SELECT orders.id, orders.user_id, orders.total, users_1.id AS id_1, users_1.name, users_1.active FROM orders LEFT JOIN users AS users_1 ON users_1.id = orders.user_id WHERE orders.id = $1",
    ],
  ],
  ["session.scalars(select(User.name))", "2.0", []],
  ["session.query(User).options(selectinload(User.orders)).count()", "2.0", []],
  ["session.execute(update(User).values(name=name))", "2.0", []],
];

for (const [expression, version, causes] of cases) test(`${expression} on ${version}`, () => checkCauses(expression, version, causes));

test("nothing is told unless it is asked for", async () => {
  const [query] = await translated("\ndef run(session: Session):\n    return session.scalars(select(User))\n");
  expect(query!.causes).toEqual([]);
});

test("parameters name the attribute of the row", async () => {
  const [query] = await translated("\ndef run(session: Session):\n    return session.scalars(select(User))\n", { causes: true });
  expect(query!.causes[0]!.parameters).toEqual([
    { position: 1, name: "User.id", pythonType: "int", sqlType: "integer", column: { table: "users", column: "id" } },
  ]);
});

test("branches that load otherwise cause both", async () => {
  const code = `
def run(session: Session, deep: bool):
    query = select(User)
    if deep:
        query = query.options(selectinload(User.orders))
    return session.scalars(query)
`;
  const [query] = await translated(code, { causes: true });
  expect(query!.causes.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["eager-load", "lazy-load", "refresh"]));
});
