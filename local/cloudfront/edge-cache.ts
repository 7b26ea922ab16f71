// What an edge location keeps, and for how long: as the origin says, within the bounds of the cache policy.
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Expiration.html

import type { IncomingHttpHeaders } from "node:http";
import type { CachePolicyConfig } from "./policies";

/** A whole response of the origin. */
export interface OriginResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

interface Kept {
  readonly response: OriginResponse;
  readonly since: number;
  readonly until: number;
}

/** Of all responses together; the oldest go first. */
const MAX_BYTES = 32 * 1024 * 1024;

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html#HTTPStatusCodes-no-custom-error-pages */
const ERROR_SECONDS = 10;

export type EdgeCache = ReturnType<typeof createEdgeCache>;

/** @param clock milliseconds */
export function createEdgeCache(clock: () => number = () => performance.now()) {
  const kept = new Map<string, Kept>();
  let bytes = 0;

  function forget(key: string): void {
    bytes -= kept.get(key)?.response.body.length ?? 0;
    kept.delete(key);
  }

  return {
    /** What is kept under a key, and its age in seconds. */
    find(key: string): { response: OriginResponse; age: number } | undefined {
      const found = kept.get(key);
      if (found === undefined) return undefined;
      if (found.until > clock()) return { response: found.response, age: Math.floor((clock() - found.since) / 1000) };
      forget(key);
      return undefined;
    },

    /** Forgets what is kept under keys that fit. */
    drop(fits: (key: string) => boolean): void {
      for (const key of [...kept.keys()].filter(fits)) forget(key);
    },

    keep(key: string, response: OriginResponse, policy: CachePolicyConfig): void {
      const seconds = secondsToKeep(response, policy);
      if (seconds <= 0 || response.body.length > MAX_BYTES) return;
      forget(key);
      kept.set(key, { response, since: clock(), until: clock() + seconds * 1000 });
      bytes += response.body.length;
      for (const oldest of kept.keys()) {
        if (bytes <= MAX_BYTES) break;
        forget(oldest);
      }
    },
  };
}

/** AWS's defaults, in seconds. */
const DAY = 86_400;
const YEAR = 31_536_000;

function secondsToKeep({ status, headers }: OriginResponse, policy: CachePolicyConfig): number {
  const { MinTTL, DefaultTTL = DAY, MaxTTL = YEAR } = policy;
  if (status >= 400) return ERROR_SECONDS;
  const directives = (headers["cache-control"] ?? "").toLowerCase().split(/\s*,\s*/);
  const directive = (name: string) => directives.find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1);
  if (directives.some((each) => ["no-cache", "no-store", "private"].includes(each))) return MinTTL;
  const wanted = directive("s-maxage") ?? directive("max-age");
  return wanted === undefined ? Math.max(DefaultTTL, MinTTL) : Math.min(Math.max(Number(wanted), MinTTL), MaxTTL);
}
