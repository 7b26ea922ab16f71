// The events that EventBridge gets with the setting `events`, in words: docs/events.md is for those who read them, and
// docs/events.schema.json is their JSON schema.

import type { ProfileThumbnail, StoredPicture } from "./profile-thumbnail";

export const EVENT_SOURCE = "profile-image";

/** A photo, as far as the sender knows it. */
interface Photo {
  /** Under original/. */
  readonly key?: string;
  /** The profile's `imageVersion`: of two of one profile, the later one is greater as a string. */
  readonly version?: string;
}

/** A profile names its thumbnail: there is something new to show. */
export interface PhotoReady {
  readonly type: "Photo ready";
  readonly detail: {
    readonly profileId: string;
    readonly photo: Photo & { readonly key: string };
    readonly thumbnail: StoredPicture & Pick<ProfileThumbnail, "sizes">;
  };
}

/** A photo has a failure record, and the profile goes on showing what it had. */
export interface PhotoFailed {
  readonly type: "Photo failed";
  readonly detail: {
    readonly profileId?: string;
    readonly photo: Photo;
    readonly failure: {
      /** A FailureCode, or Lambda's own condition. */
      readonly code: string;
      /** A sentence for people. */
      readonly reason: string;
      /** Its key in the failures bucket. */
      readonly record: string;
    };
  };
}

export type PhotoEvent = PhotoReady | PhotoFailed;
