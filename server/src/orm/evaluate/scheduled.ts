import type { CallExpr } from "../../python/index.js";
import { collection, membersOf, type Value } from "../values/value.js";
import { applyPerElement, applyValue } from "./apply.js";
import { givenBy } from "./arguments.js";
import type { Evaluator } from "./evaluator.js";
import { elementsOf } from "./iterations.js";

/** What gives that which the coroutine gives: at once, or when it is awaited or asked for its result. */
const awaiting = new Set(
  ["run", "create_task", "ensure_future", "wait_for", "shield", "run_coroutine_threadsafe"].map((name) => `asyncio.${name}`),
);
/** What calls a function with the arguments behind it. */
const calling = new Set([
  "anyio.run",
  "trio.run",
  "asyncio.to_thread",
  "anyio.to_thread.run_sync",
  "anyio.from_thread.run",
  "starlette.concurrency.run_in_threadpool",
  "fastapi.concurrency.run_in_threadpool",
]);
/** What gives a function that does the same. */
const wrapping = new Set(["asgiref.sync.async_to_sync", "asgiref.sync.sync_to_async"]);

/** `asyncio.run(load(session))`, `anyio.run(load, session)`, `async_to_sync(load)`: undefined where it is none of these. */
export function scheduledCall(ev: Evaluator, name: string, call: CallExpr, args: readonly Value[]): Value | undefined {
  if (awaiting.has(name)) return args[0];
  if (calling.has(name)) return called(ev, call, args, 0);
  return wrapping.has(name) ? args[0] : undefined;
}

function called(ev: Evaluator, call: CallExpr, args: readonly Value[], at: number): Value | undefined {
  const [callee, ...rest] = args.slice(at);
  if (!callee) return undefined;
  return applyValue(ev, callee, givenBy(ev, { ...call, args: call.args.slice(at + 1) }, rest), call);
}

/** `loop.run_until_complete(load(session))`, `group.create_task(load(session))`, `loop.run_in_executor(None, load, session)`, `pool.map(load, ids)`. */
export function scheduledMethod(ev: Evaluator, of: Value, name: string, call: CallExpr, args: readonly Value[]): Value | undefined {
  if (of.kind !== "unknown" && of.kind !== "external") return undefined;
  if (name === "run_until_complete") return args[0];
  if (name === "create_task") return call.args[0]?.value.kind === "call" ? args[0] : undefined;
  if (name === "run_in_executor") return called(ev, call, args, 1);
  const [first, second] = args;
  if (!first || !membersOf(first).every(isCallable)) return undefined;
  if (submitting.has(name)) return called(ev, call, args, 0);
  if (!mapping.has(name) || !second) return undefined;
  return collection(applyPerElement(ev, first, second, elementsOf(ev, second, call), call, name === "starmap"));
}

/** Of executors and task groups: what calls the function with the arguments behind it. */
const submitting = new Set(["submit", "start_soon"]);
/** Of executors and pools: what calls the function with each element. */
const mapping = new Set(["map", "imap", "imap_unordered", "starmap"]);
const isCallable = (value: Value): boolean =>
  ["closure", "method", "partial", "getter"].includes(value.kind) || (value.kind === "symbol" && value.symbol.kind === "function");

const data = new Set<Value["kind"]>(["collection", "tuple", "mapping", "none"]);

/** `run_coroutine_threadsafe(load(session), loop).result()`: rows themselves have no such method. */
export const isFuture = (of: Value, name: string): boolean => name === "result" && data.has(of.kind);
