// A step as a command for the AWS CLI, to be pasted into a shell: the same request again, made by the administrator.

import type { Activity, RequestSummary } from "../local/activity";
import { shellWord } from "./shell";

/** Where its bytes come from or go to, which no activity tells. */
const FILE = "FILE";

export interface Place {
  readonly endpoint: string;
  readonly region: string;
}

/** The command; undefined for what the CLI cannot ask, or what is not known enough to be asked again. */
export function awsCommandOf(each: Activity, payload: string | undefined, place: Place): string | undefined {
  const words = each.service === "lambda" ? invokeWords(each, payload) : WORDS[each.service]?.(each);
  if (words === undefined) return undefined;
  // The keys of the embedded AWS, which everybody knows.
  const account = ["AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test"];
  const where = ["--endpoint-url", place.endpoint, "--region", place.region];
  return [...account, "aws", ...[...words, ...where].map(shellWord)].join(" ");
}

const WORDS: Readonly<Record<string, (each: Activity) => string[] | undefined>> = {
  dynamodb({ action, request }) {
    if (request?.body === undefined || !isWhole(request.body)) return undefined;
    return ["dynamodb", kebab(action), "--cli-input-json", request.body];
  },
  events({ action, request }) {
    if (request?.body === undefined || !isWhole(request.body)) return undefined;
    return ["events", kebab(action), "--cli-input-json", request.body];
  },
  ssm({ action, resource = "" }) {
    if (action !== "GetParameter") return undefined;
    return ["ssm", "get-parameter", "--name", resource.slice(resource.indexOf("parameter") + 9), "--with-decryption"];
  },
  s3({ action, resource = "", request }) {
    const options = S3_OPTIONS[action];
    if (options === undefined || request === undefined) return undefined;
    const [, bucket = "", key = ""] = /^arn:aws:s3:::([^/]+)\/(.*)$/s.exec(resource) ?? [];
    const { words, file } = options;
    return [
      ...["s3api", words, "--bucket", bucket, "--key", key],
      ...conditionsOf(request),
      ...(file === "sent" ? ["--body", FILE, ...descriptionOf(request)] : []),
      ...(file === "got" ? [FILE] : []),
    ];
  },
};

const S3_OPTIONS: Readonly<Record<string, { words: string; file?: "sent" | "got" }>> = {
  HeadObject: { words: "head-object" },
  GetObject: { words: "get-object", file: "got" },
  PutObject: { words: "put-object", file: "sent" },
  // A form asks for the same, and the CLI sends none.
  PostObject: { words: "put-object", file: "sent" },
  DeleteObject: { words: "delete-object" },
};

const CONDITIONS = ["if-match", "if-none-match", "range"];

const conditionsOf = ({ headers }: RequestSummary): string[] =>
  CONDITIONS.flatMap((name) => (headers[name] === undefined ? [] : [`--${name}`, headers[name]]));

function descriptionOf({ headers }: RequestSummary): string[] {
  const prefix = "x-amz-meta-";
  const metadata = Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [],
  );
  const type = headers["content-type"];
  const tagging = headers["x-amz-tagging"];
  return [
    // A form's type is that of the form, not of the photo.
    ...(type === undefined || type.startsWith("multipart/") ? [] : ["--content-type", type]),
    ...(metadata.length === 0 ? [] : ["--metadata", JSON.stringify(Object.fromEntries(metadata))]),
    ...(tagging === undefined ? [] : ["--tagging", tagging]),
  ];
}

function invokeWords({ action, resource = "" }: Activity, payload: string | undefined): string[] | undefined {
  if (action !== "Invoke" || payload === undefined) return undefined;
  const encoding = ["--cli-binary-format", "raw-in-base64-out"];
  return ["lambda", "invoke", "--function-name", resource, ...encoding, "--payload", payload, "/dev/stdout"];
}

const kebab = (action: string): string => action.replace(/(?!^)([A-Z])/g, "-$1").toLowerCase();

/** One that was cut is not JSON any more. */
function isWhole(body: string): boolean {
  try {
    JSON.parse(body);
    return true;
  } catch {
    return false;
  }
}
