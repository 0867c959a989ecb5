import { describe, expect, test } from "vitest";
import {
  completeProfile,
  parseUrl,
  portComplaint,
  readLimits,
  readSettingsProfiles,
  targetOf,
} from "../../../client/src/features/connections/profiles.js";

describe("parseUrl", () => {
  test.each<[string, object | RegExp]>([
    ["postgresql://app@db:5433/shop", { host: "db", port: 5433, database: "shop", user: "app" }],
    ["postgres://app:s%40cret@db/shop?sslmode=require", { host: "db", database: "shop", user: "app", password: "s@cret", tls: "require" }],
    ["postgresql+asyncpg://db/shop", { host: "db", database: "shop" }],
    ["  postgresql://[::1]:5432/shop ", { host: "::1", port: 5432, database: "shop" }],
    ["postgresql:///shop?host=/var/run/postgresql", { host: "/var/run/postgresql", database: "shop" }],
    ["postgresql://db/shop?sslmode=allow", { host: "db", database: "shop", tls: "prefer" }],
    ["mysql://db/shop", /scheme/],
    ["host=db dbname=shop", /not a URL/],
    ["postgresql://db/shop?sslmode=maybe", /sslmode.*Allowed/],
    ["postgresql://db/sh%zzop", /percent|URL/],
  ])("%s", (text, expected) => {
    const parsed = parseUrl(text);
    if (expected instanceof RegExp) expect(parsed).toMatch(expected);
    else expect(parsed).toEqual(expected);
  });
});

test.each([
  ["", undefined],
  ["5432", undefined],
  ["0", "port"],
  ["65536", "port"],
  ["54.5", "port"],
  ["x", "port"],
])("port %j", (text, complaint) => {
  if (complaint === undefined) expect(portComplaint(text)).toBeUndefined();
  else expect(portComplaint(text)).toContain(complaint);
});

describe("the setting dbOptimize.connections", () => {
  test.each<[string, unknown, RegExp]>([
    ["no list", { name: "a" }, /not a list/],
    ["no object", ["a"], /\[0\] is not an object/],
    ["no name", [{ host: "db" }], /\[0\]\.name is missing/],
    ["a password", [{ name: "a", password: "x" }], /holds a password/],
    ["a wrong class", [{ name: "a", class: "sample" }], /class is "sample". Allowed: disposable, normal, production/],
    ["a wrong port", [{ name: "a", port: 70000 }], /port/],
    ["a wrong tls", [{ name: "a", tls: "on" }], /tls is "on". Allowed/],
    ["a wrong timeout", [{ name: "a", statementTimeout: 0 }], /statementTimeout is 0/],
    ["a number for a host", [{ name: "a", host: 1 }], /host is not a text/],
    ["a name twice", [{ name: "a" }, { name: "a" }], /\[1\].*taken/],
  ])("%s is named, and costs only itself", (_name, raw, problem) => {
    const { profiles, problems } = readSettingsProfiles(Array.isArray(raw) ? [...raw, { name: "good" }] : raw);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(problem);
    if (Array.isArray(raw)) expect(profiles.map(({ name }) => name)).toContain("good");
  });

  test("a complete entry, with the settings' own limits", () => {
    const raw = [{ name: "live", class: "production", host: "db", port: 5433, database: "shop", user: "app", tls: "verify-full" }];
    const { profiles, problems } = readSettingsProfiles(raw, { connectTimeout: 3, statementTimeout: 5 });
    expect(problems).toEqual([]);
    expect(profiles).toEqual([{ id: "settings:live", source: "parameters", connectTimeout: 3, statementTimeout: 5, ...raw[0] }]);
  });

  test("absent is empty", () => expect(readSettingsProfiles(undefined)).toEqual({ profiles: [], problems: [] }));
});

test.each([
  [5, 60, { connectTimeout: 5, statementTimeout: 60 }],
  [0, -1, { connectTimeout: 10, statementTimeout: 30 }],
  ["5", undefined, { connectTimeout: 10, statementTimeout: 30 }],
])("limits %j, %j", (connect, statement, expected) => expect(readLimits(connect, statement)).toEqual(expected));

test.each([
  [{}, "localhost:5432"],
  [{ host: "db", port: 1, user: "u", database: "d" }, "u@db:1/d"],
  [{ host: "::1" }, "[::1]:5432"],
  [{ source: "service" as const, service: "live" }, "service live"],
  [{ source: "environment" as const }, "PG* variables"],
  [{ source: "dotenv" as const, dotenvFile: ".env" }, ".env"],
])("target of %j", (given, expected) => {
  expect(targetOf(completeProfile({ id: "a", name: "a", ...given }))).toBe(expected);
});
