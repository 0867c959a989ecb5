import { z } from "zod";
import { Place, Range } from "./place.js";

export const Severity = z.enum(["error", "warning", "info", "hint"]);
export type Severity = z.infer<typeof Severity>;

/** `certain`: every step is proved; `likely`: one step is unknown; `possible`: shown only when asked for. */
export const Certainty = z.enum(["certain", "likely", "possible"]);
export type Certainty = z.infer<typeof Certainty>;

/** What a claim rests on, weakest first. */
export const EvidenceLevel = z.enum(["code", "schema", "planner", "workload", "measured"]);
export type EvidenceLevel = z.infer<typeof EvidenceLevel>;

export const Evidence = z.object({ level: EvidenceLevel, facts: z.array(z.string()) });
export type Evidence = z.infer<typeof Evidence>;

/** `safe` edits take part in fix-all; `unsafe` ones may change behaviour and say how; `displayOnly` ones are advice. */
export const Applicability = z.enum(["safe", "unsafe", "displayOnly"]);
export type Applicability = z.infer<typeof Applicability>;

export const TextEdit = z.object({ file: z.string(), range: Range, newText: z.string() });
export type TextEdit = z.infer<typeof TextEdit>;

export const Fix = z.object({ title: z.string(), applicability: Applicability, edits: z.array(TextEdit) });
export type Fix = z.infer<typeof Fix>;

export const RelatedPlace = Place.extend({ message: z.string() });
export type RelatedPlace = z.infer<typeof RelatedPlace>;

/** A statement that a problem makes the application send again and again: `SELECT … FROM table WHERE columns = …`. */
export const SentStatement = z.object({ schema: z.string().optional(), table: z.string(), columns: z.array(z.string()) });
export type SentStatement = z.infer<typeof SentStatement>;

/** One problem at one place. `id` depends on rule, file and place in the structure, not on the line: a baseline survives edits above. */
export const Finding = Place.extend({
  id: z.string(),
  rule: z.string(),
  severity: Severity,
  certainty: Certainty,
  message: z.string(),
  /** The line above which a comment silences this finding, where it is not its own: a string may begin further up. */
  silenceLine: z.number().int().min(1).optional(),
  evidence: Evidence,
  related: z.array(RelatedPlace),
  fixes: z.array(Fix),
  /** By these a finding of the N+1 family is looked for in the workload. */
  sends: z.array(SentStatement).optional(),
});
export type Finding = z.infer<typeof Finding>;
