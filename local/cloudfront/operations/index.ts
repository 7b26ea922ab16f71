// The operations of CloudFront's API, and where they are in HTTP. Distributions are made by the stack alone.

import type { RestXmlBinding } from "../../protocols/rest-xml";
import { createInvalidation, getInvalidation, listInvalidations } from "./invalidations";
import { listDistributions } from "./list-distributions";

export const OPERATIONS = [createInvalidation, getInvalidation, listInvalidations, listDistributions];

const DISTRIBUTIONS = "/2020-05-31/distribution";
const INVALIDATIONS = `${DISTRIBUTIONS}/{DistributionId}/invalidation`;
const PAGE = { Marker: "Marker", MaxItems: "MaxItems" };

export const BINDINGS: Readonly<Record<string, RestXmlBinding>> = {
  CreateInvalidation: {
    method: "POST",
    path: INVALIDATIONS,
    status: 201,
    payload: "InvalidationBatch",
    output: { payload: "Invalidation", headers: { Location: "location" } },
  },
  GetInvalidation: { method: "GET", path: `${INVALIDATIONS}/{Id}`, output: { payload: "Invalidation" } },
  ListInvalidations: { method: "GET", path: INVALIDATIONS, query: PAGE, output: { payload: "InvalidationList" } },
  ListDistributions: { method: "GET", path: DISTRIBUTIONS, query: PAGE, output: { payload: "DistributionList" } },
};

/** What the elements of `Items` are called, by what they are the items of. */
export const ELEMENT_NAMES = {
  Aliases: "CNAME",
  DistributionList: "DistributionSummary",
  InvalidationList: "InvalidationSummary",
  Origins: "Origin",
  Paths: "Path",
};
