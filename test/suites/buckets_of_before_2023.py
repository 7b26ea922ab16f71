# The suite's buckets are of before April 2023, when new ones had access control lists and did not block public access.
# Whoever needs such a bucket on AWS says so when it is made, and lifts the block then:
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html
# pytest loads this as a plugin.

from botocore.client import BaseClient

call = BaseClient._make_api_call


def make_api_call(client, operation, parameters):
    if operation != "CreateBucket":
        return call(client, operation, parameters)
    lists = {name: value for name, value in parameters.items() if name == "ACL" or name.startswith("Grant")}
    others = {name: value for name, value in parameters.items() if name not in lists}
    made = call(client, operation, {"ObjectOwnership": "ObjectWriter", **others})
    bucket = parameters["Bucket"]
    call(client, "DeletePublicAccessBlock", {"Bucket": bucket})
    if lists:
        call(client, "PutBucketAcl", {"Bucket": bucket, **lists})
    return made


BaseClient._make_api_call = make_api_call
