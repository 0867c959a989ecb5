import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../../common/Icon.js";
import { measureLabels, type HeatMeasure } from "../heat.js";
import type { PlanViewProps } from "../usePlanView.js";

/** Search and heat, the same for all views. */
export function Tools({ view, actions }: PlanViewProps) {
  const input = useRef<HTMLInputElement>(null);
  useSearchKeys(input, actions.nextMatch);
  const searching = view.search.trim() !== "";
  return (
    <div class="tools" role="search">
      <label class="measure">
        <span class="visually-hidden">Colour nodes by</span>
        <select
          value={view.measure}
          title="Colour nodes by"
          onChange={(event) => actions.setMeasure(event.currentTarget.value as HeatMeasure)}
        >
          {view.measures.map((measure) => (
            <option key={measure} value={measure}>
              {measureLabels[measure]}
            </option>
          ))}
        </select>
      </label>
      <div class="search">
        <Icon name="search" />
        <input
          ref={input}
          type="text"
          role="searchbox"
          spellcheck={false}
          placeholder="Relation, index, condition"
          aria-label="Search the plan's nodes"
          aria-keyshortcuts="/"
          value={view.search}
          onInput={(event) => actions.setSearch(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter") actions.nextMatch(event.shiftKey ? -1 : 1);
            else if (event.key === "Escape") actions.setSearch("");
            else return;
            event.preventDefault();
          }}
        />
        <span class={`found${searching && view.matches.length === 0 ? " none" : ""}`} role="status">
          {searching && foundText(view.match, view.matches.length)}
        </span>
        {searching && (
          <>
            <Step icon="arrow-up" label="Previous match (Shift+F3)" onPress={() => actions.nextMatch(-1)} />
            <Step icon="arrow-down" label="Next match (F3)" onPress={() => actions.nextMatch(1)} />
          </>
        )}
      </div>
    </div>
  );
}

function Step({ icon, label, onPress }: { icon: string; label: string; onPress: () => void }) {
  return (
    <button type="button" class="icon-button" title={label} aria-label={label} onClick={onPress}>
      <Icon name={icon} />
    </button>
  );
}

function foundText(match: number, count: number): string {
  if (count === 0) return "no match";
  return match < 0 ? `${count} found` : `${match + 1} of ${count}`;
}

/** `/` and Ctrl+F go to the search from anywhere but a field and Monaco, which has a search of its own; F3 steps through. */
function useSearchKeys(input: RefObject<HTMLInputElement | null>, nextMatch: (step: 1 | -1) => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const target = event.target instanceof Element ? event.target : undefined;
      if (target?.closest(".monaco")) return;
      const find = event.key.toLowerCase() === "f" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
      const slash = event.key === "/" && !target?.matches("input, textarea, select");
      if (event.key === "F3") nextMatch(event.shiftKey ? -1 : 1);
      else if (find || slash) {
        input.current?.focus();
        input.current?.select();
      } else return;
      event.preventDefault();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [nextMatch]);
}
