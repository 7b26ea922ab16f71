// SetProfileImage with an S3 and a table of its own, which forget everything before each test.

import "./configuration"; // First: the function asks for it when it is imported.
import type { S3Event } from "aws-lambda";
import { profileIds } from "../../functions/lib/profile-id";
import { createHandler, type Dependencies } from "../../functions/set-profile-image";
import { uploadRecord } from "./factories";
import { createFakeProfiles } from "./fake-profiles";
import { createFakeS3 } from "./fake-s3";

/** Call it at the top of a test file. */
export function createSetProfileImageHarness() {
  const s3 = createFakeS3();
  const table = createFakeProfiles();
  const handlerWith = (settings: Pick<Dependencies, "removesPreviousOriginals"> = {}) =>
    createHandler({
      s3: s3.client,
      dynamodb: table.client,
      tableName: "user-profile",
      profileIds: profileIds("number"),
      failuresBucket: "failures",
      ...settings,
    });
  const handler = handlerWith();
  const log: Record<"info" | "error", unknown[]> = { info: [], error: [] };

  beforeEach(() => {
    s3.clear();
    table.reset("1", "2");
    for (const level of ["info", "error"] as const) {
      log[level].length = 0;
      jest.spyOn(console, level).mockImplementation((...entry) => void log[level].push(...entry));
    }
  });
  afterEach(() => jest.restoreAllMocks());

  return {
    s3,
    table,
    handler,
    handlerWith,
    /** What the function wrote through console. */
    log,
    /** Stores a photo of a profile and returns the record of its event. */
    upload({ id = "1", ...photo }: { id?: string } & Parameters<typeof uploadRecord>[0] = {}) {
      const { bucket = "images", key = "original/photo.jpg" } = photo;
      const record = uploadRecord(photo);
      s3.put(`${bucket}/${key}`, { eTag: record.s3.object.eTag, metadata: { "user-profile-id": id } });
      return record;
    },
    run: (...Records: S3Event["Records"]) => handler({ Records }),
  };
}
