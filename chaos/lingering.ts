// What is left of people who were erased: everything that there is, looked through by other means than an erasure's own.

import { paginateScan } from "@aws-sdk/client-dynamodb";
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  paginateListObjectsV2,
} from "@aws-sdk/client-s3";
import { PROFILE_ID } from "../functions/lib/metadata";
import { idIn } from "../functions/lib/profile-id";
import type { Pipeline } from "../pipeline";

export interface ErasedPeople {
  readonly ids: readonly string[];
  /** Those whose profile stays, without a photo. */
  readonly keeping: readonly string[];
  /** Of their photos, without quotes. */
  readonly eTags: ReadonlySet<string>;
  /** Keys that nobody but they have uploaded to. */
  readonly keys: ReadonlySet<string>;
}

/** Looks when the pipeline is idle; what it finds is told in words. */
export async function lingering(pipeline: Pipeline, people: ErasedPeople): Promise<string[]> {
  const found = [inTable, inImages, inUploads, inFailures].map((look) => look(pipeline, people));
  return (await Promise.all(found)).flat();
}

async function inTable({ dynamodb, names }: Pipeline, { ids, keeping }: ErasedPeople): Promise<string[]> {
  const missing = new Set(keeping);
  const found: string[] = [];
  for await (const { Items = [] } of paginateScan({ client: dynamodb }, { TableName: names.table })) {
    for (const item of Items) {
      const id = idIn(item) ?? "";
      if (!ids.includes(id)) continue;
      if (!missing.delete(id)) found.push(`profile ${id}`);
      else if (item.image ?? item.imageETag ?? item.thumbnail) found.push(`the photo in profile ${id}`);
    }
  }
  return [...found, ...[...missing].map((id) => `profile ${id} is gone, and should have stayed`)];
}

async function inImages({ s3, names }: Pipeline, { ids, eTags, keys }: ErasedPeople): Promise<string[]> {
  const found: string[] = [];
  let page: Partial<ListObjectVersionsCommandOutput> = { IsTruncated: true };
  while (page.IsTruncated) {
    const from = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
    page = await s3.send(new ListObjectVersionsCommand({ Bucket: names.bucket, ...from }));
    for (const { Key = "", VersionId, ETag = "" } of page.Versions ?? []) {
      const { Metadata = {} } = await s3.send(new HeadObjectCommand({ Bucket: names.bucket, Key, VersionId }));
      const isTheirs = ids.includes(Metadata[PROFILE_ID] ?? "") || eTags.has(ETag.replaceAll('"', "")) || keys.has(Key);
      if (isTheirs) found.push(`${Key} (version ${VersionId})`);
    }
    for (const { Key = "" } of page.DeleteMarkers ?? []) if (keys.has(Key)) found.push(`a delete marker of ${Key}`);
  }
  return found;
}

async function inUploads({ s3, names }: Pipeline, { keys }: ErasedPeople): Promise<string[]> {
  const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket: names.bucket }));
  return Uploads.flatMap(({ Key = "" }) => (keys.has(Key) ? [`an unfinished upload to ${Key}`] : []));
}

async function inFailures({ s3, names }: Pipeline, { ids, eTags }: ErasedPeople): Promise<string[]> {
  // Lambda's records of a stream hold JSON as text.
  const traces = [
    ...eTags,
    ...ids.flatMap((id) => [JSON.stringify(id), JSON.stringify(JSON.stringify(id)).slice(1, -1)]),
  ];
  const found: string[] = [];
  const Bucket = names.failuresBucket;
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket })) {
    for (const { Key = "" } of Contents) {
      const text = (await (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString()) ?? "";
      if (traces.some((trace) => text.includes(trace))) found.push(`the failure record ${Key}`);
    }
  }
  return found;
}
