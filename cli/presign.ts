// `npm run presign`: lets somebody without AWS credentials upload one photo for one profile, and nothing else. What it
// prints is signed here; nothing is sent.

import { S3Client } from "@aws-sdk/client-s3";
import { Command, Option } from "commander";
import type { Deployment } from "../operations/deployment";
import { mistakesError } from "../operations/mistake";
import { type Presigned, presignPost, presignPut } from "../operations/profile-images";
import { checkUploads, NOTHING } from "../operations/upload-check";
import { anyCaseOf } from "./choice";
import { DEFAULT_EXPIRY, parseExpiry } from "./expiry";
import { type DeploymentOptions, onDeployment, withDeploymentOptions } from "./on-deployment";
import { print, printJson } from "./print";
import { printable } from "./printable";
import { photoProfile } from "./profile-id";

interface PresignOptions extends DeploymentOptions {
  readonly user: string;
  readonly method: "PUT" | "POST";
  readonly expiresIn: number;
  readonly json?: boolean;
}

const METHODS = ["PUT", "POST"] as const;

export const presignCommand = (): Command =>
  withDeploymentOptions(new Command("presign"))
    .description(
      "Presign the upload of one photo for one profile, for somebody without AWS credentials. Profile, key, content type and size cannot be changed. Nothing is sent.",
    )
    .argument("<photo>", "the photo that is to be uploaded")
    .requiredOption("--user <id>", "the profile that the photo is for")
    .addOption(
      new Option(
        "--method <method>",
        "PUT: this file's size, and once; POST: a browser's form, any size up to 64 MB, which can be sent to its one key again until it expires: each time costs a thumbnail",
      )
        .choices(METHODS)
        .argParser(anyCaseOf(METHODS))
        .default("PUT"),
    )
    .option("--expires-in <seconds>", "how long the URL is valid, at most a week", parseExpiry, DEFAULT_EXPIRY)
    .option("--json", "print the result as one line of JSON")
    .action(presign);

function presign(file: string, { user, method, expiresIn, json = false, ...options }: PresignOptions): Promise<void> {
  return onDeployment(options, async (deployment) => {
    const profileId = photoProfile(deployment, "--user", user);
    const { uploads, mistakes } = await checkUploads(deployment, { ...NOTHING, uploads: [{ profileId, file }] });
    const [upload] = uploads;
    if (upload === undefined) throw mistakesError(mistakes, "nothing was signed");
    const s3 = signingClient(deployment);
    try {
      const sign = method === "PUT" ? presignPut : presignPost;
      const presigned = await sign(s3, deployment.bucket, upload, expiresIn);
      if (json) printJson(presigned);
      else print(describe(presigned, file));
    } finally {
      s3.destroy();
    }
  });
}

/** A checksum that the client adds by itself would be that of no photo at all. */
const signingClient = ({ client }: Deployment) =>
  new S3Client({
    ...client,
    forcePathStyle: client.endpoint !== undefined,
    requestChecksumCalculation: "WHEN_REQUIRED",
  });

function describe(presigned: Presigned, file: string): string {
  const { key, expires, method } = presigned;
  const times = method === "PUT" ? "once" : "each time that it is sent";
  return `Until ${expires} this uploads the photo to ${key}, ${times}:\n\n${curl(presigned, file)}`;
}

function curl(presigned: Presigned, file: string): string {
  const lines =
    presigned.method === "PUT"
      ? [
          "curl --fail-with-body",
          ...Object.entries(presigned.headers).map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`),
          `--upload-file ${quote(file)}`,
        ]
      : [
          "curl --fail-with-body",
          ...Object.entries(presigned.fields).map(([name, value]) => `--form-string ${quote(`${name}=${value}`)}`),
          `--form ${quote(`file=@"${file.replace(/["\\]/g, "\\$&")}"`)}`,
        ];
  return [...lines, quote(presigned.url)].join(" \\\n  ");
}

/** For a POSIX shell; what a terminal would obey is written as printf reads it. */
function quote(text: string): string {
  if (printable(text) === text) return `'${text.replaceAll("'", "'\\''")}'`;
  const isPlain = (char: string) => printable(char) === char && !"'\\%".includes(char);
  return `"$(printf '${[...text].map((char) => (isPlain(char) ? char : octal(char))).join("")}')"`;
}

/** Its bytes in UTF-8; unlike hexadecimal escapes, octal ones have a fixed length, and % is not a directive of printf then. */
const octal = (char: string): string =>
  [...Buffer.from(char)].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
