import { expect, test } from "vitest";
import { buildOrmIndex, deciding, ProjectAnalysis } from "../../../server/src/orm/index.js";
import { factsOf } from "../python/parser.js";

const models = `from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

class Base(DeclarativeBase):
    pass

class User(Base):
    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
`;
const service = `from sqlalchemy import select
from models import User

def touch(session, user_ids):
    for user_id in user_ids:
        session.scalars(select(User).where(User.id == user_id)).one()

class Users:
    def touch_all(self, session, user_ids=()):
        for user_id in user_ids:
            session.scalars(select(User).where(User.id == user_id)).one()
`;
const imports = "from service import touch, Users\n\n";

/** Whether the queries of `touch` and of `touch_all` are told without reserve, in the order of the file. */
function told(analysis: ProjectAnalysis): boolean[] {
  return analysis
    .subject("service.py")!
    .executions.filter(deciding)
    .map(({ unfounded }) => unfounded !== true);
}

async function project(app: string) {
  const texts = { "models.py": models, "service.py": service, "app.py": imports + app };
  const facts = await Promise.all(Object.values(texts).map((text) => factsOf(text)));
  return new Map(Object.keys(texts).map((path, at) => [path, facts[at]!]));
}

test.each([
  ["touch(session, (one,))\n    Users().touch_all(session, [one, 2])", [false, false]],
  ["touch(session, user_ids=[one])\n    Users().touch_all(session)", [false, false]],
  ["touch(session, one)\n    Users().touch_all(session, user_ids=one)", [true, true]],
  ["touch(session, [*one])\n    Users().touch_all(session, [1, 2, 3, 4])", [true, true]],
  ["touch(*one)\n    register(Users().touch_all)", [true, true]],
  ["touch(session, [one])\n    touch(session, one)\n    call('touch_all')", [true, true]],
  ["pass", [true, true]],
])("parameters that calls write out: %s", async (body, expected) => {
  expect(told(new ProjectAnalysis(buildOrmIndex(await project(`def run(session, one):\n    ${body}\n`))))).toEqual(expected);
});

test("an edit of a call is seen", async () => {
  const texts = ["touch(session, [one])", "touch(session, one)", "touch(session, (one, 2))"];
  let index = buildOrmIndex(await project(`def run(session, one):\n    ${texts[0]!}\n`));
  let analysis = new ProjectAnalysis(index);
  const seen = [told(analysis)];
  for (const text of texts.slice(1)) {
    index = index.withFile("app.py", await factsOf(`${imports}def run(session, one):\n    ${text}\n`))!;
    analysis = analysis.after(index, ["app.py"]);
    seen.push(told(analysis));
  }
  expect(seen.map(([touch]) => touch)).toEqual([false, true, false]);
});
