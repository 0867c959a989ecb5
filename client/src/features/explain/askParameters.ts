import * as vscode from "vscode";
import type { ParameterProposal } from "#protocol/operations";
import type { LocatedStatement } from "#protocol/statement";
import type { Proposals } from "./answers.js";
import {
  begin,
  canForward,
  choices,
  next,
  parameterTitle,
  showValue,
  type Choice,
  type FlowEvent,
  type FlowState,
} from "./parameterFlow.js";
import { shortSql, type ParameterAnswers } from "./request.js";

/** Set while a value is asked for: the keys that go back and forth belong to the flow then. */
const asking = "dbOptimize.askingParameter";

type Propose = (running: boolean) => Promise<Proposals>;

/** Asks for the values of a statement's placeholders, one after another, back and forth. Undefined when the user gave up. */
export async function askParameters(
  statement: LocatedStatement,
  remembered: ParameterAnswers | undefined,
  propose: Propose,
): Promise<ParameterAnswers | undefined> {
  const offers = new Offers(propose);
  let step = begin(statement.parameters, remembered);
  await vscode.commands.executeCommand("setContext", asking, true);
  try {
    while (step.kind === "ask") step = next(step.state, await new Question(statement, step.state, offers).ask());
  } finally {
    await vscode.commands.executeCommand("setContext", asking, false);
  }
  return step.kind === "done" ? step.answers : undefined;
}

/** What is proposed, for all parameters of a statement; running statements are read when somebody asks for it. */
class Offers {
  #found: Promise<Proposals>;

  constructor(private readonly propose: Propose) {
    this.#found = this.#get(false);
  }

  get found(): Promise<Proposals> {
    return this.#found;
  }

  readRunning(): void {
    this.#found = this.#get(true);
  }

  /** Proposals are a help: without them a value can still be typed, and the explain itself will tell what is wrong. */
  #get(running: boolean): Promise<Proposals> {
    return this.propose(running).catch((error: unknown) => ({
      proposals: [],
      running: error instanceof Error ? error.message : String(error),
    }));
  }
}

type Item = vscode.QuickPickItem & { readonly event?: FlowEvent; readonly readsRunning?: true };

/** In the box that is asking: keeps the value and goes to the next parameter. */
let forwardOfOpen: (() => unknown) | undefined;

/** What the keyboard does beside VS Code's own back button; nothing while no box is open. */
export const forwardParameter = (): unknown => forwardOfOpen?.();

/** One parameter's box. */
class Question {
  readonly #pick = vscode.window.createQuickPick<Item>();
  #event: FlowEvent = { kind: "cancel" };
  #open = true;
  #found: Proposals | undefined;

  constructor(
    private readonly statement: LocatedStatement,
    private readonly state: FlowState,
    private readonly offers: Offers,
  ) {}

  ask(): Promise<FlowEvent> {
    const { state } = this;
    const pick = this.#pick;
    pick.title = vscode.l10n.t("Value of {0} in {1}", parameterTitle(this.#parameter), shortSql(this.statement.original, 40));
    pick.step = state.index + 1;
    pick.totalSteps = state.parameters.length;
    pick.placeholder =
      this.#parameter.many === undefined
        ? vscode.l10n.t("Type a value as PostgreSQL reads it, without quotes, or choose one.")
        : vscode.l10n.t("Type values as {1,2,3}, or choose some.");
    pick.ignoreFocusOut = true;
    pick.matchOnDescription = true;
    const forward: vscode.QuickInputButton = {
      iconPath: new vscode.ThemeIcon("arrow-right"),
      tooltip: vscode.l10n.t("Keep this value"),
    };
    pick.buttons = [...(state.index > 0 ? [vscode.QuickInputButtons.Back] : []), ...(canForward(state) ? [forward] : [])];
    pick.onDidChangeValue(() => this.#show());
    pick.onDidTriggerButton((button) => this.#finish({ kind: button === forward ? "forward" : "back" }));
    pick.onDidAccept(() => this.#accept(pick.activeItems[0]));
    const goForward = () => canForward(state) && this.#finish({ kind: "forward" });
    forwardOfOpen = goForward;
    const answered = new Promise<FlowEvent>((resolve) => {
      pick.onDidHide(() => {
        this.#open = false;
        if (forwardOfOpen === goForward) forwardOfOpen = undefined;
        pick.dispose();
        resolve(this.#event);
      });
    });
    this.#show();
    pick.show();
    void this.#wait();
    return answered;
  }

  get #parameter() {
    return this.state.parameters[this.state.index]!;
  }

  #finish(event: FlowEvent): void {
    this.#event = event;
    this.#pick.hide();
  }

  #accept(item: Item | undefined): void {
    if (item?.event) this.#finish(item.event);
    else if (item?.readsRunning) {
      this.offers.readRunning();
      void this.#wait();
    }
  }

  async #wait(): Promise<void> {
    this.#pick.busy = true;
    const found = await this.offers.found;
    if (!this.#open) return;
    this.#found = found;
    this.#pick.busy = false;
    this.#show();
  }

  /** What was typed comes first, then the last value, the code's, the proposals, NULL, and the plan without values. */
  #show(): void {
    const { t } = vscode.l10n;
    const proposal = this.#found?.proposals.find(({ position }) => position === this.#parameter.position);
    const items: Item[] = [];
    let heading: string | undefined;
    for (const choice of choices(this.#parameter, this.state.answers[this.state.index], this.#pick.value, proposal)) {
      const label = headingOf(choice);
      if (label !== heading && label !== undefined) items.push({ label, kind: vscode.QuickPickItemKind.Separator });
      heading = label;
      items.push(itemOf(choice));
    }
    const generic: Item = {
      label: `$(symbol-parameter) ${t("Generic plan")}`,
      description: t("no values: the plan that fits all of them"),
      alwaysShow: true,
      event: { kind: "generic" },
    };
    this.#pick.items = [...items, generic, this.#runningItem(proposal)];
  }

  #runningItem(proposal: ParameterProposal | undefined): Item {
    const { t } = vscode.l10n;
    const outcome = [this.#found?.running, proposal?.note].filter((text) => text !== undefined).join(" ");
    return {
      label: `$(pulse) ${t("Values of statements that run now")}`,
      description: t("reads pg_stat_activity, where values can be personal data"),
      ...(outcome === "" ? {} : { detail: outcome }),
      alwaysShow: true,
      readsRunning: true,
    };
  }
}

function headingOf({ origin }: Choice): string | undefined {
  const { t } = vscode.l10n;
  if (origin === "statistics") return t("from the column's statistics");
  if (origin === "running") return t("from statements that run now");
  return origin === "null" ? "" : undefined;
}

function aboutRows(rows: number | undefined): string | undefined {
  const { t } = vscode.l10n;
  if (rows === undefined) return undefined;
  return rows === 1 ? t("about 1 row") : t("about {0} rows", rows.toLocaleString("en-US"));
}

function itemOf(choice: Choice): Item {
  const { t } = vscode.l10n;
  const { origin, value, problem } = choice;
  if (problem !== undefined) return { label: `$(error) ${showValue(value)}`, description: problem, alwaysShow: true };
  const about = origin === "typed" ? t("use this value") : origin === "last" ? t("as last time") : choice.label;
  const rows = aboutRows(choice.estimatedRows);
  const description = [about, rows].filter((part) => part !== undefined).join(" · ");
  return {
    label: showValue(value),
    ...(description === "" ? {} : { description }),
    ...(origin === "typed" || origin === "null" ? { alwaysShow: true } : {}),
    event: { kind: "answer", value },
  };
}
