import type { Applicability, Certainty, Evidence, SentStatement, Severity } from "#protocol/finding";
import type { Catalog } from "../catalog/catalog.js";
import type { Span } from "#protocol/place";

/** One rule is one file: what it is called, what its page says, how it finds, how it mends. */
export interface RuleMeta {
  /** kebab-case; reads well after "allow …". */
  readonly id: string;
  readonly summary: string;
  readonly severity: Severity;
  readonly enabledByDefault: boolean;
  readonly languages: readonly ("python" | "sql" | "jinja")[];
  /** The best fix that the rule can offer. */
  readonly fix?: Applicability;
}

/** The rule's page, in Markdown pieces; `bad` and `good` are executed by the registry test. */
export interface RuleDocs {
  readonly whatItDoes: string;
  readonly whyBad: string;
  readonly bad: string;
  readonly good: string;
  readonly fixSafety?: string;
  readonly references: readonly string[];
}

/** Text, or pieces of it with parts of the file's own text between them: rules do not see the text. */
export type NewText = string | readonly (string | { readonly copy: Span } | { readonly indentOf: number })[];

export interface EditDraft {
  readonly file: string;
  readonly span: Span;
  readonly newText: NewText;
  /** The indentation before the span is replaced too; no fix where anything else stands there. */
  readonly withIndent?: true;
}

export interface FixDraft {
  readonly title: string;
  readonly applicability: Applicability;
  readonly edits: readonly EditDraft[];
}

/** A place that a message names: it becomes `repo.py:41`. */
export interface NamedPlace {
  readonly file: string;
  readonly at: number;
}

/** Text, or pieces of text with places between them: only those who know the lines can name a place. */
export type Message = string | readonly (string | NamedPlace)[];

/** A finding while it is still inside the engine: spans instead of lines, no id yet. */
export interface Problem {
  readonly file: string;
  readonly span: Span;
  readonly message: Message;
  readonly certainty: Certainty;
  readonly evidence: Evidence;
  readonly related: readonly { file: string; span: Span; message: string }[];
  readonly fixes: readonly FixDraft[];
  /** For a lazy load: the table and the columns by which it is looked up. */
  readonly sends?: readonly SentStatement[];
  /** The whole statement around it: a comment that silences the rule may also stand above its first line. */
  readonly within?: Span;
  /** Place in the structure: enclosing qualified name and what is wrong there (`report/User.orders`), never a line or an offset. */
  readonly anchor: string;
}

export interface RuleContext {
  /** What is known of the schema, best source first; empty when nothing is. */
  readonly catalogs: readonly Catalog[];
}

/** `S` is what the rule looks at: one SQL statement, or the meaning of a workspace's Python. */
export interface Rule<S> {
  readonly meta: RuleMeta;
  readonly docs: RuleDocs;
  readonly check: (subject: S, context: RuleContext) => Iterable<Problem>;
}
