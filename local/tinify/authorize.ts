// TinyPNG's authentication: HTTP Basic, user "api", the key as password.

import { createHash, timingSafeEqual } from "node:crypto";
import { tinifyError } from "./tinify-error";

/** Throws 401 unless the header carries the key. */
export function authorize(header: string | undefined, apiKey: string): void {
  const [, encoded = ""] = /^Basic\s+(\S+)$/i.exec(header ?? "") ?? [];
  if (timingSafeEqual(digest(Buffer.from(encoded, "base64").toString()), digest(`api:${apiKey}`))) return;
  throw tinifyError(401, "Unauthorized", "Credentials are invalid.");
}

const digest = (text: string) => createHash("sha256").update(text).digest();
