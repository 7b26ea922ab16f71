// The stack with other settings than the defaults.

import { synthesize } from "../main";

/**
 * Synthesizes in this process. A test whose settings leave the functions' bytes alone mocks stack/bundle before.
 * @param variables settings as users give them, `PROFILE_IMAGE_…`; gone when it returns
 * @returns the stack's directory, in `outdir`
 */
export async function synthesizeWith(outdir: string, variables: Readonly<Record<string, string>>): Promise<string> {
  const all = { ...variables, CDKTF_OUTDIR: outdir };
  Object.assign(process.env, all);
  try {
    return await synthesize();
  } finally {
    for (const name of Object.keys(all)) delete process.env[name];
  }
}
