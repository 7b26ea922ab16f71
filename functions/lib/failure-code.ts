// Why a photo can have no thumbnail: the code in its failure record, by which operators select.

export type FailureCode =
  /** The thumbnail would lie among those of another size. */
  | "KeyOfSize"
  /** The thumbnail's key would be longer than S3 takes. */
  | "KeyTooLong"
  /** `user-profile-id` is not the id of a profile. */
  | "MalformedProfileId"
  /** With `stripOriginals`: S3 takes no more metadata than the photo has. */
  | "MetadataTooLarge"
  /** The photo does not say whose it is. */
  | "NoProfileId"
  /** The photo was deleted before its turn came. */
  | "PhotoGone"
  | "PhotoTooLarge"
  | "UnknownProfile"
  /** S3 has metadata that HTTP cannot carry, and leaves it out. */
  | "UnreadableMetadata"
  /** A format that the pipeline does not take. */
  | "UnsupportedFormat"
  /** It cannot be resized: no image, or a damaged one. */
  | "UnusablePhoto";
