// Activities of photos on their way, as an embedded AWS publishes them, for tests that want very many.

import { type Activity, type ActivityStream, now } from "../../local/activity";

/** How many activities each photo makes. */
export const PER_PHOTO = 8;

/** Publishes the first half of a photo's way: its upload up to the changed profile. */
export function publishPhoto({ publish }: ActivityStream, bucket: string, index: number): void {
  const id = (what: string) => `${what}-${index}`;
  const key = `original/${index}/photo-${index}.jpg`;
  const photo = `arn:aws:s3:::${bucket}/${key}`;
  const at = now();
  const invocation = { requestId: id("invocation"), traceId: id("trace"), resource: "SetProfileImage" };
  const inside = { at, ms: 1, traceId: id("trace") };
  const activities: Activity[] = [
    {
      at,
      service: "s3",
      action: "Notify",
      resource: "arn:aws:lambda:eu-west-1:111122223333:function:SetProfileImage",
      requestId: id("upload"),
      detail: { bucket, key, eventName: "ObjectCreated:Put" },
    },
    { at, ms: 2, service: "s3", action: "PutObject", resource: photo, requestId: id("upload") },
    {
      at,
      service: "lambda",
      action: "Start",
      ...invocation,
      detail: {
        trigger: "s3.amazonaws.com",
        payload: JSON.stringify({ Records: [recordOf(bucket, key, id("upload"))] }),
      },
    },
    {
      at,
      service: "iam",
      action: "Authorize",
      requestId: id("head"),
      resource: photo,
      detail: { action: "s3:GetObject", decision: "Allow", reason: "allowed" },
    },
    { ...inside, service: "s3", action: "HeadObject", resource: photo, requestId: id("head") },
    {
      at,
      service: "dynamodb",
      action: "StreamAppend",
      requestId: id("update"),
      resource: "arn:aws:dynamodb:eu-west-1:111122223333:table/elsewhere/stream/1",
      detail: { events: ["MODIFY"], keys: [{ id: { N: String(index) } }] },
    },
    {
      ...inside,
      service: "dynamodb",
      action: "UpdateItem",
      requestId: id("update"),
      resource: "arn:aws:dynamodb:eu-west-1:111122223333:table/user-profile",
    },
    {
      at,
      ms: 5,
      service: "lambda",
      action: "Invoke",
      ...invocation,
      detail: { cold: false, durationMs: 5, maxMemoryMb: 60 },
    },
  ];
  for (const each of activities) publish(each);
}

const recordOf = (bucket: string, key: string, requestId: string) => ({
  eventTime: new Date().toISOString(),
  responseElements: { "x-amz-request-id": requestId },
  s3: { bucket: { name: bucket }, object: { key, eTag: "0", sequencer: "00", size: 1 } },
});
