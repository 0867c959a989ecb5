import type { Backend } from "../backend.js";
import {
  ambientDetails,
  operatorClassDetails,
  operatorDetails,
  relationDetails,
  replacedBuiltinDetails,
  typeDetails,
  type Detail,
} from "./details.js";
import { lookupQueries, type Lookup } from "./lookups.js";
import type { Mentions, Name } from "./mentions.js";
import { firstUserOid, operatorClasses, resolveNames, schemasOf, schemasOfBodies, type Candidate, type OperatorTypes } from "./names.js";
import { referencesOf } from "./nodeTree.js";

export type ObjectKind = "relation" | "function" | "type" | "operator" | "operatorClass";

/** An object that the statement can make the server use, and how it came there. */
export interface ReachedObject {
  readonly kind: ObjectKind;
  readonly oid: number;
  readonly via: ReachedObject | undefined;
  /** `policy tenant of shop.orders`; joined along `via` they are the path. */
  readonly how: string;
  /** Relations only: rows are written, so triggers, rules and defaults count too. */
  readonly written: boolean;
  /** As a person would name it, once it was looked at. */
  name?: string;
  relationKind?: string;
  /** Of a function whose body was followed: who trusts it, trusts what it calls. */
  bodyDefinition?: string;
}

/** Something found on the way that is not allowed whatever it does. */
export interface Objection {
  readonly object: ReachedObject;
  readonly why: string;
  /** Definition text that a user may trust; absent where trust does not help. */
  readonly definition?: string;
}

/** Types of literals (bool, int8, int4, text, unknown, numeric, bit), of rows, and of what keywords give (dates, times, name, xml, json). */
const literalTypes = [16, 20, 23, 25, 705, 1700, 1560, 2249, 19, 114, 142, 3802, 1082, 1083, 1114, 1184, 1186, 1266];

/** anyarray and anycompatiblearray: a function that takes or gives them makes arrays of what it is given. */
const polymorphicArrays = [2277, 5078];

const inText = "named in the text";
const mayBeMeantByName = "may be meant by its name";

/** Bounds the walk: a catalog with more than this behind one statement is refused rather than half looked at. */
const mostObjects = 20_000;

/** Follows everything that hangs on the names of a statement through the catalog, without running any of it. */
export class Reach {
  readonly objections: Objection[] = [];
  private readonly objects = new Map<string, ReachedObject>();
  private pending: ReachedObject[] = [];
  /** Candidates whose argument types have not been met. */
  private heldBack: { candidate: Candidate; kind: "function" | "operator"; via: ReachedObject | undefined }[] = [];
  private readonly lookups = new Set<Lookup>();
  private readonly schemas = new Map<string, readonly string[]>();
  /** Values may be arrays of any type that occurs. */
  private arrays = false;

  /** `onlyPlans`: the statement is not run, so what writes would set off is left out, but for what planning them does. */
  constructor(
    private readonly backend: Backend,
    private readonly onlyPlans: boolean,
  ) {}

  /** Tables whose rows the statement may change, by itself or through rules, triggers and cascades. */
  written(): string[] {
    const written = [...this.objects.values()].filter((object) => object.written && object.relationKind !== "v");
    return [...new Set(written.flatMap(({ name }) => (name === undefined ? [] : [name])))];
  }

  get size(): number {
    return this.objects.size;
  }

  /** Objects of a kind that have not been taken yet. */
  take(kind: ObjectKind): ReachedObject[] {
    const taken = this.pending.filter((object) => object.kind === kind);
    this.pending = this.pending.filter((object) => object.kind !== kind);
    return taken;
  }

  add(kind: ObjectKind, oid: number, via: ReachedObject | undefined, how: string, written = false): void {
    if (oid === 0) return;
    if (kind === "type" && oid < firstUserOid) return void this.builtinTypes.add(oid);
    const key = `${kind} ${oid} ${written ? "w" : "r"}`;
    if (this.objects.has(key) || (!written && this.objects.has(`${kind} ${oid} w`))) return;
    const object = { kind, oid, via, how, written };
    this.objects.set(key, object);
    this.pending.push(object);
  }

  /** Names of a text, looked up along `path`. */
  async addNames(mentions: Mentions, path: string, via: ReachedObject | undefined): Promise<void> {
    const inBody = via !== undefined;
    const schemas = await this.schemasAlong(path, inBody);
    const resolved = await resolveNames(this.backend, mentions, schemas, inBody);
    if (mentions.arrays) this.arrays = true;
    for (const { oid, written } of resolved.relations) this.add("relation", oid, via, inText, written);
    for (const oid of resolved.types) this.add("type", oid, via, inText);
    this.operatorTypes.push(...resolved.operatorTypes);
    for (const oid of resolved.samplingMethods) this.add("function", oid, via, "sampling method");
    for (const candidate of resolved.functions) this.heldBack.push({ candidate, kind: "function", via });
    for (const candidate of resolved.operators) this.heldBack.push({ candidate, kind: "operator", via });
  }

