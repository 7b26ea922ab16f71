// SetProfileImage: S3 calls it for every upload under original/, and it points the profile at the photo.
//
// The profile is changed by one conditional update, so nothing is created, no other attribute is touched, and an older
// or repeated event never wins over a newer photo. What can never succeed is kept as a failure record at once; whatever
// else goes wrong is thrown, so that Lambda tries again and in the end keeps the event itself.

import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DynamoDBClient,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import {
  GetObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  NotFound,
  S3Client,
} from "@aws-sdk/client-s3";
import type { S3Event, S3EventRecord } from "aws-lambda";
import { CLIENT_CONFIGURATION } from "./lib/client-configuration";
import { requiredEnvironment, requiredOneOf } from "./lib/environment";
import { createFailureKeeper, PermanentFailure } from "./lib/failure-record";
import { ORIGINAL_PREFIX } from "./lib/keys";
import { PROFILE_ID } from "./lib/metadata";
import { type Note, skipped } from "./lib/outcome";
import { foreignFormat, HEAD, hasForeignName, refusalOfFormat } from "./lib/photo-format";
import { PROFILE_ID_TYPES, type ProfileIds, profileIds } from "./lib/profile-id";
import { replayableUpload } from "./lib/replayable";
import { storedAs } from "./lib/stored-as";
import { createStrip, isOwnWrite } from "./lib/strip-original";
import { readUpload, type Upload, uploadFailureId } from "./lib/upload";
import { nextVersion } from "./lib/version";

export interface Dependencies {
  readonly s3: Pick<S3Client, "send">;
  readonly dynamodb: Pick<DynamoDBClient, "send">;
  readonly tableName: string;
  readonly profileIds: ProfileIds;
  readonly failuresBucket: string;
  /** Whether CreateThumbnail removes photos that their profile no longer has; an event of one may come again afterwards. */
  readonly removesPreviousOriginals?: boolean;
  /** Whether photos lose the place where they were taken. */
  readonly stripsOriginals?: boolean;
}

/** S3 keeps names in lower case, and a copy in parts keeps none at all. */
const describeMissing = (names: readonly string[]): string =>
  `Its metadata does not say whose photo it is: there is no ${PROFILE_ID}, ${
    names.length === 0 ? "nor any other" : `only ${names.map((name) => JSON.stringify(name)).join(", ")}`
  }; upload it again with one, or copy it onto itself with one`;

/** A write to a profile, and when it holds. */
interface Write {
  readonly version: string;
  readonly condition: string;
  readonly values?: Readonly<Record<string, AttributeValue>>;
}

const firstWrite = ({ version }: Upload): Write => ({
  version,
  condition:
    "attribute_exists(id) AND (attribute_not_exists(imageVersion) OR (imageVersion < :version AND (image <> :key OR imageSequencer < :sequencer)))",
});

