// What CloudFront checks of a distribution's configuration besides its shape: what it refers to must be there, and what
// belongs to one distribution alone must not be another's.

import { AwsError } from "../../aws-error";
import { bucketOf, type DistributionConfig } from "../distribution-config";
import { checkQuantities } from "../lists";
import type { CloudfrontState, Deployed } from "./state";

/**
 * @param own the distribution that is to have it, if it is there
 * @throws AwsError that names what is wrong
 */
export function checkConfig(state: CloudfrontState, config: DistributionConfig, own?: Deployed): void {
  checkQuantities(config, "DistributionConfig");
  checkReferences(state, config);
  const { CallerReference, Aliases, ViewerCertificate } = config;
  if (own !== undefined && own.config.CallerReference !== CallerReference) {
    const message = `CallerReference cannot be changed (it is "${own.config.CallerReference}", given "${CallerReference}")`;
    throw new AwsError("IllegalUpdate", message, 400);
  }
  const aliases = Aliases.Items ?? [];
  if (aliases.length > 0 && ViewerCertificate.CloudFrontDefaultCertificate) {
    const message = `An alias needs a certificate that covers it (given "${aliases[0]}" and none)`;
    throw new AwsError("InvalidViewerCertificate", message, 400);
  }
  for (const { id, config: other } of state.distributions.values()) {
    if (id === own?.id) continue;
    if (other.CallerReference === CallerReference) {
      const message = `The caller reference "${CallerReference}" was given before, for the distribution ${id}`;
      throw new AwsError("DistributionAlreadyExists", message, 409);
    }
    const taken = aliases.find((alias) => other.Aliases.Items?.includes(alias));
    if (taken !== undefined) throw new AwsError("CNAMEAlreadyExists", `${taken} is an alias of ${id}`, 409);
  }
}

function checkReferences(state: CloudfrontState, config: DistributionConfig): void {
  const { DefaultCacheBehavior, CacheBehaviors, Origins } = config;
  for (const behavior of [DefaultCacheBehavior, ...(CacheBehaviors.Items ?? [])]) {
    const { TargetOriginId, CachePolicyId, ResponseHeadersPolicyId: headersId } = behavior;
    if (!Origins.Items.some(({ Id }) => Id === TargetOriginId)) {
      throw new AwsError("NoSuchOrigin", `The specified origin does not exist: ${TargetOriginId}`, 404);
    }
    if (!state.cachePolicies.has(CachePolicyId)) {
      throw new AwsError("NoSuchCachePolicy", `The cache policy does not exist: ${CachePolicyId}`, 404);
    }
    if (headersId !== undefined && headersId !== "" && !state.headersPolicies.has(headersId)) {
      const message = `The response headers policy does not exist: ${headersId}`;
      throw new AwsError("NoSuchResponseHeadersPolicy", message, 404);
    }
  }
  for (const origin of Origins.Items) {
    bucketOf(origin, state.region);
    const { OriginAccessControlId: controlId } = origin;
    if (state.accessControls.has(controlId)) continue;
    throw new AwsError("InvalidOriginAccessControl", `The origin access control does not exist: ${controlId}`, 400);
  }
}
