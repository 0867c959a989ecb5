import type { FileFacts, Stmt } from "../python/index.js";
import { bindCalled, bindUnknown } from "./execute/functions.js";
import { Frame } from "./execute/frame.js";
import { Reached, type Machine } from "./execute/machine.js";
import { PathEnd } from "./execute/oracle.js";
import { Shape } from "./execute/shape.js";
import { sliceOf, type Slice } from "./execute/slice.js";
import { callsOf, isOnlyOne, type CallSite } from "./calls.js";
import { PythonScope } from "./scope.js";
import type { SyntaxSite } from "./sites.js";
import { refuse } from "./sql/ir.js";
import { sitesWithin } from "./sql/sites.js";
import type { Args, Value } from "./values.js";
import { enclosing, namesRead } from "./syntax.js";

/** A place in the code that a path has to come to. */
interface Place {
  readonly file: string;
  readonly facts: FileFacts;
  readonly site: SyntaxSite;
}

/** Comes to query expressions: runs the functions around them, from the outside in, then the one that they stand in. */
export class Approach {
  private readonly slices = new Map<string, Slice>();

  /** @param callers how many calls up: 0 is the function by itself, whatever it is given */
  constructor(
    private readonly place: Place,
    private readonly callers = 0,
  ) {}

  run(machine: Machine): void {
    this.runTo(machine, this.place, this.callers, true);
  }

  private runTo(machine: Machine, place: Place, callers: number, isGoal: boolean): void {
    const { file, facts, site } = place;
    const isSite = (expr: { start: number; end: number; kind: string }) =>
      expr.start === site.start && expr.end === site.end && (expr.kind === "call" || expr.kind === "attribute");
    const chain = enclosing(facts, site.function);
    let frame: Frame | undefined;
    for (const [at, index] of chain.entries()) {
      const fn = facts.functions[index]!;
      const inner = chain[at + 1];
      const next: Frame = new Frame(file, index, 0, frame);
      const self = new PythonScope(machine, file, facts).selfOf(index);
      bindUnknown(machine, file, fn, next, self);
      if (at === 1 && callers > 0) this.bindFromCaller(machine, place, next, callers);
      const slice = (make: () => Slice) => this.slice(`${file} ${index} ${site.start} ${site.end}`, make);
      if (inner === undefined && site.class === undefined) {
        if (isGoal) machine.goal!.frame = next;
        machine.run(
          fn.body,
          next,
          slice(() => sliceOf(facts, fn.body, isSite)),
        );
      } else if (inner !== undefined && index !== 0)
        machine.run(
          withoutReturns(fn.body),
          next,
          slice(() => sliceOf(facts, fn.body, () => false, namesRead(facts, inner))),
        );
      frame = index === 0 && inner !== undefined ? undefined : next;
    }
    if (site.class !== undefined) new PythonScope(machine, file, facts).runField(site, frame);
  }

  private slice(key: string, make: () => Slice): Slice {
    const before = this.slices.get(key) ?? make();
    this.slices.set(key, before);
    return before;
  }

  /** What one of the callers gives; the function by itself where it does not show who calls it. */
  private bindFromCaller(machine: Machine, { file }: Place, frame: Frame, callers: number): void {
    const calls = callsOf(machine.index, file, frame.index);
    if (!calls) return;
    const at = machine.oracle.choose(calls.length, `caller ${file} ${frame.index}`, (choice) => calledBy(machine, calls[choice]!));
    const { callee, args } = this.reach(machine, calls[at]!, callers - 1);
    const fn = machine.facts(file).functions[frame.index]!;
    if (callee.kind === "function") {
      if (callee.file !== file || callee.index !== frame.index) throw new PathEnd();
    } else if (callee.kind !== "parameter" && callee.kind !== "unknown" && callee.kind !== "instance") throw new PathEnd();
    else if (!isOnlyOne(machine.index, fn.name)) return refuse(`a call of ${fn.name}() is not understood`);
    const self = callee.kind === "function" ? callee.self : fn.params[0] && frame.get(fn.params[0].name);
    bindCalled(machine, file, fn, fn.class === undefined ? undefined : self, args, frame);
    // Callers that give the same are one.
    const given = new Shape().add(frame.names);
    given.addFacts(machine.answers(), (value) => machine.attributeValues.get(value), machine.sharedValues);
    machine.goal!.junctions.arrive(`entered ${file} ${frame.index} ${given.text}`, machine.oracle.path);
  }

  private reach(machine: Machine, { file, expr, function: at }: CallSite, callers: number): { callee: Value; args: Args } {
    const facts = machine.facts(file);
    const { awaited, repeating } = machine;
    const { rounds, site } = machine.goal!;
    const sent = machine.sent.length;
    machine.awaited = expr;
    try {
      this.runTo(machine, { file, facts, site: { start: expr.start, end: expr.end, chainEnd: expr.end, function: at } }, callers, false);
    } catch (error) {
      if (error instanceof Reached && error.expr === expr) return error;
      throw error;
    } finally {
      // The call may stand in a loop, which ends here.
      machine.awaited = awaited;
      machine.repeating = repeating;
      machine.goal!.rounds = rounds;
      // What earlier rounds of it made and sent is told of paths that enter in them.
      machine.sent.length = sent;
      for (const [key, statement] of machine.latest) if (sitesWithin(statement).has(site)) machine.latest.delete(key);
    }
    throw new PathEnd();
  }
}

/** What stands behind the nested function may still set its names; a return ends nothing for it. */
const withoutReturns = (body: readonly Stmt[]): readonly Stmt[] => body.filter((statement) => statement.kind !== "return");

function calledBy(machine: Machine, { file, function: at }: CallSite): string {
  const fn = machine.facts(file).functions[at]!;
  const name = file.slice(file.lastIndexOf("/") + 1);
  return at === 0 ? `called in ${name}` : `called by ${fn.qualifiedName}() in ${name}`;
}
