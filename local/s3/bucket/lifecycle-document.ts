// A lifecycle as the document that a bucket keeps of it, whoever put it.

import { renderXml, type XmlElement } from "../xml";

/** A rule in the members of S3's API; those that stand in the document under another name are lists. */
export type LifecycleRule = Readonly<Record<string, unknown>>;

const LISTS: Readonly<Record<string, string>> = {
  Transitions: "Transition",
  NoncurrentVersionTransitions: "NoncurrentVersionTransition",
  Tags: "Tag",
};

export const renderLifecycle = (rules: readonly LifecycleRule[]): string =>
  renderXml("LifecycleConfiguration", { Rule: rules.map(elementOf) as XmlElement[] });

function elementOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(elementOf);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(members.map(([name, each]) => [LISTS[name] ?? name, elementOf(each)]));
}
