import * as vscode from "vscode";
import type { LocatedStatement } from "#protocol/statement";
import { begin, canForward, next, parameterTitle, showValue, type FlowEvent, type FlowState, type Proposal } from "./parameterFlow.js";
import { shortSql, type ParameterAnswers } from "./request.js";

export type Proposals = ReadonlyMap<number, readonly Proposal[]>;

/** Asks for the values of a statement's placeholders, one after another, back and forth. Undefined when the user gave up. */
export async function askParameters(
  statement: LocatedStatement,
  remembered: ParameterAnswers | undefined,
  proposals: Promise<Proposals>,
): Promise<ParameterAnswers | undefined> {
  let step = begin(statement.parameters, remembered);
  while (step.kind === "ask") step = next(step.state, await askOne(statement, step.state, proposals));
  return step.kind === "done" ? step.answers : undefined;
}

type Item = vscode.QuickPickItem & { readonly event?: FlowEvent };

function askOne(statement: LocatedStatement, state: FlowState, proposals: Promise<Proposals>): Promise<FlowEvent> {
  const parameter = state.parameters[state.index]!;
  return new Promise((resolve) => {
    const pick = vscode.window.createQuickPick<Item>();
    const forward: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon("arrow-right"), tooltip: vscode.l10n.t("Keep this value") };
    let event: FlowEvent = { kind: "cancel" };
    let offers: readonly Proposal[] = [];
    pick.title = vscode.l10n.t("Value of {0} in {1}", parameterTitle(parameter), shortSql(statement.original, 40));
    pick.step = state.index + 1;
    pick.totalSteps = state.parameters.length;
    pick.placeholder = vscode.l10n.t("Type a value as PostgreSQL reads it, without quotes, or choose one.");
    pick.ignoreFocusOut = true;
    pick.matchOnDescription = true;
    pick.buttons = [...(state.index > 0 ? [vscode.QuickInputButtons.Back] : []), ...(canForward(state) ? [forward] : [])];
    const show = () => (pick.items = items(state, pick.value, offers));
    const finish = (result: FlowEvent) => {
      event = result;
      pick.hide();
    };
    pick.onDidChangeValue(show);
    pick.onDidTriggerButton((button) => finish({ kind: button === forward ? "forward" : "back" }));
    pick.onDidAccept(() => {
      const chosen = pick.activeItems[0]?.event;
      if (chosen) finish(chosen);
    });
    let open = true;
    pick.onDidHide(() => {
      open = false;
      pick.dispose();
      resolve(event);
    });
    pick.busy = true;
    show();
    pick.show();
    void proposals.then((found) => {
      if (!open) return;
      offers = found.get(parameter.position) ?? [];
      pick.busy = false;
      show();
    });
  });
}

/** What was typed comes first, then the last value, the proposals, NULL, and the plan without values. */
function items(state: FlowState, typed: string, offers: readonly Proposal[]): Item[] {
  const { t } = vscode.l10n;
  const last = state.answers[state.index];
  const answer = (value: string | null): FlowEvent => ({ kind: "answer", value });
  const separator = (label: string): Item => ({ label, kind: vscode.QuickPickItemKind.Separator });
  return [
    ...(typed === "" ? [] : [{ label: typed, description: t("use this value"), alwaysShow: true, event: answer(typed) }]),
    ...(last === undefined ? [] : [{ label: showValue(last), description: t("as last time"), event: answer(last) }]),
    ...(offers.length > 0 ? [separator(t("from the column's statistics"))] : []),
    ...offers.map((offer) => ({ label: showValue(offer.value), description: offerText(offer), event: answer(offer.value) })),
    separator(""),
    { label: "NULL", alwaysShow: true, event: answer(null) },
    {
      label: `$(symbol-parameter) ${t("Generic plan")}`,
      description: t("no values: the plan that fits all of them"),
      alwaysShow: true,
      event: { kind: "generic" },
    },
  ];
}

function offerText({ label, estimatedRows }: Proposal): string {
  if (estimatedRows === undefined) return label;
  return vscode.l10n.t("{0} · about {1} rows", label, estimatedRows.toLocaleString("en-US"));
}
