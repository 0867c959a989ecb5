import { isObject, objectsAt, textAt, type Json, type JsonObject } from "../json.js";
import { figureKeys } from "../measures.js";
import { newKeys, type Keys } from "./document.js";
import { findDocuments } from "./json/documents.js";

/** Keys below which Citus (“Distributed Query”) and OpenTenBase (“Remote plan”) put the plans of other servers. */
const remoteKeys = ["Distributed Query", "Remote plan", "Remote Plan"] as const;

/** The same node, with the plans that it carries from other servers as children. Other nodes come back as they are. */
export function withRemotePlans(keys: JsonObject): JsonObject {
  const key = remoteKeys.find((name) => typeof keys[name] === "object" && keys[name] !== null);
  if (key === undefined) return keys;
  const tasks: JsonObject[] = [];
  const rest = withoutTasks(keys[key] ?? null, tasks);
  const found = tasks.length > 0 ? tasks : remoteRoots(keys[key] ?? null).map((plan) => ({ ...plan, "Parent Relationship": "Remote" }));
  if (found.length === 0) return keys;
  const { [key]: _, ...own } = keys;
  const summary = isObject(rest) && Object.keys(rest).length > 0 ? { [key]: rest } : {};
  return { ...own, ...summary, Plans: [...objectsAt(keys, "Plans"), ...found] };
}

const listNames: Readonly<Record<string, string>> = { Tasks: "Task", Subplans: "Distributed Subplan" };

/** Takes the lists of tasks and subplans out; Citus nests them two levels deep. */
function withoutTasks(value: Json, tasks: JsonObject[], depth = 0): Json {
  if (!isObject(value) || depth > 4) return value;
  const rest: Keys = newKeys();
  for (const [key, inner] of Object.entries(value)) {
    const type = Object.hasOwn(listNames, key) ? listNames[key] : undefined;
    if (type !== undefined && Array.isArray(inner))
      tasks.push(...(inner as readonly Json[]).filter(isObject).map((task) => taskNode(type, task)));
    else rest[key] = withoutTasks(inner, tasks, depth + 1);
  }
  return rest;
}

/** A task as a node: its own keys, its server's times for the whole statement, its plan below. */
function taskNode(type: string, task: JsonObject): JsonObject {
  const node: Keys = newKeys();
  Object.assign(node, { "Node Type": type, "Parent Relationship": "Remote" });
  const { documents } = findDocuments(task);
  for (const [key, value] of Object.entries(task)) if (typeof value !== "object" || value === null) node[key] = value;
  for (const document of documents) {
    for (const [key, value] of Object.entries(document)) if (key !== "Plan") node[key] = value;
  }
  node["Plans"] = documents.flatMap((document) => (isObject(document["Plan"]) ? [outer(document["Plan"])] : []));
  return node;
}

const outer = (plan: JsonObject): JsonObject =>
  textAt(plan, "Parent Relationship") === undefined ? { ...plan, "Parent Relationship": "Outer" } : plan;

function remoteRoots(value: Json): readonly JsonObject[] {
  return findDocuments(value).documents.flatMap((document) => (isObject(document["Plan"]) ? [document["Plan"]] : []));
}

/** Renames what another server measured, so that nothing counts it as this one's: it stays among the node's details. */
export function asRemote(keys: JsonObject): JsonObject {
  const renamed: Keys = newKeys();
  for (const [key, value] of Object.entries(keys)) renamed[measured.has(key) ? `Remote ${key}` : key] = value;
  return renamed;
}

const measured: ReadonlySet<string> = new Set(["Actual Startup Time", "Actual Total Time", "Workers", ...figureKeys]);
