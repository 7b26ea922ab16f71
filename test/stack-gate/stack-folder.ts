// The folder of a stack as it comes from the synthesis.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { stackOf } from "./stacks";

/** Where the folder's stack keeps its state, as the setting stateBackend has it. */
export const STATE = { bucket: "our-states", key: "photos/one.tfstate", region: "us-east-1" };

const JSON_OF_THE_STACK = JSON.stringify(stackOf({ stateBackend: STATE }), null, 2);

export interface StackFolder {
  readonly path: string;
  put(name: string, content: string): void;
  remove(): void;
}

export function makeStackFolder(): StackFolder {
  const path = mkdtempSync(join(tmpdir(), "stack gate "));
  const put = (name: string, content: string) => {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), content);
  };
  put("cdk.tf.json", JSON_OF_THE_STACK);
  put("assets/create_thumbnail_bundle/0399BE95BF18D7D364F75075AC8BB372/CreateThumbnail.zip", "zip");
  return { path, put, remove: () => rmSync(path, { recursive: true }) };
}
