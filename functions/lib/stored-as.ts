// What is there of an upload: with the setting `stripOriginals` its photo may have been stored again.

import { STRIPPED_FROM } from "./metadata";

/** What S3 says of an object. */
export interface Stored {
  readonly ETag?: string | undefined;
  readonly Metadata?: Readonly<Record<string, string>> | undefined;
}

/** S3's API has ETags in quotes, its events have not. */
export const unquoted = (eTag = ""): string => eTag.replaceAll('"', "");

/** The ETag, without quotes, of what is there of an upload; undefined when it was removed or replaced. */
export const storedAs = ({ eTag }: { readonly eTag: string }, stored: Stored | undefined): string | undefined =>
  unquoted(stored?.ETag) === eTag || stored?.Metadata?.[STRIPPED_FROM] === eTag ? unquoted(stored?.ETag) : undefined;
