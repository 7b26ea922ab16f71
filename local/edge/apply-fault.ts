// Applies an injected fault to a request.

import type { ServerResponse } from "node:http";
import { AwsError } from "../aws-error";
import type { RequestFault } from "../faults";
import type { Kill } from "../kills";

/** How a request that was cut shows in its activity. */
export const CUT = "ConnectionCut";

/**
 * Does the work of a request under a fault. Throws the fault's error for the service to render.
 * @returns the error code for the activity, if the client gets no response
 */
export async function applyFault(
  { delayMs, until, error, response: injected, cut }: RequestFault,
  response: ServerResponse,
  work: () => Promise<void>,
): Promise<string | undefined> {
  if (delayMs !== undefined) await delay(delayMs, response);
  if (until !== undefined) await Promise.race([until, new Promise((resolve) => response.once("close", resolve))]);
  if (error !== undefined) throw error;
  if (injected !== undefined) {
    response.writeHead(injected.status, { "content-type": injected.contentType }).end(injected.body);
    return undefined;
  }
  if (cut === "before" || response.destroyed) {
    response.destroy();
    return CUT;
  }
  if (cut === undefined) {
    await work();
    return undefined;
  }
  loseResponse(response, () => response.destroy());
  // The response's own stream notices that nobody takes it; the work was done before.
  await work().catch((reason: unknown) => {
    if (!response.destroyed) throw reason;
  });
  response.destroy();
  return CUT;
}

/**
 * Lets the caller be killed between the work and the response.
 * @param attempt does the work, maybe under a fault, and returns the error code of that
 * @returns the error code for the activity
 */
export async function applyKill(
  kill: Kill,
  response: ServerResponse,
  attempt: () => Promise<string | undefined>,
): Promise<string> {
  let dead: Promise<void> | undefined;
  const die = () => {
    dead ??= kill().finally(() => response.destroy());
    return dead;
  };
  loseResponse(response, () => void die());
  try {
    return (await attempt()) ?? CUT;
  } catch (reason) {
    // A refusal is a response like any other.
    if (reason instanceof AwsError || !response.destroyed) throw reason;
    return CUT;
  } finally {
    await die();
  }
}

/** The service writes its response as ever, and no byte of it leaves. */
function loseResponse(response: ServerResponse, onEnd: () => void): void {
  Object.assign(response, {
    write: () => true,
    end() {
      onEnd();
      return response;
    },
  });
}

/** Waits, but not for a client that is gone. */
const delay = (milliseconds: number, response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      response.off("close", end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    response.on("close", end);
  });
