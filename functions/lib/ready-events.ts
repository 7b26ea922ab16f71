// When "Photo ready" is sent: each time a photo's record comes and the profile shows that photo, since the event may not
// have been sent the time before. The profile may have a newer photo already, which has no thumbnail yet or never will.

import type { DynamoDBRecord } from "aws-lambda";
import type { SendEvent } from "./event-sender";
import { type ProfileImage, profileIdOf } from "./profile-image";
import { type ProfileThumbnail, thumbnailIn } from "./profile-thumbnail";
import type { Item, Profiles } from "./profiles";

type Photo = Pick<ProfileImage, "profileId" | "key" | "version">;

/** Makes what sends it; each throws when EventBridge did not take the event. */
export function createReadyEvents(profiles: Profiles, sendEvent: SendEvent) {
  const ready = (
    { profileId, key, version }: Photo,
    { imageETag: _imageETag, imageVersion: _imageVersion, ...thumbnail }: ProfileThumbnail,
    signal: AbortSignal,
  ): Promise<void> =>
    sendEvent(
      {
        type: "Photo ready",
        detail: { profileId, photo: { key, version }, thumbnail },
      },
      signal,
    );

  async function ifShown(photo: Photo, profile: Item, signal: AbortSignal): Promise<void> {
    const shown = thumbnailIn(profile);
    if (shown === undefined || photo.version === undefined || shown.imageVersion !== photo.version) return;
    await ready(photo, shown, signal);
  }

  return {
    /** Of a photo whose thumbnail the profile names now. */
    ready,
    /** Of a photo whose profile, as it is now, has another one already. */
    ifShown,
    /** Of a photo in a record that needs no other work. */
    async ifStillShown(record: DynamoDBRecord, signal: AbortSignal): Promise<void> {
      const { image, imageVersion } = record.dynamodb?.NewImage ?? {};
      const photo = { profileId: profileIdOf(record), key: image?.S ?? "", version: imageVersion?.S };
      await ifShown(photo, await profiles.read(photo.profileId, signal), signal);
    },
  };
}
