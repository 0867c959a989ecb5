import type { Span } from "#protocol/place";
import type { OrderedColumn } from "../mapping/columns.js";
import type { Entity } from "../../orm/index.js";

/** A name that SQLAlchemy makes up when it compiles: `base` and a number, the same for one object wherever it is rendered. */
export interface Anonymous {
  readonly base: string;
}
/** A name with something behind it: `users_1_id`. */
export interface Prefixed {
  readonly of: Name;
  readonly rest: Name;
}
export type Name = string | Anonymous | Prefixed;

/** What a placeholder stands for. */
export interface Bound {
  readonly name?: string;
  readonly pythonType?: string;
  readonly value?: string | number | boolean | null;
  /** Stands for as many placeholders as a list has elements, which is known only when the code runs. */
  readonly expanding?: true;
}

/** Tables and whatever else can stand in FROM. Identity counts: one object is one item of one FROM clause. */
export type From = TableFrom | AliasFrom | SubqueryFrom | CteFrom | JoinFrom | FunctionFrom;
export interface TableFrom {
  readonly kind: "table";
  readonly schema?: string;
  readonly name: string;
}
export interface AliasFrom {
  readonly kind: "alias";
  readonly of: TableFrom | CteFrom;
  readonly name: Name;
}
export interface SubqueryFrom {
  readonly kind: "subquery";
  readonly statement: Statement;
  readonly name: Name;
  readonly lateral?: true;
}
export interface CteFrom {
  readonly kind: "cte";
  /** Replaced once by the recursive whole: the inner part refers to the object itself. */
  statement: Statement;
  readonly name: Name;
  readonly recursive: boolean;
  readonly materialized?: boolean;
  /** `suffix_with("CYCLE … SET … USING …")`, as it was written. */
  readonly suffix?: string;
}
export interface JoinFrom {
  readonly kind: "join";
  readonly left: From;
  readonly right: From;
  readonly on: Sql;
  readonly outer: boolean;
  readonly full: boolean;
}
export interface FunctionFrom {
  readonly kind: "function";
  readonly call: Sql;
  readonly name: Name;
  /** `table_valued("a", "b")`; absent for `column_valued()`. */
  readonly columns?: readonly { readonly name: string; readonly type: string }[];
  /** The names of its columns are written behind its own. */
  readonly derived?: true;
}

/** SQL expressions. `type` is what format_type prints; "" where it is not known. */
export type Sql =
  | {
      readonly kind: "column";
      readonly from: From;
      readonly name: Name;
      readonly type: string;
      readonly key?: string;
      readonly use?: EntityUse;
      readonly enumValues?: boolean;
    }
  | { readonly kind: "bind"; readonly bound: Bound; readonly type: string; readonly base: string; readonly column?: Sql }
  /** `settled`: it is what `and_()` or `or_()` came to, and is not left out of another one. */
  | { readonly kind: "constant"; readonly value: "null" | "true" | "false" | "star"; readonly type: string; readonly settled?: true }
  | { readonly kind: "operator"; readonly op: string; readonly items: readonly Sql[]; readonly type: string; readonly form?: OperatorForm }
  | { readonly kind: "boolean"; readonly op: "AND" | "OR"; readonly items: readonly Sql[]; readonly type: string }
  | { readonly kind: "not"; readonly item: Sql; readonly type: string }
  | {
      readonly kind: "call";
      readonly name: readonly string[];
      readonly args: readonly Sql[];
      readonly type: string;
      readonly more?: CallMore;
    }
  /** SQL with `$1`… for `items`: what PostgreSQL's grammar has a form of its own for. */
  | { readonly kind: "template"; readonly sql: string; readonly items: readonly Sql[]; readonly type: string; readonly base?: string }
  | {
      readonly kind: "case";
      readonly value?: Sql;
      readonly whens: readonly (readonly [Sql, Sql])[];
      readonly else?: Sql;
      readonly type: string;
    }
  | { readonly kind: "select"; readonly statement: Statement; readonly form: "scalar" | "exists"; readonly type: string }
  | { readonly kind: "inList"; readonly item: Sql; readonly list: readonly Sql[] | Sql; readonly not: boolean; readonly type: string }
  | { readonly kind: "inSelect"; readonly item: Sql; readonly statement: Statement; readonly not: boolean; readonly type: string }
  | { readonly kind: "tuple"; readonly items: readonly Sql[]; readonly type: string }
  | { readonly kind: "array"; readonly items: readonly Sql[]; readonly type: string }
  | { readonly kind: "label"; readonly name: Name; readonly item: Sql; readonly type: string }
  | { readonly kind: "sort"; readonly item: Sql; readonly descending?: boolean; readonly nulls?: "first" | "last"; readonly type: string }
  | {
      readonly kind: "over";
      readonly item: Sql;
      readonly partition: readonly Sql[];
      readonly order: readonly Sql[];
      readonly frame?: string;
      readonly type: string;
    }
  /** A label of the statement, by its name: `desc("total")`. */
  | { readonly kind: "reference"; readonly name: string; readonly type: string }
  /** The row itself: `func.count(subquery)` and the like. */
  | { readonly kind: "row"; readonly from: From; readonly type: string };
