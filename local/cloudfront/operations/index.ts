// The operations of CloudFront's API.

import {
  createDistribution,
  createDistributionWithTags,
  deleteDistribution,
  getDistribution,
  getDistributionConfig,
  updateDistribution,
} from "./distributions";
import { createInvalidation, getInvalidation, listInvalidations } from "./invalidations";
import { listDistributions } from "./list-distributions";
import { POLICY_OPERATIONS } from "./policies";
import { listTagsForResource, tagResource, untagResource } from "./tags";

export const OPERATIONS = [
  createDistribution,
  createDistributionWithTags,
  createInvalidation,
  deleteDistribution,
  getDistribution,
  getDistributionConfig,
  getInvalidation,
  listDistributions,
  listInvalidations,
  listTagsForResource,
  tagResource,
  untagResource,
  updateDistribution,
  ...POLICY_OPERATIONS,
];
