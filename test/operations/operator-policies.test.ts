// The policies of people who erase and sweep: with all of a policy the work is done, and each single grant of it (an action
// of a statement on one of its resources) is missed when it is taken away.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CreateMultipartUploadCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import type { Deployment } from "../../operations/deployment";
import { erase, findErasable } from "../../operations/erasure/erase";
import { whatStays } from "../../operations/erasure/what-stays";
import { findUnreferenced, type Swept, sweep } from "../../operations/sweep";
import type { Pipeline } from "../../pipeline";
import { loadSampleProfiles } from "../../pipeline/sample-profiles";
import { policyDocument } from "../../stack/policy-document";
import { upload } from "../cli/operations";
import { without } from "../end-to-end/grants";
import { startTestPipeline } from "../pipeline";
import { placeholdersOf, withRights } from "./operator";

let pipeline: Pipeline;
beforeAll(async () => {
  pipeline = await startTestPipeline();
});
afterAll(() => pipeline.close());

const documentOf = (name: string): string => policyDocument(name, placeholdersOf(pipeline));

const change = (id: string) => ({
  eventID: `change-${id}`,
  eventName: "REMOVE",
  dynamodb: { ApproximateCreationDateTime: 1_764_000_000, Keys: { id: { N: id } } },
});

async function putRecord(Key: string, content: object): Promise<void> {
  const Body = JSON.stringify({ timestamp: new Date().toISOString(), ...content });
  await pipeline.s3.send(new PutObjectCommand({ Bucket: pipeline.names.failuresBucket, Key, Body }));
}

/** Two people who have used one key, and are in one batch that Lambda gave up; the second is to be erased. */
async function twoPeople(): Promise<void> {
  await loadSampleProfiles(pipeline);
  await upload(pipeline, "1", "original/team/me.jpg");
  await upload(pipeline, "2", "original/team/me.jpg");
  const begun = { Bucket: pipeline.names.bucket, Key: "original/2/begun.jpg" };
  await pipeline.s3.send(new CreateMultipartUploadCommand(begun));
  const requestContext = { functionArn: "arn:aws:lambda:eu-west-1:1:function:CreateThumbnail", condition: "Exhausted" };
  await putRecord("batch.json", { requestContext, payload: JSON.stringify({ Records: [change("1"), change("2")] }) });
  const reason = { code: "PhotoGone", message: "gone" };
  await putRecord("own.json", {
    function: "CreateThumbnail",
    reason,
    profileId: "2",
    event: { Records: [change("2")] },
  });
}

async function eraseSecond(deployment: Deployment): Promise<void> {
  const stop = new AbortController().signal;
  for (const withProfiles of [false, true]) {
    const found = await findErasable(deployment, ["2"], { stop });
    const isAll = await erase(deployment, found, { stop, withProfiles, onErased: () => {}, onInvalidated: () => {} });
    expect(isAll).toBe(true);
  }
  await whatStays(deployment, new Date(), false);
}

/** Photos of nobody, one of them in a failure record. */
async function photosOfNobody(): Promise<void> {
  await upload(pipeline, "404", "original/nobody.jpg");
  const thumbnail = { Bucket: pipeline.names.bucket, Key: "thumbnails/nobody.jpg", Body: "a face" };
  await pipeline.s3.send(new PutObjectCommand({ ...thumbnail, Metadata: { "user-profile-id": "404" } }));
}

async function sweepAll(deployment: Deployment): Promise<void> {
  const stop = new AbortController().signal;
  const found = await findUnreferenced(deployment, new Date(Date.now() + 60_000), { stop, onProgress: () => {} });
  const kept: Swept[] = [];
  await sweep(deployment, found, (swept) => swept.state === "kept" && kept.push(swept), stop);
  // What is refused about one alone ends none of the others.
  if (kept.length > 0) throw new Error(kept.map(({ why }) => why).join("; "));
}

/** What an operator does, after it has been prepared. */
const WORK: Readonly<Record<string, { prepare(): Promise<void>; work(deployment: Deployment): Promise<void> }>> = {
  erase: { prepare: twoPeople, work: eraseSecond },
  sweep: { prepare: photosOfNobody, work: sweepAll },
};

const rows = Object.keys(WORK).flatMap((name) => {
  const { Statement } = JSON.parse(readFileSync(join(__dirname, "..", "..", "policies", `${name}.json`), "utf8"));
  const grants: string[] = Statement.flatMap(({ Action, Resource }: Record<"Action" | "Resource", string | string[]>) =>
    [Action].flat().flatMap((action) => [Resource].flat().map((resource) => `${action} on ${resource}`)),
  );
  return grants.map((grant, index) => ({ name, grant, index }));
});

afterEach(async () => {
  await pipeline.aws.idle();
});

it.each(Object.keys(WORK))("the policy to %s is enough", async (name) => {
  await WORK[name]?.prepare();
  await withRights(pipeline, documentOf(name), async (deployment) => WORK[name]?.work(deployment));
});

it.each(rows)("of the policy to $name, $grant is missed", async ({ name, index }) => {
  await WORK[name]?.prepare();
  const doing = withRights(pipeline, without(documentOf(name), [index]), async (deployment) =>
    WORK[name]?.work(deployment),
  );
  await expect(doing).rejects.toThrow(/not authorized|AccessDenied|UnknownError/);
});
