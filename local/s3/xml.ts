// XML in and out. Values stay text: a key such as `0042` or ` a ` must arrive as it was written.

import { XMLBuilder } from "fast-xml-parser";
import { createXmlReader, isElement } from "../protocols/xml";
import { malformedXml } from "./errors";

const NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

/** Elements that may repeat: always read as arrays. */
const LISTS: ReadonlySet<string> = new Set([
  "AccessControlPolicy.AccessControlList.Grant",
  "CompleteMultipartUpload.Part",
  "CORSConfiguration.CORSRule",
  "Delete.Object",
  "LifecycleConfiguration.Rule",
  "NotificationConfiguration.CloudFunctionConfiguration",
  "NotificationConfiguration.CloudFunctionConfiguration.Filter.S3Key.FilterRule",
  "Tagging.TagSet.Tag",
]);

export type XmlValue = string | number | boolean | undefined | XmlElement | readonly (string | XmlElement)[];
export interface XmlElement {
  readonly [name: string]: XmlValue;
}

const builder = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: "@",
  processEntities: false,
  tagValueProcessor: (_name, value) => escapeText(String(value)),
});

const read = createXmlReader((path) => LISTS.has(path));

/** Renders a response; `undefined` members are left out. */
export function renderXml(root: string, content: XmlElement, hasNamespace = true): string {
  const attributes = hasNamespace ? { "@xmlns": NAMESPACE } : {};
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build({ [root]: { ...attributes, ...content } })}`;
}

/** Errors carry no namespace. */
export const renderXmlError = (content: XmlElement): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build({ Error: content })}`;

/** Reads a request document; anything but the expected root is MalformedXML. */
export function parseXml(document: string, root: string): Record<string, unknown> {
  const content = read(document)?.[root];
  if (content === "") return {};
  if (!isElement(content)) throw malformedXml();
  return content;
}

/** The children of a parsed element that must itself hold elements. */
export function element(parent: Record<string, unknown>, name: string): Record<string, unknown> {
  const child = parent[name];
  if (child === "" || (typeof child === "string" && child.trim() === "")) return {};
  if (!isElement(child)) throw malformedXml();
  return child;
}

/** The repeated elements of one name, such as `Part`. */
export function elements(parent: Record<string, unknown>, name: string): Record<string, unknown>[] {
  const children = parent[name];
  if (children === undefined) return [];
  if (!Array.isArray(children) || !children.every(isElement)) throw malformedXml();
  return children;
}

/** The text of an optional element. */
export function text(parent: Record<string, unknown>, name: string): string | undefined {
  const value = parent[name];
  if (value !== undefined && typeof value !== "string") throw malformedXml();
  return value;
}

/** The texts of all elements of one name. */
export function texts(parent: Record<string, unknown>, name: string): string[] {
  const value = parent[name] ?? [];
  const values = Array.isArray(value) ? value : [value];
  if (!values.every((each) => typeof each === "string")) throw malformedXml();
  return values;
}

/** Refuses elements that the API does not have there, as S3 does. */
export function onlyElements(parent: Record<string, unknown>, ...names: string[]): void {
  if (Object.keys(parent).some((name) => name !== "#text" && !names.includes(name))) throw malformedXml();
}

/** The text of an element that must be there. */
export function requiredText(parent: Record<string, unknown>, name: string): string {
  const value = text(parent, name);
  if (value === undefined) throw malformedXml();
  return value;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** S3 writes control characters as character references, even those that XML 1.0 forbids. */
const escapeText = (value: string): string =>
  value.replace(/[&<>"\p{Cc}]/gu, (char) =>
    char === "\n" || char === "\t" ? char : (ENTITIES[char] ?? `&#x${char.charCodeAt(0).toString(16)};`),
  );
