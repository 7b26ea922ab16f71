// Which photos the failures bucket holds: in the functions' own records, and in those of Lambda's destinations.

import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import type { Pipeline } from "../pipeline";

interface Image {
  readonly image?: { readonly S: string };
  readonly imageETag?: { readonly S: string };
  readonly imageVersion?: { readonly S: string };
}

/** One record of an event of S3's, or of a batch of the stream. */
interface EventRecord {
  readonly s3?: { readonly object: { readonly eTag: string } };
  readonly dynamodb?: { readonly NewImage?: Image; readonly OldImage?: Image };
}

interface Kept {
  readonly event?: { readonly Records: readonly EventRecord[] };
  readonly requestPayload?: { readonly Records: readonly EventRecord[] };
  /** The event as JSON text. */
  readonly payload?: string;
}

/** The ETags of all photos that a failure record holds. */
export async function keptPhotos({ s3, names }: Pipeline): Promise<ReadonlySet<string>> {
  const kept = new Set<string>();
  let token: string | undefined;
  do {
    const list = { Bucket: names.failuresBucket, ContinuationToken: token };
    const { Contents = [], NextContinuationToken } = await s3.send(new ListObjectsV2Command(list));
    for (const { Key } of Contents) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: names.failuresBucket, Key }));
      const eTags = recordsIn(JSON.parse((await Body?.transformToString()) ?? "")).map(eTagOf);
      for (const eTag of eTags) if (eTag !== undefined) kept.add(eTag);
    }
    token = NextContinuationToken;
  } while (token !== undefined);
  return kept;
}

function recordsIn({ event, requestPayload, payload }: Kept): readonly EventRecord[] {
  const fromText: Kept["event"] = payload === undefined ? undefined : JSON.parse(payload);
  return (event ?? requestPayload ?? fromText)?.Records ?? [];
}

/** The photo that a record brings; an edit that passes an older photo on does not hold it. */
function eTagOf({ s3, dynamodb }: EventRecord): string | undefined {
  if (s3 !== undefined) return s3.object.eTag;
  const { NewImage: after, OldImage: before } = dynamodb ?? {};
  return after?.imageVersion?.S === before?.imageVersion?.S ? undefined : after?.imageETag?.S;
}
