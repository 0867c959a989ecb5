import type { ClassFact } from "../../python/index.js";
import type { Classes, ClassRef } from "./classes.js";
import type { Mapping } from "./mapping.js";

interface Kept {
  readonly mapping: Mapping | undefined;
  /** What the mapping was read from: the class and its ancestors. */
  readonly lineage: readonly ClassFact[];
}

/**
 * Mappings of classes from one index to the next. To be handed on only where every file declares the same as before, so that names mean the
 * same; what moved (an edit moves what stands below it) is read again.
 */
export class MappingMemory {
  private readonly kept = new WeakMap<ClassFact, Kept>();

  of(classes: Classes, ref: ClassRef, read: () => Mapping | undefined): Mapping | undefined {
    const before = this.kept.get(ref.fact);
    if (before && (!before.mapping || isSame(before.lineage, classes.linear(ref)))) return copied(before.mapping);
    const mapping = read();
    this.kept.set(ref.fact, { mapping: copied(mapping), lineage: mapping ? classes.linear(ref).map(({ fact }) => fact) : [] });
    return mapping;
  }
}

const isSame = (facts: readonly ClassFact[], lineage: readonly ClassRef[]) =>
  facts.length === lineage.length && facts.every((fact, i) => fact === lineage[i]!.fact);

/** Statements elsewhere add to a mapping: what is kept is the class's own. */
function copied(mapping: Mapping | undefined): Mapping | undefined {
  return mapping && { ...mapping, columns: new Map(mapping.columns), drafts: new Map(mapping.drafts) };
}
