// What keeps photos and profiles: only a stage `dev` or `dev-…` may be destroyed with all that is in it. In any other the
// buckets and the table must be there, and be protected, or be forgotten for existing ones.

const { isDeepStrictEqual } = require("node:util");
const { quoted } = require("./quoted.js");

/**
 * What must be so of each protected type.
 * @type {Record<string, Record<string, unknown>>}
 */
const ARGUMENTS = {
  aws_s3_bucket: { lifecycle: { prevent_destroy: true }, force_destroy: false },
  aws_dynamodb_table: {
    // A key of another type takes another table, which the provider does not say.
    lifecycle: { prevent_destroy: true, replace_triggered_by: ["terraform_data.user_profile_key_type"] },
    deletion_protection_enabled: true,
  },
};

/** A block that is gone protects nothing: Terraform destroys what it was of. */
const KEPT = ["aws_s3_bucket.failures_bucket", "aws_s3_bucket.images_bucket", "aws_dynamodb_table.user_profile"];

/**
 * What is not protected in a stack whose shape has been checked, in a sentence each.
 * @param {{ resource?: Record<string, Record<string, Record<string, unknown>>>, removed?: { from: string }[] }} stack
 * @param {string} stage empty for none
 * @returns {string[]}
 */
function complaintsOfProtection({ resource = {}, removed = [] }, stage) {
  if (/^dev(-|$)/.test(stage)) return [];
  const why = `unless the stage is dev or dev-… (it is ${stage === "" ? "none" : quoted(stage)})`;
  const unprotected = Object.entries(ARGUMENTS).flatMap(([type, expected]) =>
    Object.entries(resource[type] ?? {}).flatMap(([name, block]) =>
      Object.entries(expected)
        .filter(([key, value]) => !isDeepStrictEqual(block[key], value))
        .map(([key, value]) => `${quoted(`resource.${type}.${name}.${key}`)} must be ${JSON.stringify(value)} ${why}`),
    ),
  );
  const missing = KEPT.filter((address) => {
    const [type = "", name = ""] = address.split(".");
    return resource[type]?.[name] === undefined && !removed.some(({ from }) => from === address);
  });
  return [...unprotected, ...missing.map((address) => `${quoted(address)} must be there ${why}`)];
}

module.exports = { complaintsOfProtection };
