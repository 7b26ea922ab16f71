// What the timeline will look like, for a page to which nothing has happened yet.

/** Name, service, where on the axis in percent, and whether within an invocation. */
const STEPS = [
  ["PostObject", "s3", 0, 12],
  ["SetProfileImage", "lambda", 12, 26],
  ["HeadObject", "s3", 20, 4, true],
  ["UpdateItem", "dynamodb", 26, 8, true],
  ["CreateThumbnail", "lambda", 40, 58],
  ["GetObject", "s3", 46, 6, true],
  ["Resize", "tinify", 56, 30, true],
  ["PutObject", "s3", 90, 6, true],
] as const;

export const Ghost = () => (
  <div class="waterfall ghost" aria-hidden="true">
    {STEPS.map(([name, service, x, width, isWithin]) => (
      <div key={name} class={`step ${service}${isWithin ? " within" : ""}`}>
        <span class="what">
          <b>{name}</b>
        </span>
        <svg class="lane" aria-hidden="true">
          <rect class="bar" x={`${x}%`} width={`${width}%`} rx="2" />
        </svg>
      </div>
    ))}
  </div>
);
