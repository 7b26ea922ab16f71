// One run of the fuzz: so many requests from a seed, many at a time, and what was wrong with the answers.

import { nextRequest } from "./generate";
import { createRandom } from "./random";
import { sendRequest } from "./send";
import type { FuzzedServer } from "./server";

const AT_A_TIME = 16;

export interface FuzzReport {
  readonly requests: number;
  /** Kind of request → status, or "none" → how often. */
  readonly statuses: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Each with what repeats it: the number of the request. */
  readonly faults: readonly string[];
}

/** Sends all requests; requests that may run a function go one after another, and the rest does not wait for them. */
export async function runFuzz(
  { port, aws, prepare }: Pick<FuzzedServer, "port" | "aws" | "prepare">,
  { requests, seed }: { readonly requests: number; readonly seed: number },
): Promise<FuzzReport> {
  const random = createRandom(seed);
  const names = await prepare();
  const statuses = new Map<string, Map<string, number>>();
  const faults: string[] = [];
  let sent = 0;
  let invocations: Promise<unknown> = Promise.resolve();

  async function lane(): Promise<void> {
    while (sent < requests) {
      const number = sent;
      sent += 1;
      const request = nextRequest(random, names);
      const send = () => sendRequest(port, request);
      const outcome = request.invokes ? await after(send) : await send();
      const counts = statuses.get(request.kind) ?? new Map<string, number>();
      statuses.set(request.kind, counts);
      const answered = outcome.statuses.length > 0 ? outcome.statuses.map(String) : ["none"];
      for (const status of answered) counts.set(status, (counts.get(status) ?? 0) + 1);
      if (outcome.fault !== undefined) {
        const bytes = JSON.stringify(request.bytes.toString("latin1", 0, 600));
        faults.push(`request ${number} of seed ${seed} (${request.kind}) ${outcome.fault}\n  ${bytes}`);
      }
    }
  }

  function after<T>(send: () => Promise<T>): Promise<T> {
    const result = invocations.then(send);
    invocations = result;
    return result;
  }

  await Promise.all(Array.from({ length: AT_A_TIME }, lane));
  await aws.idle();
  return { requests: sent, statuses, faults };
}
