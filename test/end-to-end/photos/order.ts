// Events in every order, on the built zip and with real conditions on the table.

import { createHash } from "node:crypto";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { CopyObjectCommand } from "@aws-sdk/client-s3";
import type { S3EventRecord } from "aws-lambda";
import { onDeployment } from "../../../cli/on-deployment";
import { invokeWith } from "../../../operations/invoke";
import { pipeline } from "../../common-pipeline";
import { uploadRecord } from "../../functions/factories";
import { photoOf, profile, upload } from "./common";

it("in whatever order events come, the table ends with the newest photo: of one key by sequencer, else by time", async () => {
  const { aws, dynamodb, s3, names } = pipeline;
  const photo = await photoOf("#778899", 60, 90);
  for (const name of ["a", "b"]) await upload(`original/order/${name}.jpg`, photo);
  await aws.idle();
  // The bytes are the same, and so is the ETag: what S3 holds tells none of these events from another.
  const eTag = createHash("md5").update(photo).digest("hex");
  const event = (name: string, milliseconds: string, sequencer: string) =>
    uploadRecord({
      bucket: names.bucket,
      key: `original/order/${name}.jpg`,
      eTag,
      eventTime: `2026-11-24T12:00:00.${milliseconds}Z`,
      sequencer,
    });
  for (const name of ["a", "b"]) {
    const onItself = { Bucket: names.bucket, Key: `original/order/${name}.jpg` };
    const CopySource = `${names.bucket}/${onItself.Key}`;
    const Metadata = { "user-profile-id": "52" };
    await s3.send(new CopyObjectCommand({ ...onItself, CopySource, Metadata, MetadataDirective: "REPLACE" }));
  }
  await aws.idle();
  const [a1, a2] = [event("a", "030", "0A"), event("a", "010", "0A0B")];
  const [before, between, after] = [event("b", "005", "FF"), event("b", "020", "FF"), event("b", "040", "01")];
  const a3 = event("a", "050", "0B");
  const cases: readonly (readonly [S3EventRecord, readonly S3EventRecord[]])[] = [
    [a2, [a1, a2]],
    [a2, [a2, a1]],
    [a2, [before, a2, a1]],
    [a2, [a2, between, a1]],
    [a2, [a1, between, a2]],
    [after, [after, a2, a1]],
    [after, [a1, a2, after]],
    [a3, [a3, after, a1]],
    [a3, [a1, after, a3]],
    [a3, [a1, a3, after]],
  ];
  await onDeployment({ endpointUrl: aws.account.endpoint }, async (deployment) => {
    for (const [newest, order] of cases) {
      await dynamodb.send(new PutItemCommand({ TableName: names.table, Item: { id: { N: "52" } } }));
      for (const each of [...order, ...order]) {
        expect(await invokeWith(deployment, "SetProfileImage", each)).toBeUndefined();
      }
      expect(await profile("52")).toMatchObject({
        image: { S: newest.s3.object.key },
        imageSequencer: { S: newest.s3.object.sequencer.padEnd(32, "0") },
      });
    }
  });
});
