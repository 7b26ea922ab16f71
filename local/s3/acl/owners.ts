// Accounts as S3 calls them: by a canonical user id, 64 hexadecimal digits.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/finding-canonical-user-id.html

import { accountIdOf } from "../../iam";
import type { Caller } from "../../service";
import type { XmlElement } from "../xml";
import { ANONYMOUS, type Owner } from "./types";

/** Whom S3 calls the owner of what came without a signature. */
const ANONYMOUS_ID = "65a011a29cdf8ec533ec3d1ccaae921c";

/** Made from the account's id here, so that it can be converted back. */
export const canonicalId = (owner: Owner): string => (owner === ANONYMOUS ? ANONYMOUS_ID : owner.padStart(64, "0"));

/** The owner that a canonical user id means, if it can mean one. */
export function ownerOfId(id: string): Owner | undefined {
  if (id === ANONYMOUS_ID) return ANONYMOUS;
  return /^0{52}(\d{12})$/.exec(id)?.[1];
}

/** The owner of what a caller creates; AWS's own services create it in the account that they call for. */
export const ownerOfCaller = (caller: Caller, accountId: string): Owner =>
  caller.kind === "anonymous" ? ANONYMOUS : (accountIdOf(caller) ?? accountId);

/** An owner in a response. */
export const ownerElement = (owner: Owner): XmlElement => ({ ID: canonicalId(owner), DisplayName: owner });
