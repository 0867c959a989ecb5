import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

export interface Tab<T extends string> {
  readonly id: T;
  readonly label: string;
  readonly count?: number;
  readonly render: () => ComponentChildren;
}

interface TabsProps<T extends string> {
  readonly tabs: readonly Tab<T>[];
  readonly selected: T;
  readonly onSelect: (id: T) => void;
  readonly label: string;
  /** Beside the tabs, at the right. */
  readonly extra?: ComponentChildren;
}

/** Tabs after the ARIA pattern with automatic activation. Only the selected panel exists. */
export function Tabs<T extends string>({ tabs, selected, onSelect, label, extra }: TabsProps<T>) {
  const prefix = useId();
  const index = Math.max(
    0,
    tabs.findIndex((tab) => tab.id === selected),
  );
  const current = tabs[index];
  if (!current) return null;
  const move = (event: KeyboardEvent) => {
    const target = moves[event.key]?.(index, tabs.length);
    const tab = target === undefined ? undefined : tabs[target];
    if (!tab) return;
    event.preventDefault();
    onSelect(tab.id);
    document.getElementById(`${prefix}-${tab.id}`)?.focus();
  };
  return (
    <div class="tabs">
      <div class="tab-bar">
        <div role="tablist" aria-label={label} onKeyDown={move}>
          {tabs.map((tab) => (
            <button
              key={tab.id}
              type="button"
              role="tab"
              id={`${prefix}-${tab.id}`}
              aria-selected={tab === current}
              aria-controls={`${prefix}-panel`}
              tabIndex={tab === current ? 0 : -1}
              onClick={() => onSelect(tab.id)}
            >
              {tab.label}
              {tab.count !== undefined && <span class="count">{tab.count}</span>}
            </button>
          ))}
        </div>
        {extra}
      </div>
      <div class="tab-panel" role="tabpanel" id={`${prefix}-panel`} aria-labelledby={`${prefix}-${current.id}`}>
        {current.render()}
      </div>
    </div>
  );
}

const moves: Partial<Record<string, (index: number, count: number) => number>> = {
  ArrowRight: (index, count) => (index + 1) % count,
  ArrowLeft: (index, count) => (index + count - 1) % count,
  Home: () => 0,
  End: (_, count) => count - 1,
};
