// The stack as JSON, for assertions. The bundles are stand-ins: what is in a zip does not matter to the stack.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Testing } from "cdktf";
import { ProfileImageStack } from "../../stack/profile-image-stack";
import { readSettings } from "../../stack/settings";

const stackTrace: typeof import("cdktf/lib/tokens/private/stack-trace") = require("cdktf/lib/tokens/private/stack-trace");

type Block = Readonly<Record<string, unknown>>;

export interface SynthesizedStack {
  readonly json: {
    readonly resource: Readonly<Record<string, Readonly<Record<string, Block>>>>;
    readonly [section: string]: unknown;
  };
  /** The arguments of one resource, such as `aws_s3_bucket.images_bucket`. */
  resource(address: string): Block;
  /** All resources of a type. */
  resources(type: string): Block[];
}

/** @param context as under "context" in cdktf.json */
export function synthesizeStack(context: Record<string, unknown> = {}): SynthesizedStack {
  const folder = mkdtempSync(join(tmpdir(), "stack-test-"));
  const bundle = (name: string) => {
    const zipFile = join(folder, `${name}.zip`);
    writeFileSync(zipFile, `the code of ${name}`);
    return { zipFile, codeSha256: `sha256 of ${name}` };
  };
  // Where each token was made would be most of the work, and nobody reads it here.
  const traces = jest.spyOn(stackTrace, "captureStackTrace").mockReturnValue([]);
  let json: SynthesizedStack["json"];
  try {
    const stack = new ProfileImageStack(Testing.app(), "profile-image", {
      settings: readSettings([{ name: "cdktf.json", values: context }]),
      bundles: {
        SetProfileImage: bundle("SetProfileImage"),
        CreateThumbnail: bundle("CreateThumbnail"),
        ReportFailure: bundle("ReportFailure"),
      },
      stateDirectory: "../../..",
    });
    json = JSON.parse(Testing.synth(stack, true));
  } finally {
    traces.mockRestore();
    rmSync(folder, { recursive: true });
  }

  return {
    json,
    resource(address) {
      const [type = "", name = ""] = address.split(".");
      const block = json.resource[type]?.[name];
      if (block === undefined) throw new Error(`The stack has no ${address}`);
      return block;
    },
    resources: (type) => Object.values(json.resource[type] ?? {}),
  };
}

export interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: unknown;
}

/** The statements of a policy's JSON. */
export const statementsOf = (document: unknown): Statement[] => JSON.parse(String(document)).Statement;