  /** The same for every text that is read along the path: bodies come by the hundred. */
  private async schemasAlong(path: string, inBody: boolean): Promise<readonly string[]> {
    const key = `${inBody ? "body" : "statement"} ${path}`;
    const known = this.schemas.get(key);
    if (known) return known;
    const schemas = await (inBody ? schemasOfBodies : schemasOf)(this.backend, path);
    this.schemas.set(key, schemas);
    return schemas;
  }

  async addOperatorClasses(names: readonly Name[], path: string): Promise<void> {
    for (const oid of await operatorClasses(this.backend, names, await schemasOf(this.backend, path)))
      this.add("operatorClass", oid, undefined, inText);
  }

  /** What a function may choose by a value: once for each kind. */
  async addLookup(lookup: Lookup, via: ReachedObject): Promise<void> {
    if (this.lookups.has(lookup)) return;
    this.lookups.add(lookup);
    for (const row of await this.backend.query(lookupQueries[lookup])) this.add("function", Number(row.oid), via, String(row.name));
  }

  /** References of a stored expression or query. */
  addTree(tree: string, via: ReachedObject | undefined, how: string, writtenRelations = false): void {
    const found = referencesOf(tree);
    if (via && (found.writes || (found.locks && via.kind === "function")))
      this.objections.push({ object: via, why: `its ${how} writes or locks rows` });
    for (const oid of found.functions) this.add("function", oid, via, how);
    for (const oid of found.operators) if (oid >= firstUserOid) this.add("operator", oid, via, how);
    for (const oid of found.sortOperators) this.add("operator", oid, via, how);
    for (const oid of found.types) this.add("type", oid, via, how);
    for (const oid of found.relations) this.add("relation", oid, via, how, writtenRelations);
  }

  /** Looks at everything but functions, which `judge` takes. Returns when nothing else is left. */
  async follow(): Promise<void> {
    for (;;) {
      if (this.objects.size > mostObjects) throw new RangeError("too many objects");
      const worked =
        (await this.followRelations()) || (await this.followTypes()) || (await this.followOperators()) || (await this.followClasses());
      if (!worked && !(await this.followAmbient()) && !this.releaseCandidates()) return;
    }
  }

  private async followRelations(): Promise<boolean> {
    const taken = this.take("relation");
    for (const written of [false, true]) {
      const objects = taken.filter((object) => object.written === written);
      if (objects.length === 0) continue;
      const details = await relationDetails(
        this.backend,
        objects.map(({ oid }) => oid),
        written ? (this.onlyPlans ? "planned" : "run") : "no",
      );
      this.addDetails(objects, details);
    }
    return taken.length > 0;
  }

  private async followTypes(): Promise<boolean> {
    const taken = this.take("type");
    if (taken.length > 0)
      this.addDetails(
        taken,
        await typeDetails(
          this.backend,
          taken.map(({ oid }) => oid),
        ),
      );
    return taken.length > 0;
  }

  private async followOperators(): Promise<boolean> {
    const taken = this.take("operator");
    if (taken.length > 0)
      this.addDetails(
        taken,
        await operatorDetails(
          this.backend,
          taken.map(({ oid }) => oid),
        ),
      );
    return taken.length > 0;
  }

  private async followClasses(): Promise<boolean> {
    const taken = this.take("operatorClass");
    if (taken.length > 0)
      this.addDetails(
        taken,
        await operatorClassDetails(
          this.backend,
          taken.map(({ oid }) => oid),
        ),
      );
    return taken.length > 0;
  }

  /** PostgreSQL's own types that values of the statement may have: literals', columns', and whatever functions and operators may give. */
  private readonly builtinTypes = new Set(literalTypes);
  private readonly operatorTypes: OperatorTypes[] = [];
  private typesSeen = -1;

  /** An operator's result can occur once one of its operands can: the other one may be a literal of any type. */
  private addOperatorResults(): void {
    for (let before = -1; before !== this.builtinTypes.size;) {
      before = this.builtinTypes.size;
      for (const { takes, gives } of this.operatorTypes) if (takes.some((oid) => this.builtinTypes.has(oid))) this.builtinTypes.add(gives);
    }
  }

  private types(): number[] {
    return [...this.objects.values()].filter(({ kind }) => kind === "type").map(({ oid }) => oid);
  }

  private async followAmbient(): Promise<boolean> {
    const types = this.types();
    this.addOperatorResults();
    if (polymorphicArrays.some((oid) => this.builtinTypes.has(oid))) this.arrays = true;
    if (types.length + this.builtinTypes.size === this.typesSeen) return false;
    const before = this.objects.size;
    if (this.typesSeen < 0) for (const detail of await replacedBuiltinDetails(this.backend)) this.addDetail(undefined, detail);
    this.typesSeen = types.length + this.builtinTypes.size;
    for (const detail of await ambientDetails(this.backend, types, [...this.builtinTypes], this.arrays)) this.addDetail(undefined, detail);
    return this.objects.size > before;
  }

