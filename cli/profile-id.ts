// Profiles as a user names them to a command; what names one, the deployment says.

import type { Deployment } from "../operations/deployment";
import { UserError } from "../stack/user-error";

/** A profile that a photo can be for. */
export function photoProfile({ profileIds }: Deployment, option: string, text: string): string {
  if (profileIds.isId(text)) return text;
  throw new UserError(`${option} must be ${profileIds.allowed} (given ${JSON.stringify(text)})`);
}

/** A profile that may be there, whoever made it: no photo can be for some of them, but they are listed. */
export function anyProfile({ profileIds }: Deployment, option: string, text: string): string {
  if (profileIds.isKey(text)) return text;
  throw new UserError(`${option} must be the id of a profile, a ${profileIds.type} (given ${JSON.stringify(text)})`);
}
