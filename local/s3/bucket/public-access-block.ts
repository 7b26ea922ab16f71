// PutPublicAccessBlock, DeletePublicAccessBlock: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutPublicAccessBlock.html

import { operation } from "../../api/operation";
import { boolean, required, string, structure } from "../../api/shapes";
import { type Operation, type State, sendEmpty } from "../call";
import { malformedXml } from "../errors";
import { onlyElements, parseXml, text } from "../xml";
import { handlerOf } from "./configure";

const ACTION = "s3:PutBucketPublicAccessBlock";

export const putPublicAccessBlock = operation({
  name: "PutPublicAccessBlock",
  input: {
    Bucket: required(string),
    PublicAccessBlockConfiguration: required(
      structure({
        BlockPublicAcls: boolean,
        IgnorePublicAcls: boolean,
        BlockPublicPolicy: boolean,
        RestrictPublicBuckets: boolean,
      }),
    ),
  },
  resources: ({ Bucket }, { access }: State) => [access.authorizationOf(ACTION, Bucket)],
  run({ configuration }, { Bucket, PublicAccessBlockConfiguration: block }): void {
    configuration.putPublicAccessBlock(Bucket, {
      blockPublicAcls: block.BlockPublicAcls ?? false,
      ignorePublicAcls: block.IgnorePublicAcls ?? false,
      blockPublicPolicy: block.BlockPublicPolicy ?? false,
      restrictPublicBuckets: block.RestrictPublicBuckets ?? false,
    });
  },
});

export const handlePutPublicAccessBlock = handlerOf(putPublicAccessBlock, {
  read(document) {
    const configuration = parseXml(document, "PublicAccessBlockConfiguration");
    onlyElements(configuration, "BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets");
    const flag = (name: string): boolean => {
      const value = text(configuration, name)?.trim().toLowerCase() ?? "false";
      if (value !== "true" && value !== "false") throw malformedXml();
      return value === "true";
    };
    return {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: flag("BlockPublicAcls"),
        IgnorePublicAcls: flag("IgnorePublicAcls"),
        BlockPublicPolicy: flag("BlockPublicPolicy"),
        RestrictPublicBuckets: flag("RestrictPublicBuckets"),
      },
    };
  },
});

export const deletePublicAccessBlock: Operation = ({ access }, { context, bucket, response }) => {
  access.authorize(context, ACTION, bucket);
  bucket.publicAccessBlock = undefined;
  sendEmpty(response, 204);
};
