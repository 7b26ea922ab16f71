// GetBucketTagging, PutBucketTagging, DeleteBucketTagging: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketTagging.html

import { receiveDocument } from "../body/receive";
import { answerEmpty, answerXml, type Operation } from "../call";
import { missing } from "../errors";
import { MAX_BUCKET_TAGS, parseTaggingDocument } from "../tags";

export const getBucketTagging: Operation = ({ access }, { context, bucket, response }) => {
  access.authorize(context, "s3:GetBucketTagging", bucket);
  if (bucket.tags.size === 0) throw missing("NoSuchTagSet", "The TagSet does not exist", bucket.name);
  answerXml(response, "Tagging", { TagSet: { Tag: [...bucket.tags].map(([Key, Value]) => ({ Key, Value })) } });
};

export const putBucketTagging: Operation = async ({ access }, call) => {
  const { context, bucket, response } = call;
  access.authorize(context, "s3:PutBucketTagging", bucket);
  bucket.tags = parseTaggingDocument(await receiveDocument(call, "required"), MAX_BUCKET_TAGS);
  answerEmpty(response, 204);
};

export const deleteBucketTagging: Operation = ({ access }, { context, bucket, response }) => {
  access.authorize(context, "s3:PutBucketTagging", bucket);
  bucket.tags = new Map();
  answerEmpty(response, 204);
};
