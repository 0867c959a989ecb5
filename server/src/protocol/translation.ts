import { z } from "zod";

/** A `$n` of a translated statement. */
export const TranslatedParameter = z.object({
  /** $1 is 1. */
  position: z.number().int().min(1),
  /** The Python name or expression that gives the value, as far as it has one. */
  name: z.string().optional(),
  /** `int`, `str`, `list[int]`, a class's name. */
  pythonType: z.string().optional(),
  /** As PostgreSQL's format_type prints it; of one element where the parameter is `expanding`. */
  sqlType: z.string().optional(),
  /** The value, where the code says it: a constant. Lists that are known are written out, one parameter per element. */
  value: z.union([z.string(), z.number(), z.boolean(), z.null()]).optional(),
  /** `IN ($1)` stands for as many parameters as the list has elements when the code runs. */
  expanding: z.literal(true).optional(),
  /** Column the value is compared with: proposals come from its statistics. */
  column: z.object({ schema: z.string().optional(), table: z.string(), column: z.string() }).optional(),
});
export type TranslatedParameter = z.infer<typeof TranslatedParameter>;

/** One of several statements that a query expression becomes, depending on branches or on how it is sent. */
export const TranslatedVariant = z.object({
  sql: z.string(),
  /** In words of the code: `name is not None; .count()`. "" where nothing is asked for. */
  when: z.string(),
  parameters: z.array(TranslatedParameter),
  fingerprint: z.string().optional(),
});
export type TranslatedVariant = z.infer<typeof TranslatedVariant>;

/** A statement that is sent because of how rows of the query are loaded or kept. */
export const CausedStatement = z.object({
  kind: z.enum(["lazy-load", "eager-load", "refresh", "get", "flush"]),
  /** `User.orders`; of a refresh the deferred column that it loads (`User.bio`), or the class whose row it loads again. */
  relationship: z.string().optional(),
  sql: z.string(),
  /** What has to happen first, in words. */
  when: z.string().optional(),
  parameters: z.array(TranslatedParameter).optional(),
});
export type CausedStatement = z.infer<typeof CausedStatement>;

/** A query expression with what it sends, or why that is not known: `sql`, `variants` or `refused`. */
export const TranslatedQuery = z.object({
  file: z.string(),
  /** From 1. */
  line: z.number().int().min(1),
  endLine: z.number().int().min(1),
  /** UTF-16 offsets, end exclusive: from the call that begins the expression to the end of the chain that hangs on it. */
  span: z.object({ start: z.number(), end: z.number() }),
  /** Offset of the query expression whose statement this one is a part of; the SQL is that statement's. */
  within: z.number().optional(),
  /** No ORM code: SQL that stands in the text. */
  written: z.literal(true).optional(),
  sql: z.string().optional(),
  parameters: z.array(TranslatedParameter).optional(),
  /** libpg_query's fingerprint and the hash of the normalised text. */
  fingerprint: z.string().optional(),
  variants: z.array(TranslatedVariant).optional(),
  refused: z.object({ reason: z.string(), line: z.number().int().min(1) }).optional(),
  causes: z.array(CausedStatement),
});
export type TranslatedQuery = z.infer<typeof TranslatedQuery>;
