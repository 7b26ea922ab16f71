// Synthesized JSON is code: Terraform runs what a provisioner says and reads any file that an expression names, with the
// credentials of whoever deploys. So whatever the stack does not do with any of its settings (known.json) is refused here,
// before `terraform init`. It needs Node.js alone: a job with credentials runs it, and may run nothing of npm's.

const { isDeepStrictEqual } = require("node:util");
const known = require("./known.json");
const { quoted } = require("./quoted.js");

/** @typedef {Record<string, unknown>} Block */
/** @typedef {(path: string, why: string) => void} Refuse */

/** What another resource or data source gives: `${aws_s3_bucket.images_bucket.arn}`. */
const REFERENCE = /\$\{(data\.)?([a-z0-9_]+)\.[a-z0-9_]+(?:\.[a-z0-9_]+)?\}/g;
/** What holds the key of TinyPNG: others may know of it what it is called, and no more. */
const SECRET = "aws_ssm_parameter";
const OF_THE_SECRET = /\.(arn|name)\}$/;
const NAME = /^[a-z0-9_]+$/;
/**
 * Where each expression may stand; `*` is any name or index.
 * @type {Record<string, string>}
 */
const PLACES = known.expressions;
const LOCAL_STATE = /^(\.\.\/)*terraform\.profile-image[a-z0-9-]*\.tfstate$/;
const S3_STATE = ["bucket", "key", "region", "encrypt", "use_lockfile"];
const ZIP = /^assets\/[a-z_]+\/[0-9A-F]{32}\/[A-Za-z]+\.zip$/;

/** @type {Record<string, (value: unknown, path: string, refuse: Refuse) => void>} */
const SECTIONS = {
  "//": () => {},
  terraform: checkTerraform,
  provider: checkProvider,
  variable: checkVariable,
  data: (value, path, refuse) => checkTypes(value, path, refuse, known.data),
  resource: (value, path, refuse) => checkTypes(value, path, refuse, known.resource),
  removed: checkRemoved,
  output: (value, path, refuse) => {
    for (const [name, output] of entries(value, path, refuse)) only(output, `${path}.${name}`, refuse, ["value"]);
  },
};

/**
 * What is wrong with a file of Terraform's JSON, in a sentence each.
 * @param {string} text
 * @returns {string[]}
 */
function complaintsOf(text) {
  /** @type {string[]} */
  const complaints = [];
  /** @type {Refuse} */
  const refuse = (path, why) => void complaints.push(`${quoted(path)} ${why}`);
  let json;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return [`it is not JSON: ${quoted(error instanceof Error ? error.message : error)}`];
  }
  // Terraform heeds both of two equal keys, JavaScript the last alone: what is checked must be what is there.
  if (withoutWhitespace(text) !== JSON.stringify(json)) {
    return ["it holds more than JavaScript reads of it, such as a key twice"];
  }
  for (const [name, section] of entries(json, "the file", refuse)) {
    const check = Object.hasOwn(SECTIONS, name) ? SECTIONS[name] : undefined;
    if (check === undefined) refuse(name, "is not a section that the stack has");
    else check(section, name, refuse);
  }
  checkExpressions(json, [], refuse);
  return complaints;
}

/** @type {(value: unknown, path: string, refuse: Refuse) => void} */
function checkTerraform(value, path, refuse) {
  const settings = only(value, path, refuse, ["required_version", "required_providers", "backend"]);
  if (settings.required_providers !== undefined) {
    const expected = JSON.stringify({ aws: known.provider });
    if (JSON.stringify(settings.required_providers) !== expected) {
      refuse(`${path}.required_providers`, `must be ${expected}`);
    }
  }
  if (settings.backend === undefined) return;
  const { local, s3 } = only(settings.backend, `${path}.backend`, refuse, ["local", "s3"]);
  if (local !== undefined) {
    const state = only(local, `${path}.backend.local`, refuse, ["path"]);
    if (!LOCAL_STATE.test(String(state.path)))
      refuse(`${path}.backend.local.path`, "is not a file of the stack's state");
  }
  if (s3 !== undefined) only(s3, `${path}.backend.s3`, refuse, S3_STATE);
}

/** @type {(value: unknown, path: string, refuse: Refuse) => void} */
function checkProvider(value, path, refuse) {
  const { aws } = only(value, path, refuse, ["aws"]);
  if (aws === undefined) return;
  const [provider, ...others] = Array.isArray(aws) ? aws : [undefined];
  if (others.length > 0) refuse(`${path}.aws`, "must be one provider");
  const { default_tags: tags } = only(provider, `${path}.aws`, refuse, ["region", "default_tags"]);
  if (tags === undefined) return;
  for (const each of Array.isArray(tags) ? tags : [tags]) only(each, `${path}.aws.default_tags`, refuse, ["tags"]);
}

