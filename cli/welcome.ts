// What `npm start` says when it is ready, on one screen of 80×24: the address of the console comes last, where the eye is.

import { ORIGINAL_PREFIX, THUMBNAIL_PREFIX } from "../functions/lib/keys";
import { PROFILE_ID } from "../functions/lib/metadata";
import type { Pipeline } from "../pipeline";
import { plural } from "./plural";
import type { Printed } from "./print";
import { WATCHED } from "./watch";

interface WelcomeOptions {
  /** Names each resource that is kept but not played, with the reason. */
  readonly verbose: boolean;
  readonly watch: boolean;
  /** Where everything is kept, if it is. */
  readonly dataDirectory?: string;
}

export function welcome(
  { aws, names, thumbnailBaseUrl }: Pipeline,
  consoleUrl: string,
  options: WelcomeOptions,
): Printed {
  const { verbose, watch, dataDirectory } = options;
  const { endpoint, region, accountId } = aws.account;
  const [setProfileImage] = names.functions;
  return [
    `embedded AWS     ${endpoint}, account ${accountId}, ${region}
bucket           ${names.bucket}
failures bucket  ${names.failuresBucket}
table            ${names.table}${tableState(aws)}
functions        ${names.functions.join(", ")}
${thumbnailBaseUrl === undefined ? "" : `thumbnails       ${thumbnailBaseUrl}/${THUMBNAIL_PREFIX}…\n`}${dataDirectory === undefined ? "" : `kept in          ${dataDirectory}\n`}${watch ? `watched          ${WATCHED.join(", ")}\n` : ""}${notPlayed(aws.notPlayed, verbose)}
With the AWS CLI in another terminal:

  export AWS_ENDPOINT_URL=${endpoint} \\
    AWS_REGION=${region} AWS_DEFAULT_REGION=${region} \\
    AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
  aws s3 cp samples/maverick.jpg \\
    s3://${names.bucket}/${ORIGINAL_PREFIX} \\
    --metadata ${PROFILE_ID}=1
  aws dynamodb scan --table-name ${names.table}
  aws s3 ls s3://${names.bucket}/${THUMBNAIL_PREFIX}
  aws logs tail /aws/lambda/${setProfileImage}   (AWS CLI v2)

Ctrl-C stops it. Each photo gets a line here, and its whole way in the console:
`,
    { text: consoleUrl, colour: "bold" },
  ];
}

function tableState({ isRestored, replacedTables }: Pipeline["aws"]): string {
  if (replacedTables.length > 0) return ", new and empty: the one that was kept has another key";
  return isRestored ? "" : ", with the five sample profiles";
}

function notPlayed(resources: ReadonlyMap<string, string>, verbose: boolean): string {
  if (resources.size === 0) return "";
  if (!verbose) return `not played       ${plural(resources.size, "resource")}; --verbose shows which, and why\n`;
  return `\nKept, but not played here:\n${[...resources].map(([address, reason]) => `  ${address}: ${reason}`).join("\n")}\n`;
}
