// The thumbnail's method and size as CreateThumbnail has them, and another one to try: changed as any client of Lambda
// would, so that it holds from the next photo on and until the end of this run.

import {
  GetFunctionConfigurationCommand,
  type LambdaClient,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
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
      const Variables = { ...Environment?.Variables, ...variablesOf(wanted) };
      await lambda.send(
        new UpdateFunctionConfigurationCommand({ FunctionName: functionName, RevisionId, Environment: { Variables } }),
      );
      return wanted;
    },
    onChange: (listener) => void listeners.push(listener),
    close: unsubscribe,
  };
}

const variablesOf = ({ method, width, height }: Thumbnail): Record<string, string> => ({
  THUMBNAIL_METHOD: method,
  THUMBNAIL_WIDTH: String(width),
  THUMBNAIL_HEIGHT: String(height),
});

const thumbnailIn = ({ THUMBNAIL_METHOD, THUMBNAIL_WIDTH, THUMBNAIL_HEIGHT }: Record<string, string>): Thumbnail => ({
  method: THUMBNAIL_METHODS.find((each) => each === THUMBNAIL_METHOD) ?? "fit",
  width: Number(THUMBNAIL_WIDTH),
  height: Number(THUMBNAIL_HEIGHT),
});

function readThumbnail(body: unknown): Thumbnail {
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
