// What a chaos run uploads: for one seed always the same photos, under the same keys, for the same profiles.

import { ORIGINAL_PREFIX } from "../functions/lib/keys";
import type { ProfileIdType } from "../functions/lib/profile-id";
import { keyPartOf } from "../operations/profile-images";
import { chooseFrom, createDice } from "./dice";
import { plannedProfile } from "./planned-profiles";

export type Kind = "photo" | "corrupt" | "oversized" | "no id" | "malformed id" | "unknown id";

export interface PlannedUpload {
  /** From 0, in the order of sending. */
  readonly number: number;
  readonly kind: Kind;
  readonly key: string;
  /** The metadata `user-profile-id`; absent for photos without. */
  readonly profileId?: string;
  /** Another one for each upload, so that a thumbnail tells which photo it is of. */
  readonly colour: readonly [number, number, number];
  /** Pixels; together with the colour it makes every photo one of a kind. */
  readonly width: number;
  /** A profile whose name is edited while this photo is on its way. */
  readonly edited?: string;
}

export interface Plan {
  readonly uploads: readonly PlannedUpload[];
  /** Ids, the busy ones first. */
  readonly profiles: readonly string[];
  /** The photos at whose first shrink TinyPNG hangs forever. */
  readonly hung: readonly PlannedUpload[];
  /** Photos that the next one, for the same profile and under the same key, overtakes on the way. */
  readonly overtaken: readonly PlannedUpload[];
}

/** Shades of a channel, far enough apart that no JPEG of one is taken for another. */
const SHADES = 11;
const SHADE_STEP = 255 / (SHADES - 1);
const COLOURS = SHADES ** 3;
/** Has no factor in common with the number of colours: neighbours are far apart, and every colour has its turn. */
const COLOUR_STRIDE = 577;
const SMALLEST_WIDTH = 32;

/** Few: each is 64 MB. */
const UPLOADS_PER_OVERSIZED = 500;
/** Few: the stream waits all of CreateThumbnail's 45 seconds at each, in real time. */
const UPLOADS_PER_HUNG = 1000;
const UPLOADS_PER_PROFILE = 2;
/** Profiles that get many photos at once. */
const BUSY_PROFILES = 5;

const SHARE = {
  corrupt: 0.03,
  "no id": 0.02,
  "malformed id": 0.02,
  "unknown id": 0.02,
  busy: 0.2,
  edit: 0.25,
  overtaken: 0.04,
};
const MALFORMED_IDS: Readonly<Record<ProfileIdType, readonly string[]>> = {
  number: ["2.0", "1e3", "-1", "007", "9007199254740992", "Maverick"],
  string: ["x".repeat(256), "=?UTF-8?Q?=C3=BC?="],
};
const LONGEST_KEY_BYTES = 1000;

/** Key of a profile's photo, by profile and number of the upload. Half of them are sent again under the same key. */
const KEYS: readonly ((id: string, number: number) => string)[] = [
  (id) => `${ORIGINAL_PREFIX}${id}/avatar.jpg`,
  (id) => `${ORIGINAL_PREFIX}${id}/avatar.jpg`,
  (id) => `${ORIGINAL_PREFIX}${id}/avatar.jpg`,
  (id, number) => `${ORIGINAL_PREFIX}${id}/${number}.jpg`,
  (id, number) => `${ORIGINAL_PREFIX}${id}/a photo + another ${number}.jpg`,
  (id, number) => `${ORIGINAL_PREFIX}${id}/100% a&b=c? ${number}.jpg`,
  (id, number) => `${ORIGINAL_PREFIX}${id}/Müller-Žižek-写真-${number}.jpg`,
  (id, number) => `${ORIGINAL_PREFIX}${id}/🛩️/deep/er/and/deeper/${number}.jpg`,
  (id, number) => `${ORIGINAL_PREFIX}${id}/${number}-`.padEnd(LONGEST_KEY_BYTES - ".jpg".length, "x").concat(".jpg"),
  (_id, number) => `${ORIGINAL_PREFIX}team/me-${number % 7}.jpg`,
];

