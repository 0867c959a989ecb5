import { expect, test } from "vitest";
import { parseSql } from "../../../server/src/sql/index.js";
import { withoutPlaces } from "../../../server/src/translate/compile/nodes.js";
import { flat, translated } from "./project.js";

const treeOf = (sql: string) => {
  const outcome = parseSql(sql);
  return outcome.ok ? withoutPlaces(outcome.tree.stmts?.[0]?.stmt) : outcome.message;
};

/** `sent`: what SQLAlchemy 2.0 sends for it with the postgresql dialect, its placeholders numbered. */
async function checkSent(name: string, expression: string, sent: string): Promise<void> {
  const [query] = await translated(`\ndef run(session: Session, name: str, ids: list[int], user: User):\n    return ${expression}\n`);
  expect(query?.refused, name).toBeUndefined();
  expect(treeOf(query!.sql!), flat(query!.sql)).toEqual(treeOf(sent));
}

const sent: readonly (readonly [expression: string, sql: string])[] = [
  [
    "session.scalars(select(User).where(User.name == name).order_by(User.id).limit(10))",
    "SELECT users.id, users.name, users.active FROM users WHERE users.name = $1 ORDER BY users.id LIMIT $2",
  ],
  [
    "session.query(User).filter(User.name == name).order_by(User.id).limit(10).all()",
    "SELECT users.id AS users_id, users.name AS users_name, users.active AS users_active FROM users WHERE users.name = $1 ORDER BY users.id LIMIT $2",
  ],
  [
    "session.query(User).filter_by(name=name).first()",
    "SELECT users.id AS users_id, users.name AS users_name, users.active AS users_active FROM users WHERE users.name = $1 LIMIT $2",
  ],
  [
    "session.query(Order).filter(Order.user == user).count()",
    "SELECT count(*) AS count_1 FROM (SELECT orders.id AS orders_id, orders.user_id AS orders_user_id, orders.total AS orders_total FROM orders WHERE $1 = orders.user_id) AS anon_1",
  ],
  [
    "session.execute(select(User.id, Order.id).join(User.orders))",
    "SELECT users.id, orders.id AS id_1 FROM users JOIN orders ON users.id = orders.user_id",
  ],
  ["session.scalars(select(Order.id).where(Order.id.in_(ids)))", "SELECT orders.id FROM orders WHERE orders.id IN ($1)"],
  [
    "session.scalars(select(User.id).where(or_(User.active, and_(User.name == None, ~User.active))))",
    "SELECT users.id FROM users WHERE users.active OR users.name IS NULL AND NOT users.active",
  ],
  [
    "session.scalars(select(User.id).where(User.orders.any(Order.total > 5)))",
    "SELECT users.id FROM users WHERE EXISTS (SELECT 1 FROM orders WHERE users.id = orders.user_id AND orders.total > $1)",
  ],
  [
    "session.execute(select(Order.user_id, func.count().label('n')).group_by(Order.user_id).order_by(func.count().desc()))",
    "SELECT orders.user_id, count(*) AS n FROM orders GROUP BY orders.user_id ORDER BY count(*) DESC",
  ],
  [
    "session.scalars(select(Order).options(joinedload(Order.user)))",
    "SELECT orders.id, orders.user_id, orders.total, users_1.id AS id_1, users_1.name, users_1.active FROM orders LEFT OUTER JOIN users AS users_1 ON users_1.id = orders.user_id",
  ],
  ["session.execute(update(User).where(User.id == 3).values(name=name))", "UPDATE users SET name = $1 WHERE users.id = $2"],
  ["session.execute(delete(Order).where(Order.total < 1))", "DELETE FROM orders WHERE orders.total < $1"],
  ["session.execute(insert(User).values(name=name))", "INSERT INTO users (name, active) VALUES ($1, $2) RETURNING users.id"],
  [
    "session.get(Order, 3)",
    "SELECT orders.id AS orders_id, orders.user_id AS orders_user_id, orders.total AS orders_total FROM orders WHERE orders.id = $1",
  ],
];
test.each(sent)("%s", (expression, sql) => checkSent(expression, expression, sql));

test("a constructor that is imported under another name", async () => {
  const [query] = await translated(`
from sqlalchemy.dialects.postgresql import insert as pg_insert

def run(session: Session, name: str):
    statement = pg_insert(User).values(id=1, name=name, active=True)
    session.execute(statement.on_conflict_do_nothing())
`);
  expect(treeOf(query!.sql!)).toEqual(treeOf("INSERT INTO users (id, name, active) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"));
});

test("conditional building gives a statement for each way", async () => {
  const [query] = await translated(`
def run(session: Session, name: str | None, total: int):
    stmt = select(User.id)
    if name:
        stmt = stmt.where(User.name == name)
    return session.scalars(stmt)
`);
  expect(query!.variants!.map(({ when, sql }) => [when, flat(sql)])).toEqual([
    ["name", "SELECT users.id FROM users WHERE users.name = $1"],
    ["not name", "SELECT users.id FROM users"],
  ]);
});

test("a value that may be None makes two statements", async () => {
  const [query] = await translated(`
def run(session: Session, name: str | None):
    return session.scalars(select(User.id).where(User.name == name))
`);
  expect(query!.variants!.map(({ sql }) => flat(sql))).toEqual([
    "SELECT users.id FROM users WHERE users.name IS NULL",
    "SELECT users.id FROM users WHERE users.name = $1",
  ]);
});

test("helper functions are run with what they are given", async () => {
  const [query] = await translated(`
def of_user(user_id: int):
    return [Order.user_id == user_id, Order.total > 0]

def run(session: Session, wanted: int):
    return session.scalars(select(Order.id).where(*of_user(wanted)))
`);
  expect(flat(query!.sql)).toBe("SELECT orders.id FROM orders WHERE orders.user_id = $1 AND orders.total > $2");
  expect(query!.parameters).toEqual([
    { position: 1, name: "wanted", pythonType: "int", sqlType: "integer", column: { table: "orders", column: "user_id" } },
    { position: 2, pythonType: "int", sqlType: "integer", value: 0, column: { table: "orders", column: "total" } },
  ]);
});

async function checkRefused(expression: string, reason: string): Promise<void> {
  const [query] = await translated(`\ndef run(session: Session, conditions, column):\n    return ${expression}\n`);
  expect(query!.sql).toBeUndefined();
  expect(query!.refused).toEqual({ reason, line: 7 });
}
test.each([
  ["session.scalars(select(User).where(*conditions))", "*conditions is not known"],
  ["session.scalars(select(User.id).where(column))", "a condition: what column is is not known"],
  ["session.scalars(select(User.nothing))", "User has no attribute nothing that is known"],
  ["session.scalars(select(User).filter_by(wrong=1))", "User has no attribute wrong"],
  ["session.scalars(select(User).not_a_method())", ".not_a_method() of a query is not known"],
])("%s is refused", checkRefused);
