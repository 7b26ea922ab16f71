// A console in front of a whole pipeline, whose stack lets its page upload.

import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Console, createConsole } from "../../console";
import { type Pipeline, startPipeline } from "../../pipeline";
import { loadSampleProfiles } from "../../pipeline/sample-profiles";
import { synthesizedStack } from "../pipeline";

export interface TestConsole {
  readonly console: Console;
  readonly pipeline: Pipeline;
  /** What was applied. */
  readonly directory: string;
  /** What the console took for bugs of its own. */
  readonly bugs: unknown[];
  /** Without a slash at the end, as browsers send it. */
  readonly origin: string;
  close(): Promise<void>;
}

/** Of a stack, as its JSON says it. */
type StackJson = ReturnType<typeof JSON.parse>;

/**
 * Starts both on free ports; the stack allows uploads from the console, or from those origins.
 * @param change what else is another in the stack
 */
export async function startConsole(
  profiles = 5,
  uploadOrigins?: readonly string[],
  change?: (stack: StackJson) => void,
): Promise<TestConsole> {
  const bugs: unknown[] = [];
  const console = await createConsole({ port: 0, onBug: (bug) => bugs.push(bug) });
  const directory = stackThatAllows(uploadOrigins ?? console.origins, change);
  const pipeline = await startPipeline(directory, 0);
  await loadSampleProfiles(pipeline, profiles);
  await console.show(pipeline, directory);
  return {
    console,
    pipeline,
    directory,
    bugs,
    origin: console.origins[0] ?? "",
    async close() {
      await console.close();
      await pipeline.close();
      rmSync(directory, { recursive: true });
    },
  };
}

/** A copy of the synthesized stack with the CORS rules that `uploadOrigins` makes. */
export function stackThatAllows(origins: readonly string[], change: (stack: StackJson) => void = () => {}): string {
  const directory = mkdtempSync(join(tmpdir(), "console-test-"));
  const source = synthesizedStack();
  symlinkSync(join(source, "assets"), join(directory, "assets"));
  const stack = JSON.parse(readFileSync(join(source, "cdk.tf.json"), "utf8"));
  stack.resource.aws_s3_bucket_cors_configuration = {
    images_cors: {
      bucket: "${aws_s3_bucket.images_bucket.bucket}",
      cors_rule: [
        {
          allowed_methods: ["POST", "PUT"],
          allowed_origins: origins,
          allowed_headers: ["content-type", "if-none-match", "x-amz-*"],
        },
      ],
    },
  };
  change(stack);
  writeFileSync(join(directory, "cdk.tf.json"), JSON.stringify(stack));
  return directory;
}

/** What the setting `profileId: "string"` changes. */
export function withStringIds({ resource }: StackJson): void {
  resource.aws_dynamodb_table.user_profile.attribute[0].type = "S";
  for (const { environment } of Object.values<StackJson>(resource.aws_lambda_function)) {
    environment.variables.PROFILE_ID_TYPE = "string";
  }
}
