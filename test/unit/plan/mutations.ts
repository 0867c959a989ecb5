/** A rule of attribution, broken: `from` stands once in the file of server/src/plan and becomes `to`. */
export interface Mutation {
  readonly rule: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const mutation = (rule: string, file: string, from: string, to: string): Mutation => ({ rule, file, from, to });

export const mutations: readonly Mutation[] = [
  mutation("times are per loop", "rawTree.ts", "positive(total * loops)", "positive(total)"),

  mutation(
    "processes: loops ÷ loops, not workers launched + 1",
    "participants.ts",
    "node.loops / parent.loops",
    'Number(parent.keys["Workers Launched"]) + 1',
  ),
  mutation("processes: per run of the Gather", "participants.ts", "node.loops / parent.loops", "node.loops"),
  mutation(
    "processes: not under anything but a Gather",
    "participants.ts",
    'isGather(parent) && node.relationship === "Outer"',
    'node.relationship === "Outer"',
  ),
  mutation(
    "processes: an InitPlan is not divided among workers",
    "participants.ts",
    'isGather(parent) && node.relationship === "Outer"',
    "isGather(parent)",
  ),
  mutation("processes: everything below inherits them", "participants.ts", "count[host] || 1", "1"),

  mutation(
    "children are taken out of their parent",
    "attribution.ts",
    "add(this.self, node.parent, -this.inclusive(node.index) / share);",
    "",
  ),
  mutation(
    "time under a Gather is divided among the processes",
    "attribution.ts",
    "this.isTime ? at(this.layout.shared, node.index) : 1",
    "1",
  ),
  mutation(
    "counters under a Gather are not",
    "attribution.ts",
    "this.isTime ? at(this.layout.shared, node.index) : 1",
    "at(this.layout.shared, node.index)",
  ),
  mutation(
    "the bound of the children is added",
    "attribution.ts",
    "add(this.error, node.parent, at(this.column.error, node.index) / share);",
    "",
  ),
  mutation(
    "guests are not taken out of their parent",
    "attribution.ts",
    "node.parent === undefined || isGuest(node, this.layout.hosts)",
    "node.parent === undefined",
  ),
  mutation("guests are taken out of their host", "attribution.ts", "ledger.takeGuest(node);", ";"),
  mutation("CTEs are taken out of their scans", "attribution.ts", "ledger.takeCte(node);", ";"),
  mutation(
    "a CTE is shared in proportion",
    "attribution.ts",
    "apportion(taken, available, measure.whole)",
    "apportion(taken, available.map(() => 1), measure.whole)",
  ),
  mutation(
    "shares of counters are whole",
    "attribution.ts",
    "apportion(taken, available, measure.whole)",
    "apportion(taken, available, false)",
  ),
  mutation("no share is lost to whole numbers", "attribution.ts", "if (missing-- > 0)", "if (missing-- > 1)"),
  mutation("a CTE's rest is its owner's", "attribution.ts", "else this.chargeAbove(nodes[cte.index], rest);", ""),
  mutation(
    "but of one that changes data it came after the plan",
    "attribution.ts",
    'if (cte.type === "ModifyTable") this',
    "if (cte.index < 0) this",
  ),
  mutation("and is in the total", "attribution.ts", "return this.inclusive(0) + afterPlan;", "return this.inclusive(0);"),
  mutation("a CTE's rounding is not somebody else's", "attribution.ts", "scans.length > 0 && inclusive - sum <= bound", "scans.length < 0"),
  mutation(
    "triggers that ran inside are taken out",
    "attribution.ts",
    'ledger.charge(node, amount, "trigger", trigger, column.measure.rounding);',
    ";",
  ),
  mutation("within the bound it is zero", "attribution.ts", "if (missing <= at(this.error, index) * slack)", "if (missing < 0)"),
  mutation("a Gather may have waited less", "attribution.ts", "this.isTime && isGather(node) && hasWorkers(node)", "node.index < 0"),
  mutation(
    "that goes for time alone",
    "attribution.ts",
    "this.isTime && isGather(node) && hasWorkers(node)",
    "isGather(node) && hasWorkers(node)",
  ),
  mutation("foreign scans may overlap", "attribution.ts", "this.isTime && this.isAsync(node)", "node.index < 0"),
  mutation("what a node did not count itself, one above did", "attribution.ts", "this.chargeAbove(node, missing);", ""),
  mutation(
    "the nearest one above",
    "attribution.ts",
    "let above = node.parent; above !== undefined && rest > 0",
    "let above: number | undefined = 0; above !== undefined && rest > 0",
  ),
  mutation(
    "time of several processes counts once for each",
    "attribution.ts",
    "at(this.layout.processes, above) / at(this.layout.processes, node.index)",
    "1",
  ),

  mutation("CTE scans are looked for", "hosts.ts", "hosts[cte] = scans;", "if (cte < 0) hosts[cte] = scans;"),
  mutation(
    "a CTE may hang on its own scan",
    "hosts.ts",
    "let above: number | undefined = scan.index;",
    "let above: number | undefined = scan.parent;",
  ),
  mutation("inner CTEs shadow outer ones", "hosts.ts", "if (found !== undefined) return found;", "if (found !== undefined) void found;"),
  mutation(
    "a CTE is not in its parent",
    "hosts.ts",
    "node.parent === undefined || isCte(node) ? [] : [node.parent]",
    "node.parent === undefined ? [] : [node.parent]",
  ),
  mutation(
    "SubPlans in index conditions run above the scan",
    "hosts.ts",
    "isRuntimeKey(node, nodes)",
    "isRuntimeKey(node, nodes) && node.index < 0",
  ),
  mutation("InitPlans are placed", "hosts.ts", "hosts[initPlan] = [host];", "if (initPlan < 0) hosts[initPlan] = [host];"),

  mutation(
    "a Gather evaluates InitPlans for its workers",
    "initPlans.ts",
    "if (node && isGather(node) && (node.loops ?? 0) > 0) result = at;",
    "",
  ),
  mutation(
    "who did not run evaluated nothing",
    "initPlans.ts",
    "(this.nodes[consumer]?.loops ?? 0) > 0 ? consumer : undefined",
    "consumer",
  ),
  mutation(
    "the first in order of execution",
    "initPlans.ts",
    ".sort((a, b) => this.firstRank(a, owner) - this.firstRank(b, owner))",
    ".sort((a, b) => b - a)",
  ),
  mutation(
    "who has room for it",
    "initPlans.ts",
    "evaluators.filter((node) => room.holds(node, initPlan.index))",
    "evaluators.filter(() => true)",
  ),
  mutation(
    "who had its first row late enough",
    "initPlans.ts",
    "return initPlan.processTime <= startup + 2 * timeRounding;",
    "return true;",
  ),
  mutation("keys are computed above", "initPlans.ts", "isKey || choosing.has(above)", "choosing.has(above)"),
  mutation("partitions are chosen above", "initPlans.ts", "isKey || choosing.has(above)", "isKey"),
  mutation("if not who names it, one above", "initPlans.ts", "if (holds(above)) return above;", ";"),
  mutation("if nobody names it, its owner", "initPlans.ts", "if (holds(owner)) return owner;", ""),
  mutation(
    "not what is inside it",
    "initPlans.ts",
    "return inside && !(node >= initPlan.index && node < (this.ends[initPlan.index] ?? 0));",
    "return inside;",
  ),

  mutation("room: children are taken out", "room.ts", "left[node.parent] = (left[node.parent] ?? 0) - taken;", ""),
  mutation("room: in every measure", "room.ts", "return this.measures.every(", "return this.measures.some("),
  mutation("room: of what is there only once", "room.ts", "left[host] = (left[host] ?? 0) - (column.inclusive[guest] ?? 0)", ";"),

  mutation("$1 is not $12", "reference.ts", "while (isDigit(expression[end])) end++;", "if (isDigit(expression[end])) end++;"),
  mutation("what is quoted is no reference", "reference.ts", "index = afterQuote(expression, index);", ";"),
  mutation("17 and later name InitPlans", "reference.ts", "marks.push(bareName(expression.slice(start, index)));", ";"),
  mutation("before 17 it is parameters", "reference.ts", "marks.push(expression.slice(index, end));", ";"),

  mutation(
    "keys: a scan that is started anew",
    "runtimeKeys.ts",
    '(scan.loops ?? 0) > 1 || (above?.type === "Nested Loop" && scan.relationship === "Inner")',
    "false",
  ),
  mutation(
    "keys: not one that runs once",
    "runtimeKeys.ts",
    '(scan.loops ?? 0) > 1 || (above?.type === "Nested Loop" && scan.relationship === "Inner")',
    "true",
  ),

  mutation(
    "order: LIMIT comes before what it reads",
    "tree.ts",
    'node.type === "Limit" || node.type === "Result" || isGather(node)',
    "false",
  ),
  mutation(
    "order: a hash join asks its outer side first",
    "tree.ts",
    'node.type === "Hash Join" && hashComesFirst(node, inputs)',
    'node.type === "Hash Join"',
  ),
  mutation("order: but not if it needs the table", "tree.ts", 'node.type === "Hash Join" && hashComesFirst(node, inputs)', "false"),

  mutation("triggers: BEFORE ran inside", "triggers.ts", "if (missing <= 0) return triggers;", "return triggers;"),
  mutation("triggers: AFTER did not", "triggers.ts", "if (missing <= 0) return triggers;", ""),
  mutation(
    "triggers: constraints never",
    "triggers.ts",
    "trigger.constraint === undefined ? hostOf(trigger, modifying) : undefined",
    "hostOf(trigger, modifying)",
  ),
  mutation("triggers: no more than have to", "triggers.ts", "if (all <= wanted) return new Set(positions);", "return new Set(positions);"),
  mutation("triggers: of partitions too", "triggers.ts", "?? able[0]", ""),

  mutation("triggers are no part of the rest", "model.ts", "totals.execution - triggers - ", "totals.execution - "),
  mutation("serialization is no part of the rest", "model.ts", " - (totals.serialization ?? 0) - self", " - self"),
  mutation("the rest counts wall shares", "model.ts", "sum + value / (participants.count[index] ?? 1)", "sum + value"),
  mutation("rounding is in the bound", "model.ts", "(nodes[0]?.loops ?? 1)) + rounded", "(nodes[0]?.loops ?? 1))"),

  mutation("I/O times: old keys", "measures.ts", '"Shared I/O Read Time", "I/O Read Time"', '"Shared I/O Read Time"'),
  mutation("I/O times: rounded", "measures.ts", "keys,\n  rounding: timeRounding,", "keys,\n  rounding: 0,"),
  mutation("times: ± half of the last decimal", "measures.ts", "timeRounding = 0.0005", "timeRounding = 0.00005"),
  mutation(
    "counters that are left out are zero",
    "groups.ts",
    "known(measure.figure) || (any && isAlwaysReported(measure)) ? 0 : undefined",
    "undefined",
  ),

  mutation("rows: rounded to halves before 18", "model.ts", 'root["Disabled"] === undefined ? 0.5 : 0.005', "0.005"),
  mutation("rows: to hundredths from 18 on", "model.ts", 'root["Disabled"] === undefined ? 0.5 : 0.005', "0.5"),
  mutation("rows: an average of one is not rounded", "node.ts", "node.loops > 1 ? rowError * node.loops : 0", "rowError * node.loops"),
  mutation("rows: the same within rounding", "estimates.ts", "if (low <= expected && expected <= high) return 1;", ""),
  mutation("rows: the planner's divisor", "estimates.ts", "Math.max(1 - 0.3 * workers, 0) || 1", "1"),
  mutation("rows: only of partial plans", "estimates.ts", "partial[index] ? divisor(node, nodes) : undefined", "divisor(node, nodes)"),
  mutation("rows: LIMIT stops", "estimates.ts", 'if (parent.type === "Limit")', "if (parent.index < 0)"),
  mutation(
    "rows: unless it was not reached",
    "estimates.ts",
    "isExhausted(parent) ? above : { ...above, mayStop: true }",
    "{ ...above, mayStop: true }",
  ),
  mutation("rows: a sort reads all", "estimates.ts", "if (blocks(parent)) return fair;", ""),
  mutation(
    "rows: merge joins stop",
    "estimates.ts",
    "return { mayStop: true, mayRepeat: above.mayRepeat || inner };",
    "return { mayStop: false, mayRepeat: above.mayRepeat || inner };",
  ),
  mutation(
    "rows: merge joins repeat",
    "estimates.ts",
    "return { mayStop: true, mayRepeat: above.mayRepeat || inner };",
    "return { mayStop: true, mayRepeat: false };",
  ),
  mutation("rows: semi joins stop", "estimates.ts", 'joinType === "Semi" || joinType === "Anti" ||', ""),
  mutation("rows: an empty hash table stops", "estimates.ts", "!inner && hashIsEmpty(parent, nodes)", "false"),
  mutation("rows: bitmaps report none", "estimates.ts", " || uncounted.has(node.type)", ""),
  mutation("rows: InitPlans are lazy", "estimates.ts", 'node.relationship === "SubPlan" || node.relationship === "InitPlan"', "false"),
  mutation("rows: never executed", "estimates.ts", "actual === undefined || loops === 0 ||", "actual === undefined ||"),

  mutation("spill: of all processes", "spill.ts", 'sum(processes.map((keys) => sortSpace(keys, "Disk")))', 'sortSpace(node.keys, "Disk")'),
  mutation("spill: hash batches", "spill.ts", 'node.type === "Hash" && batches > 1', "false"),
  mutation(
    "the leader is what its workers leave",
    "processes.ts",
    "const loops = node.loops - sum(workers.map((worker) => worker.loops));",
    "const loops = node.loops;",
  ),
];
