// The operations of Parameter Store. Secure values are encrypted with AWS's own key, which asks no further permission:
// https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html

import { deleteParameter } from "./delete-parameter";
import { describeParameters } from "./describe-parameters";
import { getParameter } from "./get-parameter";
import { getParameters } from "./get-parameters";
import { putParameter } from "./put-parameter";
import { addTagsToResource, listTagsForResource, removeTagsFromResource } from "./tags";

export const OPERATIONS = [
  addTagsToResource,
  deleteParameter,
  describeParameters,
  getParameter,
  getParameters,
  listTagsForResource,
  putParameter,
  removeTagsFromResource,
];