  /**
   * A function or operator whose name PostgreSQL has too is chosen only for its own argument types; where none of them can occur it stays
   * out, unless a literal can become one. Domains, rows and polymorphic types take what other types give, so they hold nothing back.
   */
  private releaseCandidates(): boolean {
    const types = new Set(this.types());
    const before = this.objects.size;
    const absent = (oid: number) => oid >= firstUserOid && this.separate.has(oid) && !types.has(oid);
    this.heldBack = this.heldBack.filter(({ candidate, kind, via }) => {
      const { oid, argumentTypes } = candidate;
      const ownOperator = kind === "operator" && oid < firstUserOid;
      const missing = ownOperator
        ? !argumentTypes.some((type) => this.builtinTypes.has(type))
        : !candidate.mayBeMeant(argumentTypes.flatMap((type, place) => (absent(type) ? [place] : [])));
      if (!missing) this.add(kind, oid, via, mayBeMeantByName);
      return missing;
    });
    return this.objects.size > before;
  }

  /** Types that nothing else turns into by itself: base types that are no strings, enums and ranges. Filled before candidates are released. */
  private readonly separate = new Set<number>();
  private readonly learned = new Set<number>();

  async learnSeparateTypes(): Promise<void> {
    const named = this.heldBack.flatMap(({ candidate }) => candidate.argumentTypes);
    const wanted = [...new Set(named)].filter((oid) => oid >= firstUserOid && !this.learned.has(oid));
    if (wanted.length === 0) return;
    for (const oid of wanted) this.learned.add(oid);
    const rows = await this.backend.query(
      `SELECT t.oid FROM pg_type t WHERE t.oid = ANY ($1::oid[]) AND t.typtype IN ('b', 'e', 'r', 'm') AND t.typinput <> 'array_in'::regproc
         AND t.typcategory <> 'S' AND NOT t.typispreferred`,
      [wanted.map(String)],
    );
    for (const row of rows) this.separate.add(Number(row.oid));
  }

  private addDetails(objects: readonly ReachedObject[], details: readonly Detail[]): void {
    const byOid = new Map(objects.map((object) => [object.oid, object]));
    // Names first: the paths of the others are made of them.
    for (const each of details) if (each.what === "kind") this.setKind(byOid.get(each.owner), each);
    for (const each of details) if (each.what !== "kind") this.addDetail(byOid.get(each.owner), each);
  }

  private setKind(object: ReachedObject | undefined, { name }: Detail): void {
    if (!object) return;
    object.name = object.kind === "operator" ? name : name.slice(1);
    object.relationKind = name[0];
  }

  private addDetail(via: ReachedObject | undefined, { what, name, oid, tree }: Detail): void {
    const how = via && what !== "function" ? `${what} ${name}`.trim() : name;
    if (what === "foreign table") return void (via && this.objections.push(foreign(via, name, tree ?? "")));
    // What is written through a view or a rule is written to the relations behind it, with their triggers and defaults.
    const through = what === "rule" || (what === "view" && via?.written === true);
    if (tree !== undefined) this.addTree(through ? withoutCommands(tree) : tree, via, how, through);
    if (oid !== undefined)
      this.add(kindOfDetail[what] ?? "function", oid, via, how, what === "child" ? (via?.written ?? false) : what === "cascade");
  }
}

const kindOfDetail: Readonly<Record<string, ObjectKind>> = {
  column: "type",
  type: "type",
  "implicit cast": "type",
  relation: "relation",
  child: "relation",
  cascade: "relation",
  "foreign key": "relation",
  operator: "operator",
  "operator class": "operatorClass",
  "operator class of index": "operatorClass",
  "operator class of partition key": "operatorClass",
};

/** A rule of a written table may write itself: consent and the rollback cover that as they cover the statement. */
function withoutCommands(tree: string): string {
  return tree.replaceAll(":commandType", ":ruleCommand");
}

function foreign(object: ReachedObject, server: string, definition: string): Objection {
  return { object, why: `it is a foreign table of the server ${server}, which the read-only transaction does not reach`, definition };
}

/** `shop.orders → policy p: shop.tenant() → shop.leak()`, from the statement to the object. What the text itself names stands alone. */
export function pathOf(object: ReachedObject): string {
  const steps: string[] = [];
  for (let step: ReachedObject | undefined = object; step; step = step.via) {
    if (step.name === undefined) steps.unshift(step.how);
    else steps.unshift(plain.has(step.how) ? step.name : `${step.how}: ${step.name}`);
  }
  return steps.join(" → ");
}

/** Ways that go without saying. */
const plain = new Set([inText, mayBeMeantByName, "body"]);
