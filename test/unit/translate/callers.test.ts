import { expect, test } from "vitest";
import { flat, translated } from "./project.js";

/** The statements of the query in `count`, each with what leads to it. */
const cases: Readonly<Record<string, readonly [callers: string, ways: Readonly<Record<string, string>> | string]>> = {
  "one caller": [
    "def active(session):\n    return count(session, User.active)\n",
    { "": "SELECT count(*) AS count_1 FROM users WHERE users.active" },
  ],
  "callers that give the same": [
    "def a(session):\n    return count(session, User.active)\ndef b(session):\n    return count(session, User.active)\n",
    { "": "SELECT count(*) AS count_1 FROM users WHERE users.active" },
  ],
  "callers that give something else": [
    "def a(session):\n    return count(session, User.active)\ndef b(session, name: str):\n    return count(session, User.name == name, User.active)\n",
    {
      "called by a() in app.py": "SELECT count(*) AS count_1 FROM users WHERE users.active",
      "called by b() in app.py": "SELECT count(*) AS count_1 FROM users WHERE users.name = $1 AND users.active",
    },
  ],
  "a caller that hands on what it is given": [
    "def all_of(session, *conditions):\n    return count(session, *conditions)\ndef top(session):\n    return all_of(session, User.id > 3)\n",
    { "": "SELECT count(*) AS count_1 FROM users WHERE users.id > $1" },
  ],
  "a call in a loop whose rounds are known": [
    "def each(session):\n    for column in (User.id, User.name):\n        count(session, column != None)\n",
    {
      "": "SELECT count(*) AS count_1 FROM users WHERE users.id IS NOT NULL",
      "in a later round": "SELECT count(*) AS count_1 FROM users WHERE users.name IS NOT NULL",
    },
  ],
  "nobody calls it": ["", "*conditions is not known"],
  "a caller of which it is not known what it gives": [
    "def a(session, conditions):\n    return count(session, *conditions)\n",
    "*conditions is not known",
  ],
  "handed on as a value": ["def a(session):\n    return run(count), count(session, User.active)\n", "*conditions is not known"],
};
test.each(Object.entries(cases))("%s", async (_, [callers, ways]) => {
  const code = `
def count(session: Session, *conditions):
    return session.scalar(select(func.count()).select_from(User).where(*conditions))

${callers}`;
  const [query] = await translated(code);
  if (typeof ways === "string") return expect(query?.refused?.reason).toBe(ways);
  expect(query?.refused).toBeUndefined();
  const found = new Map<string, string>();
  for (const { when, sql } of query!.variants ?? [{ when: "", sql: query!.sql! }])
    found.set(when, [found.get(when), flat(sql)].filter(Boolean).join(" | "));
  expect(Object.fromEntries(found)).toEqual(ways);
});

test("a plain value goes by the name that the function gives it", async () => {
  const code = `
def named(session: Session, name: str, *more):
    return session.scalars(select(User.id).where(User.name == name, *more))

def caller(session, request):
    return named(session, request.args["n"], User.active)
`;
  const [query] = await translated(code);
  expect(query?.parameters?.map(({ name, pythonType }) => [name, pythonType])).toEqual([["name", "str"]]);
});
