// What a function is not told stops its start, long before a photo is touched.

import "./configuration";

it.each([
  ["set-profile-image", "TABLE_NAME", undefined, "The environment variable TABLE_NAME is not set"],
  ["set-profile-image", "FAILURES_BUCKET", undefined, "The environment variable FAILURES_BUCKET is not set"],
  ["create-thumbnail", "BUCKET_NAME", undefined, "The environment variable BUCKET_NAME is not set"],
  ["create-thumbnail", "FAILURES_BUCKET", undefined, "The environment variable FAILURES_BUCKET is not set"],
  ["create-thumbnail", "TINYPNG_KEY_PARAMETER", "", "The environment variable TINYPNG_KEY_PARAMETER is not set"],
  ["create-thumbnail", "THUMBNAIL_WIDTH", "wide", 'THUMBNAIL_WIDTH must be a whole number from 1 (given "wide")'],
  ["create-thumbnail", "THUMBNAIL_HEIGHT", "0", 'THUMBNAIL_HEIGHT must be a whole number from 1 (given "0")'],
  [
    "create-thumbnail",
    "THUMBNAIL_METHOD",
    "squeeze",
    'THUMBNAIL_METHOD must be one of fit, cover, thumb (given "squeeze")',
  ],
  [
    "create-thumbnail",
    "KEEP_PREVIOUS_THUMBNAILS",
    "no",
    'KEEP_PREVIOUS_THUMBNAILS must be one of true, false (given "no")',
  ],
  [
    "create-thumbnail",
    "THUMBNAIL_ENCRYPTION",
    "aws:kms",
    'THUMBNAIL_ENCRYPTION must be one of bucket-default, AES256 (given "aws:kms")',
  ],
])("%s does not start when %s is %j", (name, variable, value, message) => {
  const kept = process.env[variable];
  if (value === undefined) delete process.env[variable];
  else process.env[variable] = value;
  try {
    expect(() => jest.isolateModules(() => require(`../../functions/${name}`))).toThrow(message);
  } finally {
    process.env[variable] = kept;
  }
});
