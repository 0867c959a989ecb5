import { callFunction } from "../execute/functions.js";
import type { Frame } from "../execute/frame.js";
import type { Machine } from "../execute/machine.js";
import type { Select } from "../sql/ir.js";
import type { Args, Value } from "../values.js";

/** A method of the project's own query class (`query_class = …`). */
export function customMethod(m: Machine, select: Select, name: string, args: Args, frame: Frame): Value | undefined {
  const [only] = select.columns;
  const own = only?.kind === "entity" ? only.use.entity.queryClass : undefined;
  const ref = own && m.index.classes.of({ kind: "class", file: own.file, index: own.class });
  const method = ref && m.index.classes.method(ref, name);
  if (!method) return undefined;
  return callFunction(
    m,
    { kind: "function", file: method.in.file, index: method.index, self: { kind: "statement", statement: select } },
    args,
    frame.depth + 1,
  );
}
