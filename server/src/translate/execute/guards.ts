/** One decision of a path. */
export interface Literal {
  /** The question, in words of the code. */
  readonly question: string;
  readonly choice: number;
  /** Number of ways. */
  readonly of: number;
  /** The answer; "" for what needs no telling. */
  readonly words: string;
}
/** All of them hold. */
export type Term = readonly Literal[];
/** One of the terms holds. */
export type Guard = readonly Term[];

/** More alternatives are not told apart: nobody reads them. */
const mostTerms = 16;
const several: Guard = [[{ question: "", choice: 0, of: 2, words: "…" }]];

const same = (a: Literal, b: Literal) => a.question === b.question && a.choice === b.choice;

/** Index of the only decision in which terms differ. */
function difference(a: Term, b: Term): number | undefined {
  if (a.length !== b.length) return undefined;
  const first = a.findIndex((literal, at) => !same(literal, b[at]!));
  if (first < 0 || a[first]!.question !== b[first]!.question) return undefined;
  return a.slice(first + 1).every((literal, at) => same(literal, b[first + 1 + at]!)) ? first : undefined;
}

/** The terms that differ from one only in the answer at a place, itself among them; undefined where an answer is missing. */
function siblings(terms: readonly Term[], term: Term, place: number): Term[] | undefined {
  const found = terms.filter((other) => other === term || difference(term, other) === place);
  return new Set(found.map((one) => one[place]!.choice)).size === term[place]!.of ? found : undefined;
}

/** In their order: one question can be asked twice, of different things. */
function covers(general: Term, special: Term): boolean {
  let at = 0;
  for (const literal of special) if (at < general.length && same(general[at]!, literal)) at++;
  return at === general.length;
}

/** The same guard in fewer words: what holds whichever way a question is answered does not depend on it. */
export function simplified(guard: Guard): Guard {
  let terms = [...guard];
  for (let changed = true; changed;) {
    changed = false;
    terms = terms.filter(
      (term, at) => !terms.some((other, i) => i !== at && covers(other, term) && (other.length < term.length || i < at)),
    );
    for (const term of terms) {
      const place = term.findIndex((_, at) => siblings(terms, term, at));
      if (place < 0) continue;
      const gone = new Set(siblings(terms, term, place));
      terms = [...terms.filter((one) => !gone.has(one)), term.filter((_, at) => at !== place)];
      changed = true;
      break;
    }
  }
  return terms.length > mostTerms ? several : terms;
}

/** `name; not (archived) | archived`. "" where it always holds. */
export function guardInWords(guard: Guard): string {
  const terms = simplified(guard).map((term) =>
    term
      .map(({ words }) => words)
      .filter(Boolean)
      .join("; "),
  );
  return [...new Set(terms)].filter(Boolean).join(" | ");
}
