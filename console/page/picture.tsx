// A picture in its frame, original and thumbnail alike, and how large it really is.

import { useEffect, useRef, useState } from "preact/hooks";
import type { Picture } from "../types";
import { sizeOf } from "./card-words";
import { bytes } from "./format";

interface FramedPictureProps {
  readonly address: string | undefined;
  readonly of: string;
  readonly kind: "original" | "thumbnail";
  readonly size: Picture | undefined;
  /** Of the same photo, in other sizes. */
  readonly more?: readonly (Picture & { readonly name: string })[] | undefined;
}

export function FramedPicture({ address, of, kind, size, more = [] }: FramedPictureProps) {
  const [broken, setBroken] = useState<string>();
  const image = useRef<HTMLImageElement>(null);
  // It may have failed before the page was brought to life, when nobody listened.
  useEffect(() => {
    if (image.current?.complete === true && image.current.naturalWidth === 0) setBroken(address);
  }, []);
  const isThere = address !== undefined && address !== broken;
  return (
    <figure class={kind}>
      {isThere ? (
        <img
          ref={image}
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
            <span>{sizeOf(size)}</span>{" "}
            <span title={more.map((each) => `${each.name} ${sizeOf(each)}`).join(", ") || undefined}>
              {bytes(size.bytes)}
              {more.length > 0 && `, ${more.length} more`}
            </span>
          </>
        )}
      </figcaption>
    </figure>
  );
}
