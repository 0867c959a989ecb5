import { expect, test } from "vitest";
import { OptimizerError } from "#protocol/failure";
import type { AskConsent } from "#protocol/messages";
import type { ExplainRequest, Session } from "../../../server/src/database/session.js";
import { explainTrusting } from "../../../server/src/operations/explainTrusting.js";
import type { OperationContext } from "../../../server/src/operations/operation.js";

const request: ExplainRequest = { sql: "SELECT f()", analyze: false, parameters: [], genericPlan: false, consent: async () => false };

/** A session whose guard stops at one definition after the other, until each is trusted. */
function sessionStoppingAt(...definitions: string[]): { session: Session; trusted: string[] } {
  const trusted: string[] = [];
  const session: Partial<Session> = {
    profile: { id: "c", name: "shop", class: "production", source: "parameters", tls: "prefer", connectTimeout: 1, statementTimeout: 1 },
    trust: (hashes) => void trusted.push(...hashes),
    explain: async () => {
      const next = definitions.find((name) => !trusted.includes(`hash of ${name}`));
      if (next === undefined) return { json: "[]", notes: [] };
      const trustable = [{ name: next, definitionHash: `hash of ${next}` }];
      throw new OptimizerError({ kind: "refused", message: `${next} may do anything.`, trustable });
    },
  };
  return { session: session as Session, trusted };
}

function contextAnswering(answer: boolean): { context: OperationContext; asked: AskConsent.Params[] } {
  const asked: AskConsent.Params[] = [];
  const context: Partial<OperationContext> = {
    consent: async (question) => {
      asked.push(question);
      return answer;
    },
  };
  return { context: context as OperationContext, asked };
}

test("each definition is asked for once and trusted by its hash; production asks for its name", async () => {
  const { session, trusted } = sessionStoppingAt("public.f()", "public.g()");
  const { context, asked } = contextAnswering(true);
  await expect(explainTrusting(session, request, context)).resolves.toEqual({ json: "[]", notes: [] });
  expect(trusted).toEqual(["hash of public.f()", "hash of public.g()"]);
  expect(asked.map(({ title, typeToConfirm }) => [title, typeToConfirm])).toEqual([
    ["Trust public.f() on shop?", "shop"],
    ["Trust public.g() on shop?", "shop"],
  ]);
});

test("no is no: the refusal stands and nothing is trusted", async () => {
  const { session, trusted } = sessionStoppingAt("public.f()");
  await expect(explainTrusting(session, request, contextAnswering(false).context)).rejects.toThrow("public.f() may do anything.");
  expect(trusted).toEqual([]);
});

test("the questions about one statement end", async () => {
  const { session } = sessionStoppingAt(...Array.from({ length: 20 }, (_, i) => `f${i}()`));
  const { context, asked } = contextAnswering(true);
  await expect(explainTrusting(session, request, context)).rejects.toThrow("f5() may do anything.");
  expect(asked).toHaveLength(5);
});
