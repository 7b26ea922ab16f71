// The functions' code: each zip is unpacked once, into a directory named after its content, and removed when neither a
// function has it nor an instance runs it any more.

import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, normalize, sep } from "node:path";
import AdmZip from "adm-zip";
import { AwsError } from "../aws-error";

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const UNZIPPED_MAX_BYTES = 250 * 1024 * 1024;

export interface Code {
  /** Where the unpacked code lies: LAMBDA_TASK_ROOT. */
  readonly directory: string;
  /** Where the zip itself lies, for GetFunction. */
  readonly zip: string;
  readonly size: number;
  /** Base64, as GetFunction shows it. */
  readonly sha256: string;
}

/** Creates the place for all code of one embedded AWS; `onDirectory` is called with its directory. */
export function createCodeStore(onDirectory: (path: string) => void) {
  const unpacked = new Map<string, Code>();
  const holders = new Map<Code, number>();
  let root: string | undefined;

  /** The directory that holds all else; a real path, since Node shows real paths in stack traces. */
  const rootDirectory = (): string => {
    if (root === undefined) {
      root = mkdtempSync(join(realpathSync(tmpdir()), "embedded-lambda-"));
      onDirectory(root);
    }
    return root;
  };

  function hold(code: Code): Code {
    holders.set(code, (holders.get(code) ?? 0) + 1);
    return code;
  }

  return {
    rootDirectory,
    /**
     * Unpacks what is then held for its caller.
     * @throws AwsError InvalidParameterValueException when it is not a zip that Lambda takes
     */
    unpack(zip: Uint8Array): Code {
      const digest = createHash("sha256").update(zip).digest();
      const name = digest.toString("hex");
      const known = unpacked.get(name);
      if (known !== undefined) return hold(known);
      const directory = join(rootDirectory(), "task", name.slice(0, 16));
      writeEntries(directory, zip);
      const path = `${directory}.zip`;
      writeFileSync(path, zip);
      const code = { directory, zip: path, size: zip.length, sha256: digest.toString("base64") };
      unpacked.set(name, code);
      return hold(code);
    },
    /** Keeps code for one more holder. */
    hold,
    /** Removes code that nobody holds any more; each holder releases it once. */
    release(code: Code): void {
      const left = (holders.get(code) ?? 0) - 1;
      if (left > 0) {
        holders.set(code, left);
        return;
      }
      holders.delete(code);
      unpacked.delete(Buffer.from(code.sha256, "base64").toString("hex"));
      for (const path of [code.directory, code.zip]) rmSync(path, { recursive: true, force: true, maxRetries: 3 });
    },
    close(): void {
      if (root !== undefined) rmSync(root, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

export type CodeStore = ReturnType<typeof createCodeStore>;

function writeEntries(directory: string, zip: Uint8Array): void {
  for (const { name, content } of readEntries(zip)) {
    const path = join(directory, normalize(name));
    if (!path.startsWith(directory + sep)) throw invalid(`The zip has an entry outside of itself: ${name}`);
    if (content === undefined) {
      mkdirSync(path, { recursive: true });
      continue;
    }
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

/** All of a zip's files before any is written; directories have no content. No file inflates to more than its header says. */
function readEntries(zip: Uint8Array): { readonly name: string; readonly content: Uint8Array | undefined }[] {
  const entries = unzipping(() => new AdmZip(Buffer.from(zip.buffer, zip.byteOffset, zip.byteLength)).getEntries());
  const total = entries.reduce((sum, { header }) => sum + header.size, 0);
  if (total > UNZIPPED_MAX_BYTES) throw invalid(`Unzipped size must be smaller than ${UNZIPPED_MAX_BYTES} bytes`);
  if (entries.length === 0) throw invalid("Uploaded file must be a non-empty zip");
  return entries.map((entry) => ({
    name: entry.entryName,
    content: entry.isDirectory ? undefined : unzipping(() => entry.getData()),
  }));
}

function unzipping<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw invalid(`Could not unzip uploaded file. Please check your file, then try to upload again. (${error})`);
  }
}

const invalid = (message: string) => new AwsError("InvalidParameterValueException", message);
