// The options of a result: what to make of a shrunk image. https://tinypng.com/developers/reference#resizing-images

import type { PictureType } from "../picture-decoding";
import { tinifyError } from "./tinify-error";

export type ResizeMethod = "scale" | "fit" | "cover" | "thumb";

export interface ResizeOptions {
  readonly method: ResizeMethod;
  /** Pixels; `scale` takes exactly one of the two, the other methods both. */
  readonly width?: number;
  readonly height?: number;
}

const METHODS: readonly ResizeMethod[] = ["scale", "fit", "cover", "thumb"];

export interface ResultOptions {
  readonly resize?: ResizeOptions;
  /** The type to convert to. */
  readonly type?: PictureType;
  /** What shows where one can see through, as `transform.background` says. */
  readonly background?: string;
}

/** Reads the JSON body of POST /output/<id>; refuses what TinyPNG refuses, and by name what is not emulated here. */
export function readResultOptions(body: Buffer): ResultOptions {
  const { resize, convert, transform, ...others } = parse(body);
  const [unexpected] = Object.keys(others);
  if (unexpected !== undefined) {
    throw refusal(
      `The embedded TinyPNG does not know the option "${unexpected}", only "resize", "convert" and "transform"`,
    );
  }
  return {
    ...(resize !== undefined && { resize: readResize(resize) }),
    ...(convert !== undefined && { type: readOnly("convert", "type", TYPE, convert) as PictureType }),
    ...(transform !== undefined && { background: readOnly("transform", "background", BACKGROUND, transform) }),
  };
}

const refusal = (message: string) => tinifyError(400, "BadRequest", message);

/** One type; of several TinyPNG would take the one with the fewest bytes. */
const TYPE = { pattern: /^image\/(jpeg|png|webp|avif)$/, allowed: "image/jpeg, image/png, image/webp or image/avif" };
const BACKGROUND = { pattern: /^(white|black|#[0-9a-f]{6})$/i, allowed: "white, black or a colour such as #ff8800" };

/** https://tinypng.com/developers/reference#converting-images */
function readOnly(option: string, name: string, { pattern, allowed }: typeof TYPE, value: unknown): string {
  const { [name]: given, ...others } = recordOf(value);
  const [unexpected] = Object.keys(others);
  if (unexpected !== undefined) throw refusal(`${option} has no option "${unexpected}"`);
  if (typeof given === "string" && pattern.test(given)) return given;
  throw refusal(`${option}.${name} must be ${allowed} (given ${JSON.stringify(given)})`);
}

const recordOf = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

function readResize(value: unknown): ResizeOptions {
  const { method, width, height, ...others } = recordOf(value);
  const [unexpected] = Object.keys(others);
  if (unexpected !== undefined) throw refusal(`resize has no option "${unexpected}"`);
  const known = METHODS.find((name) => name === method);
  if (known === undefined) {
    throw refusal(`resize.method must be one of ${METHODS.join(", ")} (given ${JSON.stringify(method)})`);
  }
  for (const [name, pixels] of Object.entries({ width, height })) {
    if (pixels === undefined || (Number.isInteger(pixels) && Number(pixels) > 0)) continue;
    throw refusal(`resize.${name} must be a positive whole number (given ${JSON.stringify(pixels)})`);
  }
  const given = [width, height].filter((pixels) => pixels !== undefined).length;
  if (given !== (known === "scale" ? 1 : 2)) {
    const wanted = known === "scale" ? "exactly one of width and height" : "both width and height";
    throw refusal(`resize with the method ${known} takes ${wanted}`);
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
