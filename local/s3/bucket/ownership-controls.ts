// PutBucketOwnershipControls, DeleteBucketOwnershipControls:
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketOwnershipControls.html

import { operation } from "../../api/operation";
import { list, required, string, structure } from "../../api/shapes";
import { type Operation, type State, sendEmpty } from "../call";
import { malformedXml } from "../errors";
import { element, onlyElements, parseXml, requiredText } from "../xml";
import { handlerOf } from "./configure";

const ACTION = "s3:PutBucketOwnershipControls";

export const putBucketOwnershipControls = operation({
  name: "PutBucketOwnershipControls",
  input: {
    Bucket: required(string),
    OwnershipControls: required(structure({ Rules: required(list(structure({ ObjectOwnership: required(string) }))) })),
  },
  resources: ({ Bucket }, { access }: State) => [access.authorizationOf(ACTION, Bucket)],
  run({ configuration }, { Bucket, OwnershipControls: { Rules } }): void {
    const [rule, ...others] = Rules;
    if (rule === undefined || others.length > 0) throw malformedXml();
    configuration.putBucketOwnershipControls(Bucket, rule.ObjectOwnership);
  },
});

export const handlePutBucketOwnershipControls = handlerOf(putBucketOwnershipControls, {
  read(document) {
    const controls = parseXml(document, "OwnershipControls");
    onlyElements(controls, "Rule");
    const rule = element(controls, "Rule");
    onlyElements(rule, "ObjectOwnership");
    return { OwnershipControls: { Rules: [{ ObjectOwnership: requiredText(rule, "ObjectOwnership") }] } };
  },
});

export const deleteBucketOwnershipControls: Operation = ({ access }, { context, bucket, response }) => {
  access.authorize(context, ACTION, bucket);
  bucket.objectOwnership = undefined;
  sendEmpty(response, 204);
};
