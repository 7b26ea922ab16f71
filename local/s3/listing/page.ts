// One page of a sorted list of keys, with prefix and delimiter; knows nothing of HTTP or XML:
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-prefixes.html

export interface ListingRequest {
  readonly prefix: string;
  readonly delimiter: string;
  /** Only keys and common prefixes after this one. */
  readonly after: string;
  readonly maxKeys: number;
}

export interface Listing<T> {
  readonly items: readonly T[];
  readonly commonPrefixes: readonly string[];
  readonly isTruncated: boolean;
  /** The last key or common prefix given. */
  readonly last?: string;
}

/**
 * Lists items by key in UTF-8 order; keys with the delimiter after the prefix fold into one common prefix.
 * @param isBehind whether an item of the key `after` itself is still to come; where a key has one item, none is
 */
export function listPage<T extends { readonly key: string }>(
  items: Iterable<T>,
  request: ListingRequest,
  isBehind: (item: T) => boolean = () => false,
): Listing<T> {
  const { prefix, delimiter, after, maxKeys } = request;
  const sorted = [...items].filter(({ key }) => key.startsWith(prefix)).sort((a, b) => compareKeys(a.key, b.key));
  const found: T[] = [];
  const commonPrefixes: string[] = [];
  let last: string | undefined;
  for (const item of sorted) {
    const folded = commonPrefixOf(item.key, prefix, delimiter);
    // A page that ended with a common prefix goes on behind all keys under it.
    const order = compareKeys(item.key, after);
    if (order < 0 || (order === 0 && !isBehind(item)) || (folded !== undefined && folded === after)) continue;
    if (folded !== undefined && folded === commonPrefixes.at(-1)) continue;
    if (found.length + commonPrefixes.length === maxKeys) {
      return { items: found, commonPrefixes, isTruncated: maxKeys > 0, ...(last === undefined ? {} : { last }) };
    }
    if (folded === undefined) found.push(item);
    else commonPrefixes.push(folded);
    last = folded ?? item.key;
  }
  return { items: found, commonPrefixes, isTruncated: false, ...(last === undefined ? {} : { last }) };
}

function commonPrefixOf(key: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === "") return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at === -1 ? undefined : key.slice(0, at + delimiter.length);
}

/** Compares as UTF-8 bytes do: code point by code point, where JavaScript compares UTF-16 units. */
export function compareKeys(a: string, b: string): number {
  if (a === b) return 0;
  let index = 0;
  while (index < a.length && a.charCodeAt(index) === b.charCodeAt(index)) index += 1;
  return (a.codePointAt(index) ?? -1) - (b.codePointAt(index) ?? -1);
}
