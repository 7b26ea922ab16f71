// People who are erased in the middle of a run, while photos of theirs and of others arrive and everything fails. Their
// photos are none of the plan's: nothing of them may be left, so there is nothing else to judge.

import { LambdaClient } from "@aws-sdk/client-lambda";
import { CreateMultipartUploadCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { ORIGINAL_PREFIX, thumbnailKeyOf } from "../functions/lib/keys";
import { PROFILE_ID } from "../functions/lib/metadata";
import type { Deployment } from "../operations/deployment";
import { erase, findErasable } from "../operations/erasure/erase";
import { keyPartOf } from "../operations/profile-images";
import type { Pipeline } from "../pipeline";
import { pipelineDeployment } from "../pipeline/deployment";
import type { Acceptance } from "./accepted";
import { lingering } from "./lingering";
import { drawPhoto, eTagOfBytes, formsOf } from "./photo";
import { plannedProfile } from "./planned-profiles";

const UPLOADS_PER_PERSON = 100;
const LEAST_PEOPLE = 2;
/** After all that a plan may have. */
const FIRST_NUMBER = 5_000_000;
/** Narrower than all photos of a plan. */
const WIDTH = 24;
/** Faults hit the operator's calls as well, who repeats the command. */
const TRIES = 20;
const ATTEMPTS_OF_A_CALL = 6;

/** Keys of a person's photos: one that is used twice, and one that says nothing of the person. */
const KEYS: readonly ((part: string, number: number) => string)[] = [
  (part) => `${ORIGINAL_PREFIX}${part}/avatar.jpg`,
  (part) => `${ORIGINAL_PREFIX}${part}/avatar.jpg`,
  (part, number) => `${ORIGINAL_PREFIX}${part}/${number}.jpg`,
  (_part, number) => `${ORIGINAL_PREFIX}erased/${number}.jpg`,
];

export interface Erasures {
  /** Profiles that there must be at the start. */
  readonly ids: readonly string[];
  /** Uploads their photos and erases them while these are on their way; an error is one that repeating did not help. */
  uploadAndErase(): Promise<void>;
  /** Repeats the erasure, as its receipt says, when all that was on its way has arrived. */
  repeat(): Promise<void>;
  /** What is left of them, each in words. */
  lingering(): Promise<string[]>;
  close(): void;
}

interface Group {
  readonly ids: readonly string[];
  /** Whether their profiles go too; the others' stay, without a photo. */
  readonly withProfiles: boolean;
  /** What an operator knows of an earlier look of the same command. */
  before: ReadonlyMap<string, string>;
}

const keptIds = ({ ids, withProfiles }: Group): readonly string[] => (withProfiles ? [] : ids);

/** @param uploads of the plan: a person for each hundred, and two at least, of whom every second keeps their profile */
export async function createErasures(pipeline: Pipeline, uploads: number, acceptance: Acceptance): Promise<Erasures> {
  const { client, names, profileIds } = pipeline;
  const count = Math.max(LEAST_PEOPLE, Math.floor(uploads / UPLOADS_PER_PERSON));
  const ids = Array.from({ length: count }, (_, index) => plannedProfile(FIRST_NUMBER + index, profileIds.type));
  const s3 = new S3Client({ ...client, forcePathStyle: true, maxAttempts: ATTEMPTS_OF_A_CALL });
  const lambda = new LambdaClient(client);
  const deployment: Deployment = { ...(await pipelineDeployment(pipeline, lambda)), s3 };
  const stop = new AbortController().signal;
  const groups = [true, false].map(
    (withProfiles): Group => ({
      ids: ids.filter((_id, index) => (index % 2 === 0) === withProfiles),
      withProfiles,
      before: new Map(),
    }),
  );

  const eTags = new Set<string>();
  const keys = new Set<string>();

  async function look(group: Group) {
    const found = await findErasable(deployment, group.ids, { stop, before: group.before });
    group.before = found.keys;
    return found;
  }

  async function eraseGroup(group: Group): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        const found = await look(group);
        await erase(deployment, found, { ...group, stop, onErased: () => {}, onInvalidated: () => {} });
        return;
      } catch (error) {
        if (tries === TRIES) throw error;
      }
    }
  }

  const eraseAll = async (): Promise<void> => void (await Promise.all(groups.map(eraseGroup)));

  /** A client that goes away before it ends its upload. */
  async function beginUpload(Key: string): Promise<void> {
    keys.add(Key);
    await s3.send(new CreateMultipartUploadCommand({ Bucket: names.bucket, Key })).catch(() => undefined);
  }

  async function upload(id: string, number: number, Key: string): Promise<void> {
    const colour = [number % 256, Math.floor(number / 256) % 256, 200] as const;
    const kind = number % KEYS.length === 2 ? "corrupt" : "photo";
    // A number that no photo of the plan has: one that is no image says nothing but its number.
    const drawn = { number: FIRST_NUMBER + number, kind, key: Key, profileId: id, colour, width: WIDTH } as const;
    const Body = await drawPhoto(drawn);
    const [sent = "", ...stripped] = formsOf(Body).map(eTagOfBytes);
    acceptance.disregard(sent);
    acceptance.ignore(stripped);
    for (const eTag of [sent, ...stripped]) eTags.add(eTag);
    keys.add(Key).add(thumbnailKeyOf(Key));
    const Metadata = { [PROFILE_ID]: id };
    const put = new PutObjectCommand({ Bucket: names.bucket, Key, Body, ContentType: "image/jpeg", Metadata });
    // An upload that fails at its client is not accepted, unless S3 says otherwise.
    await s3.send(put).catch(() => undefined);
  }

  return {
    ids,
    async uploadAndErase() {
      const photos = ids.flatMap((id, person) =>
        KEYS.map((keyOf, index) => {
          const number = person * KEYS.length + index;
          return upload(id, number, keyOf(keyPartOf(id), number));
        }),
      );
      const begun = ids.map((id) => beginUpload(`${ORIGINAL_PREFIX}${keyPartOf(id)}/unfinished.jpg`));
      await Promise.all([...photos, ...begun]);
      await eraseAll();
    },
    repeat: eraseAll,
    lingering: () => lingering(pipeline, { ids, keeping: groups.flatMap(keptIds), eTags, keys }),
    close() {
      s3.destroy();
      lambda.destroy();
    },
  };
}
