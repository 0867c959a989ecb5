import { derivationOf, stepText, type Derivation, type DerivedFigure } from "#protocol/derivation";
import type { Plan, PlanNode } from "#protocol/plan";
import { useId } from "preact/hooks";
import { formatCount, formatFactor, formatTimeExact } from "../../common/numbers.js";
import { useSteps } from "./steps.js";

interface DerivedProps {
  readonly node: PlanNode;
  readonly figure: DerivedFigure;
  readonly text: string;
  readonly label: string;
}

/** A number that tells how it was computed when it is pressed. */
export function DerivedNumber({ node, figure, text, label }: DerivedProps) {
  const { asked, ask } = useSteps();
  const open = asked?.node === node.id && asked.figure === figure;
  return (
    <button
      type="button"
      class="derived"
      aria-expanded={open}
      title={`How ${label} was computed`}
      onClick={() => ask(open ? undefined : { node: node.id, figure })}
    >
      {text}
    </button>
  );
}

/** The steps of the asked number, where this node has it. */
export function AskedSteps({ plan, node, figure }: { readonly plan: Plan; readonly node: PlanNode; readonly figure: DerivedFigure }) {
  const { asked } = useSteps();
  if (asked?.node !== node.id || asked.figure !== figure) return null;
  const derivation = derivationOf(plan, node, figure);
  return derivation ? <StepList derivation={derivation} /> : null;
}

interface StepListProps {
  readonly derivation: Derivation;
  /** What the last line is, where it is not the number that was pressed. */
  readonly result?: string;
}

export function StepList({ derivation, result }: StepListProps) {
  const { select } = useSteps();
  const id = useId();
  return (
    <div class="steps" role="group" aria-labelledby={id}>
      <p id={id} class="muted">
        How this was computed
      </p>
      <ol>
        {derivation.steps.map((step, place) => (
          <li key={place}>
            {step.node === undefined ? (
              stepText(step, place)
            ) : (
              <button type="button" class="link" onClick={() => select(step.node ?? "")}>
                {stepText(step, place)}
              </button>
            )}
          </li>
        ))}
        <li class="outcome">
          = {resultOf(derivation)}
          {result && `  ${result}`}
        </li>
      </ol>
    </div>
  );
}

function resultOf({ unit, value, error }: Derivation): string {
  if (unit === "ms") return formatTimeExact(value, error);
  if (unit === "times") return formatFactor(value);
  const bound = error > 0 ? ` ± ${formatCount(error)}` : "";
  return `${formatCount(value)}${bound}${unit === "" ? "" : ` ${unit}`}`;
}
