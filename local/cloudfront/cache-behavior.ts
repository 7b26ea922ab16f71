// Which cache behavior a path is for. CloudFront normalizes a path before it looks, and sends the origin what it was sent.
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html#DownloadDistValuesPathPattern

import type { CacheBehavior, DistributionConfig } from "./distribution-config";

/** The behavior for a path as it was sent, without the query. */
export function behaviorFor(config: DistributionConfig, path: string): CacheBehavior {
  const normalized = normalize(path);
  const fits = ({ PathPattern }: { PathPattern: string }) => patternOf(PathPattern).test(normalized);
  return config.CacheBehaviors.Items?.find(fits) ?? config.DefaultCacheBehavior;
}

/** RFC 3986, 6.2.2: what needs no encoding is decoded, and dot segments are resolved. */
export function normalize(path: string): string {
  const decoded = path.replace(/%[0-9a-f]{2}/gi, (encoded) => {
    const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16));
    return /[A-Za-z0-9\-._~]/.test(character) ? character : encoded.toUpperCase();
  });
  const segments: string[] = [];
  for (const segment of decoded.split("/").slice(1)) {
    if (segment === "..") segments.pop();
    else if (segment !== ".") segments.push(segment);
  }
  return `/${segments.join("/")}`;
}

/** `*` is any number of characters, `?` exactly one; letters mind their case. The first slash may be left out. */
function patternOf(pattern: string): RegExp {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${escaped.startsWith("/") ? "" : "/"}${escaped}$`, "s");
}
