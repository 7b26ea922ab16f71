// Which deployment a command works on, in words, so that nobody takes one for another: said before anything is done.

import type { LambdaClient } from "@aws-sdk/client-lambda";

export interface Target {
  /** Such as `AWS 123456789012, eu-west-1, stage none`. */
  readonly words: string;
  /** Whether what is done there is done to somebody's account: nobody's is the embedded AWS's. */
  readonly isReal: boolean;
}

interface Known {
  /** As the user named it. */
  readonly endpoint?: string;
  readonly functionArn: string;
  readonly region: string;
  readonly stage?: string;
  /** Where the calls really went: the AWS CLI's variables and profiles may send them elsewhere too. */
  readonly host: string;
}

/** `arn:aws:lambda:<region>:<account>:function:<name>` */
const ACCOUNT_FIELD = 4;

export function describeTarget({ endpoint, functionArn, region, stage = "none", host }: Known): Target {
  const at = endpoint ?? (isLoopback(host) ? `http://${host}` : undefined);
  if (at !== undefined) return { words: `the embedded AWS at ${at}, stage ${stage}`, isReal: false };
  const account = functionArn.split(":")[ACCOUNT_FIELD] ?? "";
  return { words: `AWS ${account}, ${region}, stage ${stage}`, isReal: true };
}

const isLoopback = (host: string): boolean => /^(127(\.\d+){3}|(.+\.)?localhost|\[::1\])(:\d+)?$/.test(host);

/** Watches a client; the function that it makes tells the host and port that its calls go to. */
export function watchHost({ middlewareStack }: LambdaClient): () => string {
  let seen = "";
  middlewareStack.add(
    (next) => (input) => {
      const { hostname, port } = input.request as { hostname: string; port?: number };
      seen = port === undefined ? hostname : `${hostname}:${port}`;
      return next(input);
    },
    { step: "finalizeRequest", name: "watchHost" },
  );
  return () => seen;
}
