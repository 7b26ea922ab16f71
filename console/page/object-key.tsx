// The key of an object: first the name that its owner knows it by, then the folders around it, and a button to copy all.

import { Copy } from "./copy";
import { fileName } from "./format";

export function ObjectKey({ of: key }: { of: string }) {
  const name = fileName(key);
  const folders = key.slice(0, key.length - name.length);
  return (
    <span class="object-key">
      <b title={key}>{name}</b>
      {folders !== "" && <span title={key}>{folders}</span>}
      <Copy text={key} label={`Copy the key of ${name}`}>
        Copy
      </Copy>
    </span>
  );
}
