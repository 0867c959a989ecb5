import { OptimizerError, type Failure } from "#protocol/failure";

/** Something that a user may choose to trust: then the same definition passes on the same connection. */
export interface Trustable {
  /** As a person would name it: `function shop.total(integer)`. */
  readonly name: string;
  readonly definitionHash: string;
}

/** The guard's "no". It names the object, the path to it, and what to do. */
export class GuardRefusal extends OptimizerError {
  constructor(
    failure: Omit<Failure, "kind">,
    /** All definitions that stand in the way; empty when trust would not help. */
    readonly trustable: readonly Trustable[] = [],
  ) {
    super({ kind: "refused", ...failure, ...(trustable.length > 0 ? { trustable: [...trustable] } : {}) });
  }
}

export function refuse(what: string, why: string, advice: string, trustable: readonly Trustable[] = []): GuardRefusal {
  return new GuardRefusal({ message: `${what} ${why}`, advice }, trustable);
}
