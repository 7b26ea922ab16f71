// What a failure record means for each photo: the functions' own records, and those that Lambda writes when
// it gives up on an upload or a batch of changes. Each photo of a batch gets an event of its own.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
// https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html

import type { DynamoDBRecord, S3EventRecord } from "aws-lambda";
import type { PhotoFailed } from "./photo-event";
import { changedPhoto, profileIdOf } from "./profile-image";
import { readUpload } from "./upload";

type EventRecord = S3EventRecord | DynamoDBRecord;
type Event = { readonly Records: readonly EventRecord[] };
type About = Pick<PhotoFailed["detail"], "profileId" | "photo">;
type Why = Pick<PhotoFailed["detail"]["failure"], "code" | "reason">;

/** The three forms; which one it is shows in what is there. */
interface Content {
  readonly reason?: { readonly code: string; readonly message: string };
  readonly profileId?: string;
  readonly event?: Event;
  readonly requestContext?: { readonly condition: string; readonly approximateInvokeCount?: number };
  readonly requestPayload?: Event;
  /** JSON text. */
  readonly payload?: string;
}

/**
 * The photos that a failure record is about; none when it is about something else, such as a thumbnail that could not be
 * removed. Throws when it is not a failure record.
 * @param record its key in the failures bucket
 */
export function reportedFailures(record: string, text: string): PhotoFailed[] {
  const content: Content = JSON.parse(text);
  const { Records } = content.event ?? content.requestPayload ?? (JSON.parse(content.payload ?? "") as Event);
  const failure = { ...whyOf(content), record };
  return Records.flatMap(photoIn).map(({ profileId = content.profileId, photo }) => ({
    type: "Photo failed",
    detail: { ...(profileId !== undefined && { profileId }), photo, failure },
  }));
}

function whyOf({ reason, requestContext }: Content): Why {
  if (reason !== undefined) return { code: reason.code, reason: reason.message };
  if (requestContext === undefined) throw new Error("It has neither a reason nor a requestContext");
  const { condition: code, approximateInvokeCount: count } = requestContext;
  const tries = count === undefined ? "" : ` after ${count} ${count === 1 ? "try" : "tries"}`;
  return { code, reason: `Lambda gave up on it${tries}: ${code}` };
}

function photoIn(record: EventRecord): About[] {
  if ("s3" in record) {
    const { key, version } = readUpload(record);
    return [{ photo: { key, version } }];
  }
  const { image, imageVersion } = record.dynamodb?.NewImage ?? {};
  if (typeof changedPhoto(record) === "string") return [];
  return [{ profileId: profileIdOf(record), photo: { key: image?.S, version: imageVersion?.S } }];
}