export type SqlKind<K extends Sql["kind"]> = Extract<Sql, { kind: K }>;
export type OperatorForm = "custom" | "like" | "ilike" | "between" | "any" | "all" | "distinct" | "not distinct";
export interface CallMore {
  /** 2.1 names such calls by their function, 2.0 does not. */
  readonly named?: boolean;
  readonly distinct?: boolean;
  readonly order?: readonly Sql[];
  readonly filter?: Sql;
  readonly withinGroup?: readonly Sql[];
}

/** An entity as a query names it: the class itself, or an alias of it. One object per class, one per `aliased(...)`. */
export interface EntityUse {
  readonly entity: Entity;
  readonly aliased: boolean;
  /** What stands in FROM. */
  readonly selectable: From;
  /** Attributes in SQLAlchemy's order. */
  readonly columns: readonly OrderedColumn[];
  columnOf(attribute: string): Sql | undefined;
}

/** What stands in a list of columns. */
export type Selected =
  | { readonly kind: "entity"; readonly use: EntityUse }
  | { readonly kind: "sql"; readonly sql: Sql }
  /** A table, alias or subquery: all of its columns. */
  | { readonly kind: "from"; readonly from: From };

export interface JoinStep {
  readonly left?: EntityUse | From;
  readonly right: EntityUse | From;
  readonly on?: Sql | RelationshipUse;
  readonly outer: boolean;
  readonly full: boolean;
}
/** `User.orders`, seen from a class or alias. */
export interface RelationshipUse {
  readonly kind: "relationship";
  readonly owner: EntityUse;
  readonly name: string;
  readonly ofType?: EntityUse;
  readonly criteria: readonly Sql[];
}

