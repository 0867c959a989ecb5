import type { Span } from "#protocol/place";

/** `file#Qualified.Name`: unique in a project, JSON-friendly. */
export type EntityId = string;

/**
 * How a relationship is filled: `lazy` = one query at first access; `eager` = with its parent (joined, selectin, subquery, immediate);
 * `raise` = access is an error; `query` = dynamic or write_only, nothing is loaded by access; `none` = noload; `unknown` = not a constant.
 */
export type Loading = "lazy" | "eager" | "raise" | "query" | "none" | "unknown";

export interface Relationship {
  readonly name: string;
  /** The entity that declares it (for a backref: the one that receives it). */
  readonly owner: EntityId;
  /** As written, for messages when `target` is not known. */
  readonly targetName: string;
  readonly target?: EntityId;
  /** Undefined where the direction cannot be told. */
  readonly collection?: boolean;
  readonly loading: Loading;
  /** The value of `lazy=` as written, without quotes. */
  readonly lazy?: string;
  /** Name of the opposite relationship on the target. */
  readonly inverse?: string;
  readonly viewonly: boolean;
  readonly secondary: boolean;
  /** For many-to-one: attributes of the owner that hold the foreign key. */
  readonly localKeys: readonly string[];
  /** It may differ from plain foreign-key navigation. */
  readonly customJoin: boolean;
  readonly file: string;
  readonly span: Span;
}

export interface ColumnAttribute {
  /** Python attribute. */
  readonly name: string;
  /** Name in the database. */
  readonly column: string;
  /** As PostgreSQL's format_type prints it; "" where it cannot be told. */
  readonly type: string;
  /** The project's class that its values are of, an enumeration mostly: the class's place among those of its file. */
  readonly valueClass?: { readonly file: string; readonly index: number };
  readonly primaryKey: boolean;
  readonly notNull: boolean;
  readonly unique: boolean;
  readonly index: boolean;
  readonly deferred: boolean;
  /** `deferred_group=`: columns that one query loads together. */
  readonly group?: string;
  /** `deferred_raiseload=True`: reading it before it is loaded is an error. */
  readonly deferredRaises?: true;
  /** No option leaves it out, and reading it sends nothing: the discriminator of an inheritance, `query_expression()`, a hybrid. */
  readonly alwaysLoaded?: true;
  /** The `composite(...)` attribute that it is part of. */
  readonly composite?: string;
  /** `column_property` and the like: no column of the table. */
  readonly computed: boolean;
  /** `entity`: the id of the class that the key names, where it names one (`table` is then `class:` and its name). */
  readonly foreignKey?: { readonly table: string; readonly column: string; readonly onDelete: string; readonly entity?: string };
  readonly default?: string;
  readonly identity: boolean;
}

export interface DeclaredIndex {
  readonly name?: string;
  readonly unique: boolean;
  /** Column names in order; an entry is undefined where it is an expression. */
  readonly columns: readonly (string | undefined)[];
  readonly method?: string;
  readonly partial: boolean;
}

export interface Entity {
  readonly id: EntityId;
  readonly name: string;
  readonly file: string;
  /** Index into the file's classes. */
  readonly class: number;
  readonly span: Span;
  /** Unknown where it is computed. */
  readonly table?: string;
  readonly schema?: string;
  /** The attribute that tells which class a row is of (`polymorphic_on`), where the mapping names it in plain words. */
  readonly discriminator?: string;
  /** `with_polymorphic` of the mapper: subclasses that are loaded in full whenever this one is asked for. */
  readonly polymorphic?: readonly EntityId[] | "all";
  /** `polymorphic_load`: its own columns come along with rows of its base. */
  readonly loadedWithBase?: true;
  /** Other names of attributes: `synonym("name")`. */
  readonly synonyms: ReadonlyMap<string, string>;
  /** `composite(...)` attributes and the columns that they are made of, which come with the row. */
  readonly composites: ReadonlyMap<string, readonly string[]>;
  /** `association_proxy("user_keywords", "keyword")`: reads the relationship, then the attribute of what it yields. */
  readonly proxies: ReadonlyMap<string, { readonly relationship: string; readonly attribute: string }>;
  /** `hybrid_property` methods: index into the functions of the file. */
  readonly hybrids: ReadonlyMap<string, { readonly file: string; readonly function: number }>;
  /** The project's own query class of `Model.query`: `query_class = …`. */
  readonly queryClass?: { readonly file: string; readonly class: number };
  /** Parent entities that have a mapping of their own (joined or single-table inheritance). */
  readonly parents: readonly EntityId[];
  readonly columns: ReadonlyMap<string, ColumnAttribute>;
  readonly relationships: ReadonlyMap<string, Relationship>;
  readonly indexes: readonly DeclaredIndex[];
  readonly uniques: readonly (readonly string[])[];
}
