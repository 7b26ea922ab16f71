// A bucket's lifecycle is kept and read back as it was written; nothing here expires or moves by it.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html

import { XMLValidator } from "fast-xml-parser";
import { operation } from "../../api/operation";
import { document as anyDocument, required, string, structure } from "../../api/shapes";
import { receiveDocument } from "../body/receive";
import { type Operation, type State, sendEmpty } from "../call";
import { invalidArgument, malformedXml, missing } from "../errors";
import { element, elements, onlyElements, parseXml, requiredText, text } from "../xml";
import { type LifecycleRule, renderLifecycle } from "./lifecycle-document";

const MAX_RULES = 1000;
const MINIMUM_SIZES = ["all_storage_classes_128K", "varies_by_storage_class"];
const MINIMUM_SIZE = "x-amz-transition-default-minimum-object-size";
const ACTIONS = [
  "Expiration",
  "Transition",
  "NoncurrentVersionExpiration",
  "NoncurrentVersionTransition",
  "AbortIncompleteMultipartUpload",
];

export const putBucketLifecycleConfiguration = operation({
  name: "PutBucketLifecycleConfiguration",
  input: { Bucket: required(string), LifecycleConfiguration: required(structure({ Rules: required(anyDocument) })) },
  resources: ({ Bucket }, { access }: State) => [access.authorizationOf("s3:PutLifecycleConfiguration", Bucket)],
  run({ store }, { Bucket, LifecycleConfiguration: { Rules } }): void {
    const document = renderLifecycle(Rules as readonly LifecycleRule[]);
    checkRules(document);
    store.bucket(Bucket).lifecycle = { document, minimumSize: "all_storage_classes_128K" };
  },
});

export const handlePutBucketLifecycleConfiguration: Operation = async ({ access }, call) => {
  const { context, bucket, response, header } = call;
  access.authorize(context, "s3:PutLifecycleConfiguration", bucket);
  const document = await receiveDocument(call, "required");
  checkRules(document);
  const minimumSize = header(MINIMUM_SIZE) ?? bucket.lifecycle?.minimumSize ?? "all_storage_classes_128K";
  if (!MINIMUM_SIZES.includes(minimumSize)) {
    throw invalidArgument(`${MINIMUM_SIZE} must be one of ${MINIMUM_SIZES}`, MINIMUM_SIZE, minimumSize);
  }
  bucket.lifecycle = { document, minimumSize };
  response.setHeader(MINIMUM_SIZE, minimumSize);
  sendEmpty(response);
};

export const getBucketLifecycleConfiguration: Operation = ({ access }, { context, bucket, response }) => {
  access.authorize(context, "s3:GetLifecycleConfiguration", bucket);
  if (bucket.lifecycle === undefined) {
    throw missing("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist", bucket.name);
  }
  const { document, minimumSize } = bucket.lifecycle;
  response.setHeader(MINIMUM_SIZE, minimumSize);
  response.setHeader("content-length", Buffer.byteLength(document));
  response.writeHead(200, { "content-type": "application/xml" }).end(document);
};

export const deleteBucketLifecycle: Operation = ({ access }, { context, bucket, response }) => {
  access.authorize(context, "s3:PutLifecycleConfiguration", bucket);
  bucket.lifecycle = undefined;
  sendEmpty(response, 204);
};

function checkRules(document: string): void {
  if (XMLValidator.validate(document) !== true) throw malformedXml();
  const configuration = parseXml(document, "LifecycleConfiguration");
  onlyElements(configuration, "Rule");
  const rules = elements(configuration, "Rule");
  if (rules.length === 0 || rules.length > MAX_RULES) throw malformedXml();
  const ids = new Set<string>();
  for (const rule of rules) {
    onlyElements(rule, "ID", "Status", "Filter", "Prefix", ...ACTIONS);
    if (!["Enabled", "Disabled"].includes(requiredText(rule, "Status"))) throw malformedXml();
    if ((rule.Filter === undefined) === (rule.Prefix === undefined)) throw malformedXml();
    if (rule.Filter !== undefined) {
      onlyElements(element(rule, "Filter"), "Prefix", "Tag", "And", "ObjectSizeGreaterThan", "ObjectSizeLessThan");
    }
    if (!ACTIONS.some((action) => rule[action] !== undefined)) throw malformedXml();
    const id = text(rule, "ID");
    if (id === undefined) continue;
    if (id.length > 255) throw invalidArgument("ID length should not exceed allowed limit of 255", "ID", id);
    if (ids.has(id)) throw invalidArgument(`Rule ID must be unique. Found same ID for more than one rule`, "ID", id);
    ids.add(id);
  }
}
