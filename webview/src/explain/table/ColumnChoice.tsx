import type { Plan } from "#protocol/plan";
import { Icon } from "../../common/Icon.js";
import { knownColumns, type Column } from "./columns.js";

interface ChoiceProps {
  readonly plan: Plan;
  readonly shown: readonly Column[];
  /** Undefined: the usual ones. */
  readonly onChoose: (columns: readonly string[] | undefined) => void;
}

/** Which columns the table has. A disclosure, not a menu: several are chosen in one go. */
export function ColumnChoice({ plan, shown, onChoose }: ChoiceProps) {
  const ids = shown.map(({ id }) => id);
  return (
    <details class="column-choice">
      <summary>
        <Icon name="list-selection" /> Columns
      </summary>
      <fieldset>
        <legend class="visually-hidden">Columns of the table</legend>
        {knownColumns(plan).map(({ id, label, hint }) => (
          <label key={id} title={hint}>
            <input
              type="checkbox"
              checked={ids.includes(id)}
              onChange={(event) => onChoose(event.currentTarget.checked ? [...ids, id] : ids.filter((other) => other !== id))}
            />
            {label}
          </label>
        ))}
        <button type="button" class="link" onClick={() => onChoose(undefined)}>
          Usual columns
        </button>
      </fieldset>
    </details>
  );
}
