// How a parameter is named and shown.

import { invalid, type Parameter } from "./store";

/** Refuses `name:version` and `name:label`. */
export function withoutVersion(name: string): string {
  const withoutPrefix = name.replace(/^arn:.*:parameter\//, "");
  if (!withoutPrefix.includes(":")) return name;
  throw invalid(`The embedded AWS keeps the newest version alone: no version or label may follow the name "${name}"`);
}

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_Parameter.html */
export const describeValue = (
  { name, arn, type, value, ciphertext, version, lastModified }: Parameter,
  isDecrypted: boolean,
) => ({
  Name: name,
  Type: type,
  Value: type === "SecureString" && !isDecrypted ? ciphertext : value,
  Version: version,
  LastModifiedDate: new Date(lastModified),
  ARN: arn,
  DataType: "text",
});