/** Plans the uploads of a seed. */
export function createPlan(seed: number, uploads: number, type: ProfileIdType = "number"): Plan {
  const dice = createDice(seed);
  const profiles = Array.from(
    { length: Math.max(BUSY_PROFILES, Math.ceil(uploads / UPLOADS_PER_PROFILE)) },
    (_, index) => plannedProfile(1 + index, type),
  );
  const oversized = new Set(
    Array.from({ length: Math.floor(uploads / UPLOADS_PER_OVERSIZED) }, (_, index) =>
      Math.floor(dice(`oversized ${index}`) * uploads),
    ),
  );

  const isDrawn = (number: number) => dice(`overtaken ${number}`) < SHARE.overtaken;
  /** Never two in a row: each overtaken upload has one that overtakes it. */
  const isOvertaken = (number: number) =>
    number >= 0 &&
    number + 1 < uploads &&
    isDrawn(number) &&
    !isDrawn(number - 1) &&
    !oversized.has(number) &&
    !oversized.has(number + 1);

  function kindOf(number: number): Kind {
    if (oversized.has(number)) return "oversized";
    if (isOvertaken(number) || isOvertaken(number - 1)) return "photo";
    let left = dice(`kind ${number}`);
    for (const kind of ["corrupt", "no id", "malformed id", "unknown id"] as const) {
      left -= SHARE[kind];
      if (left < 0) return kind;
    }
    return "photo";
  }

  const profileFor = (occasion: string) => {
    const among = dice(`busy for ${occasion}`) < SHARE.busy ? profiles.slice(0, BUSY_PROFILES) : profiles;
    return chooseFrom(among, dice(`profile for ${occasion}`));
  };

  function idOf(kind: Kind, number: number): string | undefined {
    if (kind === "no id") return undefined;
    if (kind === "malformed id") return chooseFrom(MALFORMED_IDS[type], dice(`malformed ${number}`));
    return kind === "unknown id" ? plannedProfile(profiles.length + 1 + number, type) : profileFor(`photo ${number}`);
  }

  const planned = Array.from({ length: uploads }, (_, number): PlannedUpload => {
    const kind = kindOf(number);
    const first = isOvertaken(number - 1) ? number - 1 : number;
    const profileId = idOf(kind, first);
    return {
      number,
      kind,
      key:
        first < number || isOvertaken(number)
          ? `${ORIGINAL_PREFIX}${keyPartOf(profileId ?? "")}/twice-${first}.jpg`
          : chooseFrom(KEYS, dice(`key ${number}`))(keyPartOf(profileId ?? "nobody"), number),
      profileId,
      colour: colourOf(number),
      width: SMALLEST_WIDTH + Math.floor(number / COLOURS),
      edited: dice(`edit ${number}`) < SHARE.edit ? profileFor(`edit ${number}`) : undefined,
    };
  });
  const lasting = lastOfProfiles(planned);
  const hung = Array.from({ length: Math.floor(uploads / UPLOADS_PER_HUNG) }, (_, index) =>
    chooseFrom(lasting, dice(`hung ${index}`)),
  );
  const overtaken = planned.filter(({ number }) => isOvertaken(number));
  return { profiles, uploads: planned, hung, overtaken };
}

/** The last photo of each profile: no later one spares TinyPNG the work. */
function lastOfProfiles(uploads: readonly PlannedUpload[]): PlannedUpload[] {
  const photos = uploads.filter(({ kind }) => kind === "photo");
  return [...new Map(photos.map((upload) => [upload.profileId, upload])).values()];
}

function colourOf(number: number): [number, number, number] {
  const index = (number * COLOUR_STRIDE) % COLOURS;
  const shade = (digit: number) => Math.round((Math.floor(index / SHADES ** digit) % SHADES) * SHADE_STEP);
  return [shade(0), shade(1), shade(2)];
}
