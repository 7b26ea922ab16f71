// All that the pipeline holds of a person, written into a folder, for who asks what that is.

import { createWriteStream } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import type { Deployment } from "./deployment";
import { type Found, findPeople } from "./erasure/find";
import { isMarker } from "./erasure/stored-versions";
import { createLogReader } from "./log-reader";

export interface Exported {
  readonly folder: string;
  readonly photos: number;
  readonly records: number;
  readonly logLines: number;
  readonly hasProfile: boolean;
}

/** What a file's name ends with; a key may end with anything. */
const EXTENSION = /^\.[A-Za-z0-9]{1,10}$/;

/** Only the one who exports may read it. */
const PRIVATE = { mode: 0o600 };

/**
 * Writes everything of one person, and nothing of others.
 * @param folder is made, and must not be there yet
 */
export async function exportPerson(
  deployment: Deployment,
  id: string,
  folder: string,
  { stop, onProgress }: { readonly stop: AbortSignal; onProgress(looked: number): void },
): Promise<Exported> {
  await mkdir(folder, { mode: 0o700 });
  const found = await findPeople(deployment, [id], { stop, onProgress });
  const write = (name: string, value: unknown) =>
    writeFile(join(folder, name), `${JSON.stringify(value, null, 2)}\n`, PRIVATE);
  const photos = await writePhotos(deployment, found, folder, stop);
  const records = recordsIn(found);
  const lines = await logLines(deployment, id, stop);
  await write("photos.json", photos);
  await write("failure-records.json", records);
  await write("log-lines.json", lines);
  const profile = found.items.get(id);
  await write("profile.json", profile ?? null);
  return {
    ...{ folder, photos: photos.length, records: records.length },
    ...{ logLines: lines.length, hasProfile: profile !== undefined },
  };
}

/** Every version as a file; the list says what each is. */
async function writePhotos({ s3, bucket }: Deployment, { versions }: Found, folder: string, stop: AbortSignal) {
  const photos = versions.filter((version) => !isMarker(version));
  const list: object[] = [];
  for (const [index, { key, versionId, at, bytes, isLatest }] of photos.entries()) {
    stop.throwIfAborted();
    const extension = EXTENSION.test(extname(key)) ? extname(key) : "";
    const file = `${String(index + 1).padStart(4, "0")}${extension}`;
    const of = { Bucket: bucket, Key: key, VersionId: versionId };
    const { Body, ContentType, Metadata } = await s3.send(new GetObjectCommand(of));
    await pipeline(Body as Readable, createWriteStream(join(folder, file), PRIVATE), { signal: stop });
    list.push({
      file,
      key,
      versionId,
      storedAt: at,
      bytes,
      isCurrent: isLatest,
      type: ContentType,
      metadata: Metadata,
    });
  }
  return list;
}

/** Of a batch that Lambda gave up, this person's events alone. */
const recordsIn = ({ records }: Found) =>
  records.map(({ record: { failureKey, when, functionName, reason, events }, owners }) => ({
    ...{ record: failureKey, when, function: functionName, reason },
    events: events.filter((_event, index) => owners[index] !== undefined).map(({ record }) => record),
  }));

async function logLines({ client, functionNames }: Deployment, id: string, stop: AbortSignal) {
  const logs = new CloudWatchLogsClient(client);
  const about = `"profileId":${JSON.stringify(id)}`;
  try {
    const events = await createLogReader(logs, Object.values(functionNames), 0, stop)();
    return events
      .filter(({ message }) => message.includes(about))
      .map(({ functionName, timestamp, message }) => ({
        ...{ at: new Date(timestamp), function: functionName, message },
      }));
  } finally {
    logs.destroy();
  }
}
