// What Terraform works on: the user's account, or the embedded AWS that `npm start -- --empty` runs, with a state of its own.

import { join, resolve } from "node:path";
import { Option } from "commander";
import { DEFAULT_PORT } from "../pipeline/port";
import { PROJECT_ROOT } from "../stack/project-root";

const LOCAL_ENDPOINT = `http://127.0.0.1:${DEFAULT_PORT}`;
/** Of TinyPNG, and of AWS: what everybody knows who runs the embedded AWS. */
export const LOCAL_KEY = "test";

export interface TargetOptions {
  readonly endpointUrl?: string;
  readonly local?: boolean;
}

export interface TerraformTarget {
  /** The embedded AWS; absent for the user's account. */
  readonly endpoint?: string;
  /** Variables for the synthesis. */
  readonly synthesis: Readonly<Record<string, string>>;
  /** Variables for Terraform; undefined ones it must not have. */
  readonly terraform: Readonly<Record<string, string | undefined>>;
  /** Options of `terraform init`. */
  readonly init: readonly string[];
}

export const ENDPOINT_OPTION = new Option(
  "--endpoint-url <url>",
  "an embedded AWS that `npm start -- --empty` runs, instead of AWS",
);
export const LOCAL_OPTION = new Option("--local", `the same as --endpoint-url ${LOCAL_ENDPOINT}`).conflicts(
  "endpointUrl",
);

/** The stack for the embedded AWS, and its state, lie apart from what the user deploys. */
export function targetOf({ local, endpointUrl }: TargetOptions): TerraformTarget {
  const endpoint = local ? LOCAL_ENDPOINT : endpointUrl;
  if (endpoint === undefined) return { synthesis: {}, terraform: {}, init: [] };
  const outdir = join(resolve(PROJECT_ROOT, process.env.CDKTF_OUTDIR ?? "cdktf.out"), "embedded");
  return {
    endpoint,
    synthesis: { CDKTF_OUTDIR: outdir, PROFILE_IMAGE_STATE_BACKEND: "local" },
    terraform: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_SESSION_TOKEN: undefined,
      AWS_PROFILE: undefined,
      TF_VAR_tinypng_key: LOCAL_KEY,
    },
    init: [`-backend-config=path=${join(outdir, "terraform.tfstate")}`],
  };
}
