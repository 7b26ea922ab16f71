// One stack's life: a folder for Terraform whose state stays while the settings change.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clientEnvironment, type Emulator } from "./emulators";
import { must, type Ran, run } from "./run";
import { type Context, rewrite, synthesize } from "./stacks";
import { TERRAFORM } from "./tools";

/** What a plan would do to a resource. */
export interface Change {
  readonly address: string;
  /** `create`, `update`, `delete`, `forget`; two of them for a replacement. */
  readonly actions: readonly string[];
  /** Arguments with another value, of an update or replacement. */
  readonly changed: readonly string[];
}

interface PlannedChange {
  readonly address: string;
  readonly change: { readonly actions: readonly string[]; readonly before: Values; readonly after: Values };
}
type Values = Readonly<Record<string, unknown>> | null;

export class Workspace {
  readonly #folder = mkdtempSync(join(tmpdir(), "workspace "));
  /** Where Terraform runs. */
  directory = "";

  /** @param key TinyPNG's, which Terraform stores */
  constructor(
    private readonly emulator: Emulator,
    private readonly key = "a-key",
  ) {}

  /** Synthesizes the stack with other settings; the state stays. */
  async configure(context: Context): Promise<void> {
    this.directory = await synthesize(context, join(this.#folder, "out"));
    rewrite(this.directory, (json) => ({
      ...this.emulator.spare(json),
      terraform: { ...json.terraform, backend: { local: { path: join(this.#folder, "state.tfstate") } } },
    }));
    await must(TERRAFORM, ["init", "-input=false"], this.#options());
  }

  apply = (): Promise<Ran> => must(TERRAFORM, ["apply", "-input=false", "-auto-approve", "-no-color"], this.#options());

  /** Ends as it ends: a protected stack refuses. */
  destroy = (): Promise<Ran> =>
    run(TERRAFORM, ["destroy", "-input=false", "-auto-approve", "-no-color"], this.#options());

  /** Ends as it ends; its output says what Terraform says. */
  tryPlan = (): Promise<Ran> =>
    run(TERRAFORM, ["plan", "-input=false", "-no-color", "-out=plan", "-lock=false"], this.#options());

  /** What a plan would change, on what it finds now. */
  async plan(): Promise<Change[]> {
    const planned = await this.tryPlan();
    if (planned.code !== 0) throw new Error(planned.output);
    const { resource_changes: changes = [] } = await this.planJson();
    return changes.map(summarize).filter(({ actions }) => !["no-op", "read"].includes(actions.join()));
  }

  /** The plan that was made last. */
  async planJson(): Promise<{ resource_changes?: PlannedChange[] }> {
    return JSON.parse((await must(TERRAFORM, ["show", "-json", "plan"], this.#options())).stdout);
  }

  /** Addresses in the state. */
  async resources(): Promise<string[]> {
    const { stdout } = await must(TERRAFORM, ["state", "list"], this.#options());
    return stdout.split("\n").filter((address) => address !== "");
  }

  /** Takes resources out of the state; nothing is deleted. */
  forget = (addresses: readonly string[]): Promise<Ran> =>
    must(TERRAFORM, ["state", "rm", ...addresses], this.#options());

  remove = (): void => rmSync(this.#folder, { recursive: true });

  #options() {
    return {
      cwd: this.directory,
      env: {
        ...clientEnvironment(this.emulator),
        TF_DATA_DIR: join(this.#folder, "data"),
        TF_VAR_tinypng_key: this.key,
      },
    };
  }
}

function summarize({ address, change: { actions, before, after } }: PlannedChange): Change {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  const differs = (name: string) => JSON.stringify(before?.[name]) !== JSON.stringify(after?.[name]);
  const changed = before === null || after === null ? [] : [...names].filter(differs);
  return { address, actions, changed };
}
