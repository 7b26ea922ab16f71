// The options of a result: what to make of a shrunk image. https://tinypng.com/developers/reference#resizing-images

import { tinifyError } from "./tinify-error";

export type ResizeMethod = "scale" | "fit" | "cover" | "thumb";

export interface ResizeOptions {
  readonly method: ResizeMethod;
  /** Pixels; `scale` takes exactly one of the two, the other methods both. */
  readonly width?: number;
  readonly height?: number;
}

const METHODS: readonly ResizeMethod[] = ["scale", "fit", "cover", "thumb"];

/** Reads the JSON body of POST /output/<id>; refuses what TinyPNG refuses, and by name what is not emulated here. */
export function readResultOptions(body: Buffer): { resize?: ResizeOptions } {
  const options = parse(body);
  const unexpected = Object.keys(options).find((name) => name !== "resize");
  if (unexpected !== undefined) {
    throw tinifyError(
      400,
      "BadRequest",
      `The embedded TinyPNG does not know the option "${unexpected}", only "resize"`,
    );
  }
  return options.resize === undefined ? {} : { resize: readResize(options.resize) };
}

function readResize(value: unknown): ResizeOptions {
  const { method, width, height, ...others } = (typeof value === "object" && value !== null ? value : {}) as Record<
    string,
    unknown
  >;
  const [unexpected] = Object.keys(others);
  if (unexpected !== undefined) throw tinifyError(400, "BadRequest", `resize has no option "${unexpected}"`);
  const known = METHODS.find((name) => name === method);
  if (known === undefined) {
    throw tinifyError(
      400,
      "BadRequest",
      `resize.method must be one of ${METHODS.join(", ")} (given ${JSON.stringify(method)})`,
    );
  }
  for (const [name, pixels] of Object.entries({ width, height })) {
    if (pixels === undefined || (Number.isInteger(pixels) && Number(pixels) > 0)) continue;
    throw tinifyError(
      400,
      "BadRequest",
      `resize.${name} must be a positive whole number (given ${JSON.stringify(pixels)})`,
    );
  }
  const given = [width, height].filter((pixels) => pixels !== undefined).length;
  if (given !== (known === "scale" ? 1 : 2)) {
    const wanted = known === "scale" ? "exactly one of width and height" : "both width and height";
    throw tinifyError(400, "BadRequest", `resize with the method ${known} takes ${wanted}`);
  }
  return { method: known, width: width as number | undefined, height: height as number | undefined };
}

function parse(body: Buffer): Record<string, unknown> {
  try {
    const options: unknown = JSON.parse(body.length === 0 ? "{}" : body.toString());
    if (typeof options === "object" && options !== null && !Array.isArray(options))
      return options as Record<string, unknown>;
  } catch {
    // Falls through to the refusal.
  }
  throw tinifyError(400, "JSONError", "Parse error: the body is not a JSON object");
}
