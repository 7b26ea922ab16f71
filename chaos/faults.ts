// The faults of a chaos run. Each is decided by what it hits (service, operation, resource) and by how often that was
// called before, never by the moment: the same seed makes the same faults, however the work is scheduled.

import { createHash } from "node:crypto";
import { ORIGINAL_PREFIX } from "../functions/lib/keys";
import type { ActivityStream } from "../local/activity";
import { AwsError } from "../local/aws-error";
import type { FaultRule, Invocation, RequestFault, ServiceCall } from "../local/faults";
import { CREDIT_USED_UP, EVENTS_THROTTLED, THROUGHPUT_EXCEEDED } from "./aws-errors";
import { createDice } from "./dice";

/** What a fault is, by a name for the report. */
export interface ChaosFault extends RequestFault {
  readonly name: string;
}

export interface ChaosOptions {
  readonly seed: number;
  /** Whether TinyPNG fails too. */
  readonly tinify: boolean;
  /** The photos, by {@link digestOf} their bytes, at whose first shrink TinyPNG hangs forever. */
  readonly hung: ReadonlySet<string>;
  /** Paths whose first upload is overtaken by a second one to the same key. */
  readonly overtaken: ReadonlySet<string>;
  /** Resolves when no event is under way, and rejects when one never ends. */
  readonly idle: () => Promise<void>;
  /** Told of each fault. */
  readonly onFault: (name: string) => void;
}

/** Of a hundred calls so many meet one of the faults of their service. */
const SHARE: Readonly<Record<string, number>> = { s3: 0.06, dynamodb: 0.08, ssm: 0.4, tinify: 0.06, events: 0.15 };
/** Of a hundred photos so many can never be read by one of the functions, until the faults are over: those need a redrive. */
const UNREADABLE = 0.015;
const KILLED = 0.03;
/** As many calls as CreateThumbnail makes for a photo. */
const MOST_CALLS = 6;
/** Less than clients bear, so that it is slow and no more. */
const SLOW_MS = 150;
const HUNG_MS = 400;
/** Longer than CreateThumbnail waits for TinyPNG. */
const HANGS_FOR_GOOD_MS = 60_000;

/** A response like any other, in which a client must look whether its event was taken. */
const ENTRY_REFUSED = {
  status: 200,
  contentType: "application/x-amz-json-1.1",
  body: JSON.stringify({
    FailedEntryCount: 1,
    Entries: [{ ErrorCode: "InternalFailure", ErrorMessage: "An internal error occurred." }],
  }),
};

const FAULTS: Readonly<Record<string, readonly ChaosFault[]>> = {
  s3: [
    { name: "500", error: new AwsError("InternalError", "We encountered an internal error. Please try again.", 500) },
    { name: "503", error: new AwsError("SlowDown", "Please reduce your request rate.", 503) },
    { name: "slow", delayMs: SLOW_MS },
    { name: "cut before the work", cut: "before" },
    { name: "cut after the work", cut: "after" },
  ],
  dynamodb: [
    { name: "throttled", error: THROUGHPUT_EXCEEDED },
    {
      name: "throttled too",
      error: new AwsError("ThrottlingException", "Rate of requests exceeds the allowed throughput."),
    },
    { name: "500", error: new AwsError("InternalServerError", "Internal server error", 500) },
    { name: "cut after the work", cut: "after" },
  ],
  // Called once by each instance: only a large share is noticed, and outlives the client's three attempts now and then.
  ssm: [
    { name: "throttled", error: new AwsError("ThrottlingException", "Rate exceeded") },
    { name: "500", error: new AwsError("InternalServerError", "An error occurred on the server side.", 500) },
    { name: "cut before the work", cut: "before" },
  ],
  events: [
    { name: "throttled", error: EVENTS_THROTTLED },
    { name: "500", error: new AwsError("InternalException", "An internal error occurred.", 500) },
    { name: "entry refused", response: ENTRY_REFUSED },
    { name: "cut before the work", cut: "before" },
    { name: "cut after the work", cut: "after" },
  ],
  tinify: [
    { name: "429", error: CREDIT_USED_UP },
    { name: "500", error: new AwsError("InternalServerError", "An internal server error occurred.", 500) },
    { name: "hangs, then cut", delayMs: HUNG_MS, cut: "before" },
    { name: "cut after the work", cut: "after" },
    {
      name: "garbage instead of an image",
      response: {
        status: 200,
        contentType: "text/html",
        body: "<html><body>Please sign in to the Wi-Fi</body></html>",
      },
    },
    { name: "garbage instead of JSON", response: { status: 503, contentType: "text/plain", body: "upstream {" } },
  ],
};

const OUT_OF_REACH: ChaosFault = {
  name: "photo out of reach",
  error: new AwsError("ServiceUnavailable", "Service is unable to handle request.", 503),
};

