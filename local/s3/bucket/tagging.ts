// GetBucketTagging, PutBucketTagging, DeleteBucketTagging: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketTagging.html

import { operation } from "../../api/operation";
import { list, required, string, structure } from "../../api/shapes";
import { type Operation, type State, sendEmpty, sendXml } from "../call";
import { missing } from "../errors";
import { checkTags, MAX_BUCKET_TAGS, readTaggingDocument } from "../tags";
import { handlerOf } from "./configure";

export const getBucketTagging: Operation = ({ access }, { context, bucket, response }) => {
  access.authorize(context, "s3:GetBucketTagging", bucket);
  if (bucket.tags.size === 0) throw missing("NoSuchTagSet", "The TagSet does not exist", bucket.name);
  sendXml(response, "Tagging", { TagSet: { Tag: [...bucket.tags].map(([Key, Value]) => ({ Key, Value })) } });
};

const TAG = structure({ Key: required(string), Value: required(string) });

export const putBucketTagging = operation({
  name: "PutBucketTagging",
  input: { Bucket: required(string), Tagging: required(structure({ TagSet: required(list(TAG)) })) },
  resources: ({ Bucket }, { access }: State) => [access.authorizationOf("s3:PutBucketTagging", Bucket)],
  run({ store }, { Bucket, Tagging: { TagSet } }): void {
    store.bucket(Bucket).tags = checkTags(TagSet, MAX_BUCKET_TAGS);
  },
});

export const handlePutBucketTagging = handlerOf(putBucketTagging, {
  read: (document) => ({ Tagging: { TagSet: readTaggingDocument(document) } }),
  status: 204,
});

export const deleteBucketTagging: Operation = ({ access }, { context, bucket, response }) => {
  access.authorize(context, "s3:PutBucketTagging", bucket);
  bucket.tags = new Map();
  sendEmpty(response, 204);
};
