import { expect, test } from "vitest";
import { join } from "node:path";
import { requiredVersion, sqlalchemyVersion } from "../../../server/src/workspace/sqlalchemyVersion.js";
import { makeTree } from "./tree.js";

const requirements: readonly (readonly [requirement: string, version: string | undefined])[] = [
  ["SQLAlchemy==2.0.31", "2.0"],
  ["sqlalchemy[asyncio]==2.1.9 ; python_version >= '3.10'", "2.1"],
  ["sqlalchemy==1.4.*", "1.4"],
  ["sqlalchemy~=1.4", "1.4"],
  ["sqlalchemy~=2.0.3", "2.0"],
  ["sqlalchemy~=2.0", "2.0"],
  ["SQLAlchemy<2", "1.4"],
  ["SQLAlchemy<2.0", "1.4"],
  ["SQLAlchemy>=1.4,<2.1", "2.0"],
  ["SQLAlchemy (>=2.0,<3.0)", "2.1"],
  ["sqlalchemy>=2.0", "2.0"],
  ["sqlalchemy>=2.1.0b1", "2.1"],
  ["sqlalchemy ^2.0.4", "2.0"],
  ["sqlalchemy ^1.4", "1.4"],
  ["sqlalchemy<2.0.5", "2.0"],
  ["sqlalchemy>=1.4,!=1.4.47,<2.0", "1.4"],
  ["sqlalchemy", undefined],
  ["sqlalchemy *", undefined],
  ["sqlalchemy-utils==0.41", undefined],
  ["flask-sqlalchemy==3.1", undefined],
  ["# sqlalchemy==1.4", undefined],
  ["-r sqlalchemy.txt", undefined],
  ["", undefined],
];
test.each(requirements)("requirement %s → %s", (requirement, version) => {
  expect(requiredVersion(requirement)).toBe(version);
});

interface Case {
  readonly name: string;
  readonly files: Record<string, string>;
  readonly version: string | undefined;
  /** Folder that is asked about; the project's top otherwise. */
  readonly in?: string;
}
const cases: Case[] = [
  { name: "nothing", files: {}, version: undefined },
  { name: "uv.lock", files: { "uv.lock": '[[package]]\nname = "sqlalchemy"\nversion = "2.1.1"\n' }, version: "2.1" },
  { name: "poetry.lock", files: { "poetry.lock": '[[package]]\nname = "SQLAlchemy"\nversion = "1.4.53"\n' }, version: "1.4" },
  { name: "Pipfile.lock", files: { "Pipfile.lock": '{"default": {"sqlalchemy": {"version": "==2.1.0"}}}' }, version: "2.1" },
  { name: "pyproject", files: { "pyproject.toml": '[project]\ndependencies = ["flask", "sqlalchemy<2"]\n' }, version: "1.4" },
  { name: "a group", files: { "pyproject.toml": '[dependency-groups]\ndb = ["sqlalchemy>=2.1"]\n' }, version: "2.1" },
  { name: "poetry's table", files: { "pyproject.toml": '[tool.poetry.dependencies]\nsqlalchemy = {version = "^1.4"}\n' }, version: "1.4" },
  { name: "Pipfile", files: { Pipfile: '[packages]\nsqlalchemy = "==1.4.*"\n' }, version: "1.4" },
  {
    name: "requirements",
    files: { "requirements-dev.txt": "sqlalchemy<2\n", "requirements.txt": "x\nsqlalchemy==2.1.2\n" },
    version: "2.1",
  },
  {
    name: "a lock before what was asked for",
    files: {
      "pyproject.toml": '[project]\ndependencies = ["sqlalchemy"]\n',
      "uv.lock": '[[package]]\nname = "sqlalchemy"\nversion = "2.1.1"\n',
    },
    version: "2.1",
  },
  {
    name: "what is installed before a lock",
    files: {
      "env/pyvenv.cfg": "",
      "env/lib/python3.12/site-packages/SQLAlchemy-1.4.49.dist-info/METADATA": "",
      "uv.lock": '[[package]]\nname = "sqlalchemy"\nversion = "2.1.1"\n',
    },
    version: "1.4",
  },
  {
    name: "the nearest folder",
    files: { "requirements.txt": "sqlalchemy<2", "a/requirements.txt": "sqlalchemy>=2.1" },
    in: "a/b",
    version: "2.1",
  },
  { name: "a folder above", files: { "requirements.txt": "sqlalchemy<2", "a/b/c.py": "" }, in: "a/b", version: "1.4" },
  { name: "a broken lock says nothing", files: { "uv.lock": "[[", "requirements.txt": "sqlalchemy<2" }, version: "1.4" },
];
test.each(cases)("$name", ({ files, in: folder = "", version }) => {
  const top = makeTree({ "a/b/x.py": "", ...files });
  expect(sqlalchemyVersion(join(top, folder), top)).toBe(version);
});
