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
const decorators = `from functools import update_wrapper, wraps

calls = {}

def plain(function):
    """Around it."""
    @wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)
    return wrapper

def updated(function):
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)
    return update_wrapper(wrapper, function)

def asked(name):
    def around(function):
        def wrapper(*args, **kwargs):
            return function(*args, **kwargs)
        return wraps(function)(wrapper)
    return around

def keeps(function):
    calls[function.__name__] = function
    return function

def tells(function):
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)
    calls[function.__name__] = wrapper
    return wrapper
`;

/** Of a few files the callers may be others that were not given. */
const others = Array.from({ length: 50 }, (_, at) => `other${at}.py`);

/** Whether what a function with this decorator does in a loop is told without reserve, though nothing names it. */
async function isTold(decorator: string): Promise<boolean> {
  const service = `from sqlalchemy import select
import decorators
import library
from models import User

${decorator}
def touch(session, user_ids):
    for user_id in user_ids:
        session.scalars(select(User).where(User.id == user_id)).one()
`;
  const texts = new Map([
    ...others.map((path) => [path, ""] as const),
    ["models.py", models],
    ["decorators.py", decorators],
    ["service.py", service],
  ]);
  const facts = new Map(await Promise.all([...texts].map(async ([path, text]) => [path, await factsOf(text)] as const)));
  const executions = new ProjectAnalysis(buildOrmIndex(facts)).subject("service.py")!.executions.filter(deciding);
  expect(executions).toHaveLength(1);
  return executions[0]!.unfounded !== true;
}

test.each([
  ["", false],
  ["@decorators.plain", false],
  ["@decorators.updated", false],
  ["@decorators.asked('x')", false],
  ["@decorators.keeps", true],
  ["@decorators.tells", true],
  ["@library.task", true],
])("a function that nothing names, decorated with %s", async (decorator, told) => {
  expect(await isTold(decorator)).toBe(told);
});
