// A picture in its frame, original and thumbnail alike, and how large it really is.

import { useState } from "preact/hooks";
import type { Picture } from "../types";
import { bytes, sizeOf } from "./card-words";

interface FramedPictureProps {
  readonly address: string | undefined;
  readonly of: string;
  readonly kind: "original" | "thumbnail";
  readonly size: Picture | undefined;
}

export function FramedPicture({ address, of, kind, size }: FramedPictureProps) {
  const [broken, setBroken] = useState<string>();
  const isThere = address !== undefined && address !== broken;
  return (
    <figure class={kind}>
      {isThere ? (
        <img
          src={address}
          alt={`${kind} of ${of}`}
          loading="lazy"
          decoding="async"
          onError={() => setBroken(address)}
        />
      ) : (
        <span class="nothing" />
      )}
      <figcaption>
        {size === undefined ? (
          kind
        ) : (
          <>
            <span>{sizeOf(size)}</span> <span>{bytes(size.bytes)}</span>
          </>
        )}
      </figcaption>
    </figure>
  );
}