/** Makes the handler; each record is tried, whatever becomes of the others. */
export function createHandler(dependencies: Dependencies) {
  const { s3, dynamodb, tableName, profileIds, failuresBucket } = dependencies;
  const { removesPreviousOriginals = false, stripsOriginals = false } = dependencies;
  const keepFailure = createFailureKeeper(s3, failuresBucket, "SetProfileImage");
  const strip = createStrip(s3, headObject);

  /** Says what was done; throws a PermanentFailure where trying again cannot help. */
  async function setProfileImage(upload: Upload, record: S3EventRecord): Promise<Note> {
    if (!upload.key.startsWith(ORIGINAL_PREFIX)) return skipped(`not under ${ORIGINAL_PREFIX}`);
    if (upload.key.endsWith("/") && upload.size === 0) return skipped("a folder, as consoles make them");
    const object = await headObject(upload);
    if (stripsOriginals && object !== undefined && isOwnWrite(record, object)) {
      return skipped("stored by this function, without its place");
    }
    const eTag = stripsOriginals ? await strip(upload, object) : storedAs(upload, object);
    if (object === undefined) return gone(upload);
    if (eTag === undefined) return skipped("replaced since, and that upload has an event of its own");
    const photo = { ...upload, eTag };
    const { Metadata = {}, MissingMeta = 0 } = object;
    const id = Metadata[PROFILE_ID];
    if (id !== undefined) {
      if (!profileIds.isId(id)) {
        const message = `The ${PROFILE_ID} must be ${profileIds.allowed} (given ${JSON.stringify(id)})`;
        throw new PermanentFailure("MalformedProfileId", message);
      }
      await checkFormat(photo, id);
      return updateProfile(id, photo);
    }
    if (MissingMeta === 0) throw new PermanentFailure("NoProfileId", describeMissing(Object.keys(Metadata)));
    throw new PermanentFailure("UnreadableMetadata", `S3 leaves out ${MissingMeta} metadata that HTTP cannot carry`);
  }

  /** A profile keeps the photo that it has when the new one can have no thumbnail; its name says when to look. */
  async function checkFormat({ bucket, key, eTag, size }: Upload, id: string): Promise<void> {
    if (!hasForeignName(key) || size === 0) return;
    const range = { Range: `bytes=0-${HEAD - 1}`, IfMatch: `"${eTag}"` };
    const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, ...range }));
    const format = foreignFormat(await buffer(object.Body as Readable));
    if (format !== undefined) throw new PermanentFailure("UnsupportedFormat", `${key} ${refusalOfFormat(format)}`, id);
  }

  /** Undefined when there is none. */
  async function headObject({ bucket, key }: Upload): Promise<HeadObjectCommandOutput | undefined> {
    try {
      return await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    } catch (error) {
      if (error instanceof NotFound) return undefined;
      throw error;
    }
  }

  function gone({ bucket, key }: Upload): Note {
    if (removesPreviousOriginals) return skipped("removed since its profile had it");
    throw new PermanentFailure("PhotoGone", `There is no ${key} in ${bucket} any more`);
  }

  /**
   * Points the profile at the photo if that is newer than the one that it has. Nearly always the condition alone
   * decides; only of a photo whose time and sequencer disagree, and of a profile that an earlier release wrote, without
   * a sequencer of its own, the response tells what there is, and the second write holds for exactly that.
   */
  async function updateProfile(
    id: string,
    upload: Upload,
    { version, condition, values }: Write = firstWrite(upload),
  ): Promise<Note> {
    const { key, eTag, sequencer } = upload;
    try {
      await dynamodb.send(
        new UpdateItemCommand({
          TableName: tableName,
          Key: profileIds.keyOf(id),
          UpdateExpression: "SET image = :key, imageETag = :eTag, imageVersion = :version, imageSequencer = :sequencer",
          ConditionExpression: condition,
          ExpressionAttributeValues: {
            ":key": { S: key },
            ":eTag": { S: eTag },
            ":version": { S: version },
            ":sequencer": { S: sequencer },
            ...values,
          },
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return { message: `set for profile ${id}`, profileId: id };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const { Item } = error;
      if (Item === undefined) throw new PermanentFailure("UnknownProfile", `There is no profile ${id}`, id);
      const { image, imageVersion = { S: "" } } = Item;
      const version = nextVersion(upload, { key: image?.S, version: imageVersion.S ?? "" });
      if (version === undefined) return skipped(`profile ${id} has this photo or a newer one`, id);
      return updateProfile(id, upload, {
        version,
        condition: "imageVersion = :kept",
        values: { ":kept": imageVersion },
      });
    }
  }

  async function handleRecord(record: S3EventRecord): Promise<void> {
    const upload = readUpload(record);
    const { key } = upload;
    try {
      console.info({ ...(await setProfileImage(upload, record)), key });
    } catch (reason) {
      if (!(reason instanceof PermanentFailure)) throw reason;
      await keepFailure({ reason, ...uploadFailureId(record), record: replayableUpload(record), key });
    }
  }

  return async (event: S3Event): Promise<void> => {
    // S3's test event has no records.
    const outcomes = await Promise.allSettled((event.Records ?? []).map(handleRecord));
    const errors = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
    if (errors.length === 1) throw errors[0];
    if (errors.length > 1) throw new AggregateError(errors, errors.map(String).join("; "));
  };
}

export const handler = createHandler({
  s3: new S3Client(CLIENT_CONFIGURATION),
  dynamodb: new DynamoDBClient(CLIENT_CONFIGURATION),
  tableName: requiredEnvironment("TABLE_NAME"),
  profileIds: profileIds(requiredOneOf("PROFILE_ID_TYPE", PROFILE_ID_TYPES)),
  failuresBucket: requiredEnvironment("FAILURES_BUCKET"),
  removesPreviousOriginals: process.env.ORIGINALS === "current",
  stripsOriginals: process.env.STRIP_ORIGINALS === "true",
});
