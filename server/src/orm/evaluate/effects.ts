import type { Span } from "#protocol/place";
import type { Relationship } from "../entities/entity.js";
import type { Frame, Medium } from "./evaluator.js";
import type { KeyRead } from "./keyReads.js";
import type { LeftOut } from "./queries.js";
import type { EntityValue, Iteration, QueryValue, Value } from "../values/value.js";

interface At {
  readonly file: string;
  readonly span: Span;
  /** Qualified name of the enclosing function, "" at module level. */
  readonly scope: string;
  readonly inAsync: boolean;
  /** Calls that lead here from the function in which the story begins, outermost first; empty where it happens there. */
  readonly path: readonly Frame[];
  readonly medium?: Medium;
  /** Nothing in the project refers to the function in which the story begins, or all calls of it give the loop a written-out list of a few elements. */
  readonly unfounded?: true;
}

/** A relationship that is not loaded is read: one query now. */
export interface LazyLoad extends At {
  readonly kind: "lazyLoad";
  readonly owner: EntityValue;
  readonly relationship: Relationship;
  /** The iteration in each round of which it happens; absent when it happens once. */
  readonly iteration?: Iteration;
  readonly use: "length" | "read";
  /** `lazy="raise"` or `raiseload`: reading it is an error, not a query. */
  readonly raises?: true;
  /** Loaded on purpose, by `await row.awaitable_attrs.name`. */
  readonly awaited?: true;
  /** Further origins of what is read here, where several paths meet; each loads it lazily too. */
  readonly also?: readonly EntityValue[];
  /** Where all reads of this cause want nothing but the key that the owner holds too: each of them. */
  readonly keyReads?: readonly KeyRead[];
  /** Offset and text of what is read from: `user` in `user.orders`. */
  readonly ownerSpan: Span;
  /** The commit in the same loop, which expires the rows that are still to come and what was loaded with them. */
  readonly expiredBy?: { readonly file: string; readonly span: Span };
}

export type WriteVerb = "insert" | "update" | "delete";

/** A statement is sent. */
export interface Execution extends At {
  readonly kind: "execution";
  readonly operation: "select" | "get" | "write" | "unknown";
  /** Of a write, where it is known. */
  readonly verb?: WriteVerb;
  readonly query?: QueryValue;
  /** `session.refresh(row)`, `session.merge(row)`, `query.count()`: what sends it, where that is no plain query for rows. */
  readonly by?: "refresh" | "merge" | "count";
  /** Iterations around it that run it each time, outermost first. */
  readonly iterations: readonly Iteration[];
  /** Of these, those whose round it depends on. */
  readonly dependsOn: readonly Iteration[];
  /** The statement covers a batch (`in_(chunk)`). */
  readonly batched: boolean;
  /** Under a condition inside the innermost iteration. */
  readonly guarded: boolean;
  readonly async: boolean;
  /** Not in each round: in a handler of exceptions, where what it gives may end the loop, in a function that may have returned before. */
  readonly seldom?: "handler" | "search" | "early";
  /** Further statements that the same call sends in the same loop. */
  readonly also?: readonly Execution[];
  /** The session was opened in the round: each is a transaction of its own, perhaps on purpose. */
  readonly ownSession?: true;
  /** Each round looks at what became of its write: at the number of rows, or at an error of the database. */
  readonly answered?: true;
  /** What that session reads is there for what it writes. */
  readonly unitOfWork?: true;
  /** The call that the round makes for it writes as well: what is asked may be what an earlier round has written. */
  readonly writesToo?: true;
  /** Of a write: each round works in batches until nothing is left. */
  readonly inBatches?: true;
  /** Names that the statement is made of. */
  readonly names: ReadonlySet<string>;
}

export interface Commit extends At {
  readonly kind: "commit";
  readonly iterations: readonly Iteration[];
  /** Under a condition inside the innermost iteration. */
  readonly guarded: boolean;
  /** In a `try` whose handlers go on: each round stands or falls by itself. */
  readonly isolated: boolean;
  /** `flush()`: the changes are sent, and the transaction goes on. */
  readonly flush?: true;
  /** The session was opened in the round: behind the loop there is nothing to commit. */
  readonly ownSession?: true;
  /** Each round works in batches until nothing is left. */
  readonly inBatches?: true;
  /** The receiver was proved to be a session, not only called like one. */
  readonly proved: boolean;
}

/** `len(query.all())`: rows are loaded only to be counted. */
export interface Counted extends At {
  readonly kind: "counted";
  readonly query: QueryValue;
  /** The argument of `len`. */
  readonly argument: Span;
  /** It ends in `.all()`, written without anything in between. */
  readonly plainAll: boolean;
}

/** A column that the query left out is read: one query now. */
export interface ColumnLoad extends At {
  readonly kind: "columnLoad";
  readonly owner: EntityValue;
  readonly column: string;
  readonly leftOutBy: LeftOut;
  readonly iteration: Iteration;
}

/** How the rows of one query are used in the function that runs it. */
export interface RowUse {
  readonly query: QueryValue;
  readonly columns: ReadonlySet<string>;
  /** Rows leave the function or are used in a way that is not followed. */
  readonly escapes: boolean;
}

export type Effect = LazyLoad | ColumnLoad | Execution | Commit | Counted;

/** A query expression in the text, for code lenses and for translation to SQL. */
export interface QueryPlace {
  readonly file: string;
  readonly span: Span;
  readonly scope: string;
  readonly value: Value & { kind: "query" };
}
