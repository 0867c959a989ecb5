import type { Certainty } from "#protocol/finding";
import { commitsExpire, type LazyLoad, type OrmSubject } from "../../orm/index.js";
import type { FixDraft, Message, Problem } from "../rule.js";
import { certaintyOf } from "./certainty.js";
import { fixFor, type OptionFix } from "./edits/options.js";
import { placesOf, scopeOf, tell } from "./story.js";
import { nameOf, sentFor } from "./wording.js";

/** What a rule says of a lazy load, beside where it is and how it comes to be. */
export interface LoadWording {
  /** Goes on where the story ends: `: each row sends one more query.` */
  readonly cost: string;
  readonly fact: string;
  /** What to do where no edit is sure to work. */
  readonly otherwise: string;
}

/** The problem of a relationship that should come with its rows: story, places, and the option that loads it. */
export function loadProblem(subject: OrmSubject, load: LazyLoad, wording: LoadWording): Problem {
  const certainty = certaintyOf(subject.index, load);
  // Where the rows may be loaded with it already, adding it again is a guess.
  // An option alone helps the first round only where a commit in the loop expires what it has loaded.
  const expires = load.expiredBy !== undefined && commitsExpire(subject.index);
  const fix = certainty === "possible" || expires ? undefined : fixFor(subject, load);
  const advice = (fix ? adviceOf(fix) : wording.otherwise) + (expires ? keptAdvice : "");
  return problemWith(subject, load, {
    certainty,
    message: [...tell(subject, load), `${wording.cost} ${advice}`],
    fact: wording.fact,
    fixes: fix ? [optionFix(subject, load, fix, certainty)] : [],
  });
}

const keptAdvice =
  " And commit behind the loop, or keep what is loaded with `expire_on_commit=False`: the commit in each round expires it, an option alone would help the first round only.";

const adviceOf = ({ option, goesOn }: OptionFix) =>
  goesOn ? `Let the option of the query go on with \`.${option}\`.` : `Load it with the query: \`.options(${option})\`.`;

interface Said {
  readonly certainty: Certainty;
  readonly message: Message;
  readonly fact: string;
  readonly fixes: readonly FixDraft[];
}

/** A problem at the place of a lazy load. */
export function problemWith(subject: OrmSubject, load: LazyLoad, { certainty, message, fact, fixes }: Said, kind = ""): Problem {
  const name = nameOf(subject.index, load.relationship);
  return {
    file: load.file,
    span: load.span,
    message,
    certainty,
    evidence: { level: "code", facts: [fact] },
    related: placesOf(load),
    fixes,
    sends: sentFor(subject.index, load.relationship),
    anchor: `${scopeOf(subject, load)}/${kind ? `${kind}(${name})` : name}`,
  };
}

function optionFix(subject: OrmSubject, load: LazyLoad, fix: OptionFix, certainty: Certainty): FixDraft {
  const reasons = [...fix.reasons, ...(certainty === "certain" ? [] : ["whether the rows lack it is not proved"])];
  return {
    title: titled(`Load \`${nameOf(subject.index, load.relationship)}\` with the query: ${fix.option}`, reasons),
    applicability: reasons.length ? "unsafe" : "safe",
    edits: fix.edits,
  };
}

/** What a fix does, and why somebody should look before. */
export const titled = (title: string, reasons: readonly string[]): string => (reasons.length ? `${title} (${reasons.join("; ")})` : title);
