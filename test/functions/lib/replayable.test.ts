import type { AttributeValue, DynamoDBRecord } from "aws-lambda";
import { changedImage, leftoverOf, lostImage } from "../../../functions/lib/profile-image";
import { thumbnailValue } from "../../../functions/lib/profile-thumbnail";
import { replayableChange, replayableUpload } from "../../../functions/lib/replayable";
import { readUpload, uploadFailureId } from "../../../functions/lib/upload";
import { changeRecord, ONE_SIZE, uploadRecord } from "../factories";

it("of an upload, neither the address that it came from nor who sent it is kept", () => {
  const record = replayableUpload({ ...uploadRecord(), requestParameters: { sourceIPAddress: "203.0.113.7" } });
  expect(JSON.stringify(record)).not.toMatch(/203\.0\.113\.7|AIDAEXAMPLE/);
  expect(uploadFailureId(record as never)).toEqual(uploadFailureId(uploadRecord()));
  expect(readUpload(record as never)).toEqual(readUpload(uploadRecord()));
});

it("of a change, the image's attributes alone are kept, which say what they said before", () => {
  const thumbnail = thumbnailValue({
    ...{ key: "thumbnails/a.jpg", width: 1, height: 1, bytes: 1, type: "image/jpeg" },
    imageETag: "e1",
  });
  const person: Record<string, AttributeValue> = { email: { S: "pete@example.com" }, birthday: { S: "1962-07-03" } };
  const { dynamodb, ...record } = changeRecord({
    before: { key: "original/a.jpg", eTag: "e1", version: "v1" },
    after: { key: "original/b.jpg", eTag: "e2", version: "v2" },
  });
  const whole: DynamoDBRecord = {
    ...record,
    dynamodb: {
      ...dynamodb,
      OldImage: { ...dynamodb?.OldImage, ...person, thumbnail: thumbnail as AttributeValue },
      NewImage: { ...dynamodb?.NewImage, ...person },
    },
  };
  const kept = replayableChange(whole);
  expect(JSON.stringify(kept)).not.toMatch(/pete@example|1962|Maverick/);
  for (const read of [changedImage, leftoverOf, lostImage])
    expect(read(kept, [ONE_SIZE])).toEqual(read(whole, [ONE_SIZE]));
  expect(kept).toMatchObject({
    eventID: whole.eventID,
    dynamodb: { Keys: { id: { N: "1" } }, SequenceNumber: expect.anything() },
  });
});