/** @type {(value: unknown, path: string, refuse: Refuse, types: Record<string, string[]>) => void} */
function checkTypes(value, path, refuse, types) {
  for (const [type, blocks] of entries(value, path, refuse)) {
    if (!Object.hasOwn(types, type)) {
      refuse(`${path}.${type}`, "is of a type that the stack does not have");
      continue;
    }
    for (const [name, block] of entries(blocks, `${path}.${type}`, refuse)) {
      if (!NAME.test(name)) refuse(`${path}.${type}.${name}`, "has a name that Terraform does not allow");
      const settings = only(block, `${path}.${type}.${name}`, refuse, types[type] ?? []);
      const { lifecycle, filename } = settings;
      if (lifecycle !== undefined) checkLifecycle(lifecycle, `${path}.${type}.${name}.lifecycle`, refuse);
      if (filename !== undefined && !ZIP.test(String(filename))) {
        refuse(`${path}.${type}.${name}.filename`, "is not a zip of the stack's assets");
      }
      if (type === SECRET && settings.type !== "SecureString") {
        refuse(`${path}.${type}.${name}.type`, 'must be "SecureString"');
      }
    }
  }
}

/** @type {(value: unknown, path: string, refuse: Refuse) => void} */
function checkLifecycle(value, path, refuse) {
  const { replace_triggered_by: triggers } = only(value, path, refuse, known.lifecycle);
  // Terraform reads these as expressions although they are not written as such.
  const isTrigger = (/** @type {unknown} */ each) => /^terraform_data\.[a-z0-9_]+$/.test(String(each));
  if (triggers !== undefined && !(Array.isArray(triggers) && triggers.every(isTrigger))) {
    refuse(`${path}.replace_triggered_by`, "must name terraform_data of the stack alone");
  }
}

/**
 * Exactly what the stack makes: a key that is not ephemeral would be in the plan and the state.
 * @type {(value: unknown, path: string, refuse: Refuse) => void}
 */
function checkVariable(value, path, refuse) {
  const blocks = only(value, path, refuse, Object.keys(known.variable));
  for (const [name, expected] of Object.entries(known.variable)) {
    const block = blocks[name];
    if (block === undefined) continue;
    const { "//": _comment, ...settings } = isBlock(block) ? block : {};
    if (!isDeepStrictEqual(settings, expected)) refuse(`${path}.${name}`, `must be ${JSON.stringify(expected)}`);
  }
}

/** @type {(value: unknown, path: string, refuse: Refuse) => void} */
function checkRemoved(value, path, refuse) {
  if (!Array.isArray(value)) return refuse(path, "must be a list");
  for (const each of value) {
    const { from, lifecycle } = only(each, path, refuse, ["from", "lifecycle"]);
    const [type = "", name = "", ...rest] = String(from).split(".");
    if (!Object.hasOwn(known.resource, type) || !NAME.test(name) || rest.length > 0) {
      refuse(`${path}.from`, "names nothing that the stack has");
    }
    if (JSON.stringify(lifecycle) !== '{"destroy":false}') refuse(`${path}.lifecycle`, "must forget, and not destroy");
  }
}

/**
 * Every text and every key, since Terraform takes each of them for a template: references and what is known, no function.
 * @type {(value: unknown, path: string[], refuse: Refuse) => void}
 */
function checkExpressions(value, path, refuse) {
  if (typeof value === "string") {
    if (!isKnownTemplate(value, path)) refuse(path.join("."), "has an expression that the stack does not have there");
  } else if (typeof value === "object" && value !== null) {
    for (const [key, each] of Object.entries(value)) {
      if (/[$%]\{/.test(key)) refuse([...path, key].join("."), "is a key with an expression");
      checkExpressions(each, [...path, key], refuse);
    }
  }
}

/** @type {(text: string, path: string[]) => boolean} */
function isKnownTemplate(text, path) {
  const place = Object.hasOwn(PLACES, text) ? PLACES[text]?.split(".") : undefined;
  if (place !== undefined) {
    return place.length === path.length && place.every((each, index) => each === "*" || each === path[index]);
  }
  const rest = text.replace(REFERENCE, (reference, data, type) => {
    if (data === undefined && type === SECRET && !OF_THE_SECRET.test(reference)) return reference;
    return Object.hasOwn(data === undefined ? known.resource : known.data, type) ? "…" : reference;
  });
  return !/[$%]\{/.test(rest);
}

/**
 * A block with no other keys than these; an empty one when it is not a block.
 * @type {(value: unknown, path: string, refuse: Refuse, keys: readonly string[]) => Block}
 */
function only(value, path, refuse, keys) {
  for (const [key] of entries(value, path, refuse)) {
    if (key !== "//" && !keys.includes(key)) refuse(`${path}.${key}`, "is nothing that the stack has");
  }
  return isBlock(value) ? value : {};
}

/** @type {(value: unknown, path: string, refuse: Refuse) => [string, unknown][]} */
function entries(value, path, refuse) {
  if (isBlock(value)) return Object.entries(value);
  refuse(path, "must be an object");
  return [];
}

/**
 * @param {unknown} value
 * @returns {value is Block}
 */
const isBlock = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** @type {(text: string) => string} */
const withoutWhitespace = (text) => text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, "$1");

module.exports = { complaintsOf };
