// Commands that other commands advise: for the same deployment, so that nobody who tried something locally types what works
// on a real account.

import type { DeploymentOptions } from "./on-deployment";

/**
 * A command to type, such as `npm run redrive -- --all --local`.
 * @param options those of the command that gives the advice
 */
export function sameTarget(command: string, args: string, { stage, endpointUrl, local }: DeploymentOptions): string {
  const target = [
    ...(local ? ["--local"] : []),
    ...(endpointUrl === undefined ? [] : [`--endpoint-url ${endpointUrl}`]),
    ...(stage === undefined ? [] : [`--stage ${stage}`]),
  ];
  const all = [args, ...target].filter((each) => each !== "").join(" ");
  return `npm run ${command}${all === "" ? "" : ` -- ${all}`}`;
}
