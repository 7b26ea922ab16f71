// Another method and size of the thumbnail, tried on the next photo, and what to write to keep it.

import { useEffect, useState } from "preact/hooks";
import { type Sample, THUMBNAIL_METHODS, type Thumbnail } from "../types";
import { messageOf, post } from "./api";
import { Copy } from "./copy";
import { Samples } from "./samples";

interface TryItProps {
  /** As it is now; whoever changes it. */
  readonly thumbnail: Thumbnail;
  /** Shown here unless they stand elsewhere. */
  readonly samples: readonly Sample[] | undefined;
  readonly announce: (text: string) => void;
  readonly onUpload: () => void;
}

const EXPLANATIONS = {
  fit: "The whole photo, as large as it fits.",
  cover: "Exactly this size; what does not fit is cut off.",
  thumb: "Exactly this size, cut around what matters.",
};

export function TryIt({ thumbnail, samples, announce, onUpload }: TryItProps) {
  const [wanted, setWanted] = useState(thumbnail);
  const [isApplied, setApplied] = useState(false);
  const [problem, setProblem] = useState("");
  const isSame = wordsOf(wanted) === wordsOf(thumbnail);
  useEffect(() => setWanted(thumbnail), [wordsOf(thumbnail)]);

  const change = (part: Partial<Thumbnail>) => setWanted((before) => ({ ...before, ...part }));

  async function apply(): Promise<void> {
    setProblem("");
    try {
      await post<Thumbnail>("/api/thumbnail", wanted);
      setApplied(true);
      announce(`The next thumbnail is made with ${wordsOf(wanted)}`);
    } catch (error) {
      setProblem(messageOf(error));
    }
  }

  return (
    <section aria-labelledby="try">
      <div class="heading">
        <h2 id="try">Try it</h2>
      </div>
      {samples !== undefined && <Samples samples={samples} announce={announce} onUpload={onUpload} />}
      <form
        class="thumbnail-settings"
        onSubmit={(event) => {
          event.preventDefault();
          void apply();
        }}
      >
        <label>
          Method
          <select
            value={wanted.method}
            onChange={({ currentTarget }) => change({ method: methodOf(currentTarget.value) })}
          >
            {THUMBNAIL_METHODS.map((method) => (
              <option key={method} value={method}>
                {method}
              </option>
            ))}
          </select>
        </label>
        <Pixels name="Width" value={wanted.width} onChange={(width) => change({ width })} />
        <Pixels name="Height" value={wanted.height} onChange={(height) => change({ height })} />
        <button type="submit" disabled={isSame}>
          Use for the next photo
        </button>
      </form>
      <p class="remark">{EXPLANATIONS[wanted.method]}</p>
      {problem !== "" && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      {isApplied && isSame && (
        <div class="keep">
          <p class="remark">
            It holds until this run ends. To keep it, write in the context of <code>cdktf.json</code>:
          </p>
          <pre>{settingOf(thumbnail)}</pre>
          <Copy text={settingOf(thumbnail)}>Copy</Copy>
        </div>
      )}
    </section>
  );
}

interface PixelsProps {
  readonly name: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
}

const Pixels = ({ name, value, onChange }: PixelsProps) => (
  <label>
    {name}
    <input
      type="number"
      min="1"
      max="4096"
      required
      value={Number.isNaN(value) ? "" : value}
      onInput={({ currentTarget }) => onChange(currentTarget.valueAsNumber)}
    />
  </label>
);

const methodOf = (text: string): Thumbnail["method"] => THUMBNAIL_METHODS.find((each) => each === text) ?? "fit";

const wordsOf = ({ method, width, height }: Thumbnail): string => `${method} ${width}×${height}`;

const settingOf = ({ width, height, method, sizes }: Thumbnail): string =>
  sizes !== undefined
    ? `"thumbnails": ${JSON.stringify(sizes)}`
    : `"thumbnail": { "width": ${width}, "height": ${height}, "method": "${method}" }`;
