// The thumbnail's method and size as CreateThumbnail has them, of several sizes the first one's, and another one to try: changed as any client of Lambda
// would, so that it holds from the next photo on and until the end of this run.

import {
  GetFunctionConfigurationCommand,
  type LambdaClient,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import type { Size } from "../functions/lib/size";
import { listOf, sizesIn, THUMBNAILS } from "../functions/lib/thumbnail-sizes";
import type { Activity, ActivityStream } from "../local/activity";
import { Refusal } from "./refusal";
import { THUMBNAIL_METHODS, type Thumbnail } from "./types";

/** The most that the stack's settings take. */
const MAX_PIXELS = 4096;

export interface ThumbnailSettings {
  get(): Promise<Thumbnail>;
  /** Refuses what the function would not start with. */
  set(body: unknown): Promise<Thumbnail>;
  /** Calls the listener when anybody has changed the function. */
  onChange(listener: () => void): void;
  close(): void;
}

export interface ThumbnailSettingsOptions {
  readonly lambda: LambdaClient;
  readonly functionName: string;
  readonly activity: Pick<ActivityStream, "subscribe">;
}

export function createThumbnailSettings({
  lambda,
  functionName,
  activity,
}: ThumbnailSettingsOptions): ThumbnailSettings {
  const listeners: (() => void)[] = [];
  /** Until somebody changes it: every page that is opened asks for it. */
  let known: Promise<Thumbnail> | undefined;
  const unsubscribe = activity.subscribe(({ action, resource, error }: Activity) => {
    if (action !== "UpdateFunctionConfiguration" || error !== undefined) return;
    // By whatever reference: its name, or an ARN that ends in it.
    if (!resource?.split(":").includes(functionName)) return;
    known = undefined;
    for (const listener of listeners) listener();
  });

  const read = () => lambda.send(new GetFunctionConfigurationCommand({ FunctionName: functionName }));

  return {
    get() {
      known ??= read().then(
        ({ Environment }) => thumbnailIn(Environment?.Variables ?? {}),
        (error) => {
          known = undefined;
          throw error;
        },
      );
      return known;
    },
    async set(body) {
      const wanted = readThumbnail(body);
      const { Environment, RevisionId } = await read();
      const before = Environment?.Variables ?? {};
      const changed = withSize(thumbnailIn(before), wanted);
      const Variables = { ...before, ...variablesOf(changed) };
      await lambda.send(
        new UpdateFunctionConfigurationCommand({ FunctionName: functionName, RevisionId, Environment: { Variables } }),
      );
      return changed;
    },
    onChange: (listener) => void listeners.push(listener),
    close: unsubscribe,
  };
}

const variablesOf = ({ method, width, height, sizes }: Thumbnail): Record<string, string> =>
  sizes === undefined
    ? { THUMBNAIL_METHOD: method, THUMBNAIL_WIDTH: String(width), THUMBNAIL_HEIGHT: String(height) }
    : { [THUMBNAILS]: listOf(sizes) };

function thumbnailIn(variables: Record<string, string>): Thumbnail {
  const sizes = sizesIn(variables[THUMBNAILS], () => ({
    method: THUMBNAIL_METHODS.find((each) => each === variables.THUMBNAIL_METHOD) ?? "fit",
    width: Number(variables.THUMBNAIL_WIDTH),
    height: Number(variables.THUMBNAIL_HEIGHT),
  }));
  const [{ method, width, height }] = sizes;
  const named = sizes.flatMap(({ name, folder: _folder, ...size }) => (name === undefined ? [] : [{ name, ...size }]));
  return { method, width, height, ...(named.length > 0 && { sizes: named }) };
}

/** With the first of several sizes changed along. */
function withSize({ sizes }: Thumbnail, wanted: Size): Thumbnail {
  const [first, ...others] = sizes ?? [];
  return { ...wanted, ...(first !== undefined && { sizes: [{ ...first, ...wanted }, ...others] }) };
}

function readThumbnail(body: unknown): Size {
  const { method, width, height } = (body ?? {}) as Record<string, unknown>;
  const known = THUMBNAIL_METHODS.find((each) => each === method);
  if (known === undefined) {
    throw new Refusal(
      400,
      `The method must be one of ${THUMBNAIL_METHODS.join(", ")} (given ${JSON.stringify(method)})`,
    );
  }
  return { method: known, width: pixels("width", width), height: pixels("height", height) };
}

function pixels(name: string, value: unknown): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= MAX_PIXELS) return value;
  throw new Refusal(
    400,
    `The ${name} must be a whole number of pixels from 1 to ${MAX_PIXELS} (given ${JSON.stringify(value)})`,
  );
}
