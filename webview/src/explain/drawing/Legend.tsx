import { formatShare } from "../../common/numbers.js";
import { heatLimits, measureLabels, type HeatMeasure } from "../heat.js";

/** What the colours mean. */
export function Legend({ measure }: { measure: HeatMeasure }) {
  return (
    <div class="legend">
      <span>{measureLabels[measure]}</span>
      <ul>
        {levels(measure).map((text, heat) => (
          <li key={text}>
            <span class={`swatch heat-${heat}`} />
            {text}
          </li>
        ))}
      </ul>
    </div>
  );
}

function levels(measure: HeatMeasure): string[] {
  const [low, middle, high] = heatLimits[measure].map((limit) => (measure === "misestimate" ? `${limit}×` : formatShare(limit))) as [
    string,
    string,
    string,
  ];
  return [`below ${low}`, `from ${low}`, `from ${middle}`, `from ${high}`];
}
