import * as vscode from "vscode";

export type StepResult<T> = { readonly kind: "next"; readonly value: T } | { readonly kind: "back" } | { readonly kind: "cancel" };

interface StepFrame {
  readonly title: string;
  readonly step: number;
  readonly total: number;
}

export interface TextStep extends StepFrame {
  readonly prompt: string;
  readonly value?: string;
  readonly placeholder?: string;
  readonly password?: boolean;
  readonly complaint?: (text: string) => string | undefined;
}

/** One text of a multi-step input, with "back" from the second step on. */
export function askText(step: TextStep): Promise<StepResult<string>> {
  return new Promise((resolve) => {
    const input = vscode.window.createInputBox();
    let result: StepResult<string> = { kind: "cancel" };
    Object.assign(input, {
      title: step.title,
      step: step.step,
      totalSteps: step.total,
      prompt: step.prompt,
      value: step.value ?? "",
      placeholder: step.placeholder ?? "",
      password: step.password ?? false,
      ignoreFocusOut: true,
      buttons: step.step > 1 ? [vscode.QuickInputButtons.Back] : [],
    });
    input.onDidTriggerButton(() => {
      result = { kind: "back" };
      input.hide();
    });
    input.onDidChangeValue((text) => (input.validationMessage = step.complaint?.(text)));
    input.onDidAccept(() => {
      input.validationMessage = step.complaint?.(input.value);
      if (input.validationMessage) return;
      result = { kind: "next", value: input.value };
      input.hide();
    });
    input.onDidHide(() => {
      input.dispose();
      resolve(result);
    });
    input.show();
  });
}

export interface ChoiceStep<T> extends StepFrame {
  readonly placeholder: string;
  readonly items: readonly (vscode.QuickPickItem & { readonly value: T })[];
  readonly active?: T;
}

export function askChoice<T>(step: ChoiceStep<T>): Promise<StepResult<T>> {
  return new Promise((resolve) => {
    const pick = vscode.window.createQuickPick<vscode.QuickPickItem & { readonly value: T }>();
    let result: StepResult<T> = { kind: "cancel" };
    pick.title = step.title;
    pick.step = step.step;
    pick.totalSteps = step.total;
    pick.placeholder = step.placeholder;
    pick.items = step.items;
    pick.activeItems = step.items.filter(({ value }) => value === step.active);
    pick.ignoreFocusOut = true;
    pick.buttons = step.step > 1 ? [vscode.QuickInputButtons.Back] : [];
    pick.onDidTriggerButton(() => {
      result = { kind: "back" };
      pick.hide();
    });
    pick.onDidAccept(() => {
      const chosen = pick.selectedItems[0] ?? pick.activeItems[0];
      if (!chosen) return;
      result = { kind: "next", value: chosen.value };
      pick.hide();
    });
    pick.onDidHide(() => {
      pick.dispose();
      resolve(result);
    });
    pick.show();
  });
}