export interface Select {
  readonly kind: "select";
  readonly site: Site;
  /** `Query` labels its columns with the table's name. */
  readonly legacy: boolean;
  /** Begun by `exists()`: never a statement by itself. */
  readonly fragment?: true;
  /** As a subquery it keeps such labels: what `Query.count()` wraps. */
  readonly tableLabels?: true;
  /** Statements that loading causes: a column is not selected a second time. */
  readonly once?: true;
  /** Columns of one name are not told apart. */
  readonly bare?: true;
  readonly columns: readonly Selected[];
  readonly from: readonly (EntityUse | From)[];
  readonly joins: readonly JoinStep[];
  readonly where: readonly Sql[];
  readonly group: readonly Sql[];
  readonly having: readonly Sql[];
  readonly order: readonly Sql[];
  readonly limit?: Sql;
  readonly offset?: Sql;
  readonly distinct: boolean | readonly Sql[];
  readonly lock?: Lock;
  readonly correlate?: { readonly only?: readonly From[]; readonly except?: readonly From[] };
  readonly options: readonly LoadOption[];
  /** CTEs that `add_cte` names. */
  readonly ctes: readonly CteFrom[];
}
export interface Lock {
  readonly strength: "LCS_FORUPDATE" | "LCS_FORNOKEYUPDATE" | "LCS_FORSHARE" | "LCS_FORKEYSHARE";
  readonly of: readonly From[];
  readonly wait?: "LockWaitSkip" | "LockWaitError";
}
/** `selectinload(User.orders).joinedload(Order.items)`: one step; `next` hangs on it. */
export interface LoadOption {
  readonly strategy: string;
  readonly owner?: EntityUse;
  readonly names: readonly string[];
  readonly ofType?: EntityUse;
  readonly innerJoin?: boolean;
  /** `User.orders.and_(…)`. */
  readonly criteria?: readonly Sql[];
  /** It has arguments that say more than is told here: `recursion_depth=`, `raiseload=`. */
  readonly special?: true;
  readonly next: readonly LoadOption[];
}
export interface Compound {
  readonly kind: "compound";
  readonly site: Site;
  readonly op: "SETOP_UNION" | "SETOP_INTERSECT" | "SETOP_EXCEPT";
  readonly all: boolean;
  readonly parts: readonly (Select | Compound)[];
  readonly order: readonly Sql[];
  readonly limit?: Sql;
  readonly offset?: Sql;
}
export interface Insert {
  readonly kind: "insert";
  readonly site: Site;
  readonly table: TableFrom;
  readonly use?: EntityUse;
  readonly rows: readonly (readonly (readonly [string, Sql])[])[];
  /** Sent with a list of rows, or `values([…])`. */
  readonly many?: true;
  readonly select?: { readonly columns: readonly string[]; readonly statement: Select | Compound };
  readonly conflict?: Conflict;
  readonly returning: readonly Selected[];
}
export interface Conflict {
  readonly columns: readonly string[];
  readonly constraint?: string;
  readonly indexWhere?: Sql;
  readonly set?: readonly (readonly [string, Sql])[];
  readonly where?: Sql;
  /** What `excluded` columns refer to. */
  readonly excluded: From;
}
export interface Update {
  /** `synchronize_session=False`: objects in memory are left as they are. */
  readonly unsynchronized?: true;
  readonly kind: "update";
  readonly site: Site;
  readonly table: TableFrom;
  readonly use?: EntityUse;
  readonly set: readonly (readonly [string, Sql])[];
  readonly where: readonly Sql[];
  readonly returning: readonly Selected[];
}
export interface Delete {
  /** `synchronize_session=False`: objects in memory are left as they are. */
  readonly unsynchronized?: true;
  readonly kind: "delete";
  readonly site: Site;
  readonly table: TableFrom;
  readonly use?: EntityUse;
  readonly where: readonly Sql[];
  readonly returning: readonly Selected[];
}
/** A statement that the code wrote as text. */
export interface TextStatement {
  readonly kind: "text";
  readonly site: Site;
  readonly sql: Sql;
}
export type Statement = Select | Compound | Insert | Update | Delete | TextStatement;

/** The call in the code that began a statement. */
export interface Site {
  readonly file: string;
  readonly span: Span;
}

/** What cannot be translated: where, and why. Thrown inside this room only. */
export class Refusal extends Error {
  constructor(
    readonly reason: string,
    readonly place?: { readonly file: string; readonly start: number },
  ) {
    super(reason);
    this.name = "Refusal";
  }
}
/** A value is not known: whoever calls the function may know it. */
export class UnknownValue extends Refusal {}
export function refuseValue(reason: string, place?: { file: string; start: number }): never {
  throw new UnknownValue(reason, place);
}
export function refuse(reason: string, place?: { file: string; start: number }): never {
  throw new Refusal(reason, place);
}
