// `npm start -- --empty`: the embedded AWS without the pipeline, until Ctrl-C.

import { startEmbeddedAws } from "../local";
import { checkPort } from "../pipeline/port";
import { readContext } from "../stack/context";
import { PROJECT_ROOT } from "../stack/project-root";
import { readSettings } from "../stack/settings";
import { UserError } from "../stack/user-error";
import { print, printJson } from "./print";
import { stopped } from "./stop";
import { LOCAL_KEY } from "./terraform-target";

/** Options that are about a stack. */
const OF_A_STACK = ["stack", "data", "watch", "verbose"] as const;

type EmptyOptions = { readonly port: number; readonly json?: boolean } & {
  readonly [Name in (typeof OF_A_STACK)[number]]?: unknown;
};

export async function runEmpty(options: EmptyOptions, stop: AbortSignal): Promise<void> {
  const { port, json = false } = options;
  const other = OF_A_STACK.find((name) => options[name] !== undefined);
  if (other !== undefined) throw new UserError(`--${other} is about a stack, and --empty has none: give one of them`);
  const { region } = readSettings(readContext(PROJECT_ROOT));
  await checkPort(port);
  const aws = await startEmbeddedAws({ port, region, tinypngKey: LOCAL_KEY });
  try {
    const { endpoint, accountId } = aws.account;
    if (json) printJson({ endpoint, region, accountId });
    else {
      print(`embedded AWS     ${endpoint}, account ${accountId}, ${region}, empty

With the AWS CLI in another terminal:

  export AWS_ENDPOINT_URL=${endpoint} \\
    AWS_REGION=${region} AWS_DEFAULT_REGION=${region} \\
    AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
  aws s3 mb s3://my-bucket

With Terraform, this project's stack: npm run deploy -- --local

Ctrl-C stops it, and nothing is kept.`);
    }
    await stopped(stop);
    if (!json) print("\nStopping …");
  } finally {
    await aws.close();
  }
}
