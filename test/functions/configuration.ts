// The environment that the functions ask for when they are imported: import this before them.

Object.assign(process.env, {
  TABLE_NAME: "user-profile",
  PROFILE_ID_TYPE: "number",
  BUCKET_NAME: "images",
  IMAGES_BUCKET_ARN: "arn:aws:s3:::images",
  FAILURES_BUCKET: "failures",
  TINYPNG_KEY_PARAMETER: "/profile-image/tinypng-key",
  THUMBNAIL_WIDTH: "150",
  THUMBNAIL_HEIGHT: "150",
  THUMBNAIL_METHOD: "fit",
  KEEP_PREVIOUS_THUMBNAILS: "false",
  THUMBNAIL_ENCRYPTION: "bucket-default",
});
