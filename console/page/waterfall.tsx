// The waterfall: name, bar and time of each step, on one axis that stays in sight.

import type { Photo, Step } from "../types";
import { StepRow } from "./step";
import { type Axis as AxisOfSteps, layOut } from "./waterfall-layout";

export function Waterfall({ photo, steps }: { photo: Photo; steps: readonly Step[] }) {
  const { rows, axis } = layOut(photo, steps);
  return (
    <div class="waterfall">
      <Axis {...axis} />
      <Grid {...axis} />
      <ol class="steps">
        {rows.map((row) => (
          <StepRow key={row.step.id} row={row} photo={photo} />
        ))}
      </ol>
    </div>
  );
}

/** Each bar's own row says how long it took: the axis is for the eye. */
function Axis({ ticks, breaks }: AxisOfSteps) {
  return (
    <div class="axis" aria-hidden="true">
      <span>Step</span>
      <svg class="lane" aria-hidden="true">
        {ticks.map(({ x, label }) => (
          <text key={x} x={percent(x)} y="18" text-anchor={x === 0 ? "start" : "middle"}>
            {label}
          </text>
        ))}
        {breaks.map(({ x, width, label }) => (
          <text key={x} class="wait" x={percent(x + width / 2)} y="18" text-anchor="middle">
            {label}
          </text>
        ))}
      </svg>
      <span>Time</span>
    </div>
  );
}

function Grid({ ticks, breaks }: AxisOfSteps) {
  return (
    <div class="grid">
      <svg aria-hidden="true">
        {ticks.map(({ x }) => (
          <line key={x} x1={percent(x)} x2={percent(x)} y1="0" y2="100%" />
        ))}
        {breaks.map(({ x, width }) => (
          <rect key={x} class="break" x={percent(x)} width={percent(width)} y="0" height="100%" />
        ))}
      </svg>
    </div>
  );
}

const percent = (part: number): string => `${part.toFixed(2)}%`;