const OVERTAKEN = "upload overtaken by the next";
/** The next upload may never come. */
const LONGEST_WAIT_MS = 10_000;

const HANG: ChaosFault = { name: "hangs forever", delayMs: HANGS_FOR_GOOD_MS, cut: "before" };

/** Makes the rule of a run; inject it into an embedded AWS. */
export function createChaosRule(
  { seed, tinify, hung, overtaken, idle, onFault }: ChaosOptions,
  activity: ActivityStream,
): FaultRule {
  const dice = createDice(seed);
  const calls = new Map<string, number>();
  /** Request of a shrink → digest of its photo; id of TinyPNG's output, which is random → the same. */
  const shrinks = new Map<string, string>();
  const outputs = new Map<string, string>();
  activity.subscribe(({ service, action, requestId = "", resource = "" }) => {
    const digest = service === "tinify" && action === "Shrink" ? shrinks.get(requestId) : undefined;
    if (digest !== undefined) outputs.set(resource, digest);
  });

  /** Names a call the n-th of its kind. */
  function nth(occasion: string): string {
    const count = (calls.get(occasion) ?? 0) + 1;
    calls.set(occasion, count);
    return `${occasion}, call ${count}`;
  }

  function resourceOf({ service, requestId, path, body }: ServiceCall): string {
    if (service === "s3") return path.replace(/\/\d{4}\/\d\d\/\d\d\/.*/, "/…"); // A failure record: its key holds the time.
    if (service !== "tinify") return body.toString().replace(/\d{4}-\d\d-\d\dT[^"]*/g, "…");
    if (path !== "/shrink") return outputs.get(path.replace("/output/", "")) ?? path;
    const digest = digestOf(body);
    shrinks.set(requestId, digest);
    return digest;
  }

  /** Resolves when another upload to the path has come as far as CreateThumbnail, which reads it, or not so far. */
  function nextUpload(path: string): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(end, LONGEST_WAIT_MS).unref();
      const unsubscribe = activity.subscribe(({ action, resource, error, detail = {} }) => {
        if (action === "Notify" && `/${detail.bucket}/${detail.key}` === path) {
          clearTimeout(timer);
          // The event itself leaves only when everybody knows of it. Closed meanwhile, nothing becomes idle any more.
          void Promise.resolve().then(idle).then(end, end);
        }
        if (action === "GetObject" && resource === `arn:aws:s3:::${path.slice(1)}` && error === undefined) end();
      });
      function end(): void {
        clearTimeout(timer);
        unsubscribe();
        resolve();
      }
    });
  }

  const isUnreadable = (path: string, who: string) =>
    path.includes(`/${ORIGINAL_PREFIX}`) && dice(`${who} reads ${path}`) < UNREADABLE;

  return {
    request(call) {
      const { service, caller, method, operation = method, path } = call;
      const faults = FAULTS[service];
      const share = SHARE[service];
      if (faults === undefined || share === undefined || (service === "tinify" && !tinify)) return undefined;
      const who = caller.kind === "role" ? caller.roleName : caller.kind;
      const part = service === "tinify" ? path.split("/")[1] : "";
      const resource = resourceOf(call);
      const occasion = nth(`${service} ${operation} ${part} of ${resource} by ${who}`);
      if (service === "s3" && caller.kind === "role" && method !== "PUT" && isUnreadable(path, who)) {
        onFault(`s3: ${OUT_OF_REACH.name}`);
        return OUT_OF_REACH;
      }
      if (service === "s3" && method === "PUT" && overtaken.has(path) && occasion.endsWith(" call 1")) {
        onFault(`s3: ${OVERTAKEN}`);
        return { name: OVERTAKEN, until: nextUpload(path) };
      }
      const isHung = part === "shrink" && occasion.endsWith(" call 1") && hung.has(resource);
      const fault = isHung ? HANG : faults[Math.floor((dice(occasion) / share) * faults.length)];
      if (fault !== undefined) onFault(`${service}: ${fault.name}`);
      return fault;
    },

    invocation(invocation) {
      const occasion = nth(`invoke ${invocation.functionName} with ${subjectOf(invocation)}`);
      if (dice(occasion) >= KILLED) return undefined;
      const killAtCall = 1 + Math.floor(dice(`life of ${occasion}`) * MOST_CALLS);
      return { killAtCall, onDeath: () => onFault("lambda: killed mid-work") };
    },
  };
}

/** What stands for a photo. */
export const digestOf = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex").slice(0, 16);

/** What an invocation is about, whatever the time: its first photo. */
function subjectOf({ payload }: Invocation): string {
  const [, eTag] = /"(?:eTag":|imageETag":\{"S":)"([^"]*)"/.exec(payload) ?? [];
  return eTag ?? "no photo";
}
