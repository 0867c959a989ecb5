import * as vscode from "vscode";
import type { Plan } from "#protocol/plan";
import type { ComparedPlan, ToPage } from "#protocol/pages";
import type { Feature, Services } from "../../core/feature.js";
import { shortSql } from "../explain/request.js";
import { choosePlan, planOfFile, type ChosenPlan } from "./choosePlan.js";
import { KeptPages } from "./keptPages.js";

/** What the page of a plan says of it, to be compared with another. */
export interface CompareTarget {
  readonly plan: ChosenPlan;
  readonly key?: string;
  readonly run?: string;
}

type ShownPlan = Extract<ToPage, { type: "explain" }>;
type Comparison = Extract<ToPage, { type: "comparison" }>;

/** Plans that come from elsewhere or from the history: shown, compared, deleted. */
export const plans: Feature = {
  name: "plans",
  activate(services) {
    const { commands } = services;
    const comparisons = comparisonPages(services);
    const pages = planPages(services);
    commands.register("dbOptimize.plans.open", async (file?: vscode.Uri) => {
      const chosen = file ? planOfFile(file) : await choosePlan(services, { title: vscode.l10n.t("Show a plan"), kept: true });
      if (chosen) await openPlan(services, pages, chosen);
    });
    commands.register("dbOptimize.plans.compare", async (target?: CompareTarget) => compare(services, comparisons, target));
    commands.register("dbOptimize.plans.deleteKept", () => deleteKept(services));
  },
};

function planPages(services: Services): KeptPages<ShownPlan> {
  return new KeptPages<ShownPlan>(services, {
    ...{ viewType: "dbOptimize.readPlan", entry: "explain", icon: "plan" },
    titleOf: ({ result }) => vscode.l10n.t("Plan: {0}", result.origin ?? shortSql(result.sql, 32)),
    contentOf: (content) => content,
    received: async (message, { result }) => {
      if (message.type === "compare") {
        const plan: ChosenPlan = { place: { text: result.plan.source }, label: result.origin ?? vscode.l10n.t("This plan") };
        await vscode.commands.executeCommand("dbOptimize.plans.compare", { plan } satisfies CompareTarget);
      }
      return undefined;
    },
  });
}

function comparisonPages(services: Services): KeptPages<Comparison> {
  return new KeptPages<Comparison>(services, {
    ...{ viewType: "dbOptimize.comparison", entry: "comparison", icon: "plan" },
    titleOf: ({ before, after }) => vscode.l10n.t("{0} ↔ {1}", before.label, after.label),
    contentOf: (content) => content,
    received: async (message, { before, after }) =>
      message.type === "swap" ? comparisonOf(services, asChosen(after), asChosen(before)) : undefined,
  });
}

const asChosen = ({ plan, label }: ComparedPlan): ChosenPlan => ({ place: { text: plan.source }, label });

async function openPlan({ server }: Services, pages: KeptPages<ShownPlan>, { place, label }: ChosenPlan): Promise<void> {
  const { plans, problems } = await server.run("readPlan", { place });
  const plan = await oneOf(plans);
  if (!plan) return;
  const notes = problems.map(({ message, line }) => vscode.l10n.t("Line {0}: {1}", line, message));
  const result = { sql: plan.queryText ?? "", plan, suggestions: [], notes, origin: label };
  await pages.open({ type: "explain", result }, vscode.ViewColumn.Active);
}

/** A log or a script's output may hold many. */
async function oneOf(plans: readonly Plan[]): Promise<Plan | undefined> {
  if (plans.length === 1) return plans[0];
  const items = plans.map((plan, index) => ({
    label: vscode.l10n.t("Plan {0}: {1}", index + 1, plan.nodes[0]?.title ?? ""),
    description: plan.executionTimeMs === undefined ? "" : vscode.l10n.t("{0} ms", plan.executionTimeMs.toFixed(2)),
    ...(plan.queryText === undefined ? {} : { detail: shortSql(plan.queryText, 120) }),
    plan,
  }));
  const title = vscode.l10n.t("The text holds {0} plans: which one?", plans.length);
  return (await vscode.window.showQuickPick(items, { title, matchOnDetail: true }))?.plan;
}

async function compare(services: Services, pages: KeptPages<Comparison>, target?: CompareTarget): Promise<void> {
  const { t } = vscode.l10n;
  const offer = { key: target?.key, without: target?.run, kept: true };
  const before = await choosePlan(services, { ...offer, title: target ? t("Compare with which plan?") : t("The plan before") });
  if (!before) return;
  const after = target?.plan ?? (await choosePlan(services, { ...offer, title: t("The plan after") }));
  if (!after) return;
  await pages.open(await comparisonOf(services, before, after), vscode.ViewColumn.Active);
}

async function comparisonOf({ server }: Services, before: ChosenPlan, after: ChosenPlan): Promise<Comparison> {
  const result = await server.run("comparePlans", { before: before.place, after: after.place });
  return {
    type: "comparison",
    before: { plan: result.before, label: before.label },
    after: { plan: result.after, label: after.label },
    comparison: result.comparison,
  };
}

async function deleteKept({ server }: Services): Promise<void> {
  const { t } = vscode.l10n;
  const { runs } = await server.run("listRuns", {});
  if (runs.length === 0) {
    void vscode.window.showInformationMessage(t("No plans are kept."));
    return;
  }
  const yes = t("Delete");
  const question = t("Delete {0} kept plans with their statements and values?", runs.length);
  if ((await vscode.window.showWarningMessage(question, { modal: true }, yes)) !== yes) return;
  const { deleted } = await server.run("deleteRuns", {});
  void vscode.window.showInformationMessage(t("{0} kept plans were deleted.", deleted));
}
