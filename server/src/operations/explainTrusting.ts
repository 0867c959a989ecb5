import { OptimizerError } from "#protocol/failure";
import type { ExplainAnswer, ExplainRequest, Session } from "../database/session.js";
import type { OperationContext } from "./operation.js";

/** Behind a definition that is trusted stands the next one; nobody answers more questions than this about one statement. */
const mostQuestions = 5;

type Definitions = readonly { readonly name: string; readonly definitionHash: string }[];

/** Explains a statement. Where the guard cannot judge what it calls, the user may trust these very definitions on this connection. */
export async function explainTrusting(session: Session, request: ExplainRequest, context: OperationContext): Promise<ExplainAnswer> {
  for (let asked = 0; ; asked++) {
    try {
      return await session.explain(request);
    } catch (error) {
      const trustable = error instanceof OptimizerError ? (error.failure.trustable ?? []) : [];
      if (trustable.length === 0 || asked === mostQuestions || !(await context.consent(question(session, trustable)))) throw error;
      session.trust(trustable.map(({ definitionHash }) => definitionHash));
    }
  }
}

function question({ profile }: Session, definitions: Definitions): Parameters<OperationContext["consent"]>[0] {
  const names = definitions.map(({ name }) => name).join(", ");
  const these = definitions.length === 1 ? "this definition" : "these definitions";
  return {
    title: `Trust ${names} on ${profile.name}?`,
    detail:
      `The statement runs ${names}, and what ${definitions.length === 1 ? "it does" : "they do"} cannot be judged from here. It runs in a read-only transaction ` +
      "that is rolled back, but a function that connects elsewhere, writes files or is in an untrusted language can still change something. " +
      `Trust holds for exactly ${these} on this connection: after a change you are asked again.`,
    action: "Trust and explain",
    ...(profile.class === "production" ? { typeToConfirm: profile.name } : {}),
  };
}
