import type { Derivation } from "#protocol/derivation";
import { useState } from "preact/hooks";
import { StepList } from "../details/DerivedNumber.js";

interface FigureProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly strong?: boolean;
  /** Not where room is short. */
  readonly optional?: boolean;
  /** What the number is made of, shown when it is pressed. */
  readonly derivation?: Derivation | undefined;
}

/** A number of the whole plan, above all views. */
export function Figure({ label, value, strong, optional, derivation }: FigureProps) {
  const [open, setOpen] = useState(false);
  if (!value) return null;
  return (
    <div class={`figure${strong ? " strong" : ""}${optional ? " optional" : ""}`}>
      <dt>{label}</dt>
      <dd
        onKeyDown={(event) => {
          if (event.key === "Escape") setOpen(false);
        }}
        onFocusOut={(event) => {
          if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOpen(false);
        }}
      >
        {derivation ? (
          <button
            type="button"
            class="derived"
            aria-expanded={open}
            title={`What ${label.toLowerCase()} consists of`}
            onClick={() => setOpen(!open)}
          >
            {value}
          </button>
        ) : (
          value
        )}
        {derivation && open && (
          <div class="figure-steps" tabIndex={-1}>
            <StepList derivation={derivation} result="unattributed" />
          </div>
        )}
      </dd>
    </div>
  );
}
