// The place in XMP, which is XML: https://developer.adobe.com/xmp/docs/XMPNamespaces/, and IPTC's
// https://www.iptc.org/std/photometadata/specification/IPTC-PhotoMetadata

/**
 * Properties, whatever prefix their namespace has: EXIF's position, that of drones
 * (https://exiftool.org/TagNames/DJI.html#XMP), and the names of places that programs write beside it.
 */
const PLACE =
  /^([Gg][Pp][Ss]\w*|Latitude|Longitude|City|State|Country|CountryCode|Location|LocationCreated|LocationShown|ProvinceState|Sublocation)$/;

/** Whether a property, without the prefix of its namespace, says where. */
export const isPlace = (property: string): boolean => PLACE.test(property);

/** A value may have any character but `<`, so that no tag is looked for beyond the next one. */
const TAG = /<(?:[\w.-]+:)?([\w.-]+)(?![\w.:-])((?:"[^"<]*"|'[^'<]*'|[^<>"'])*)>/g;
const ATTRIBUTE = /\s(?:[\w.-]+:)?([\w.-]+)\s*=\s*("[^"]*"|'[^']*')/g;

/**
 * Removes the place, in place: spaces stand where it stood.
 * @param xmp UTF-8, as pictures have it
 * @returns whether there was one
 */
export function removePlace(xmp: Buffer): boolean {
  // One character a byte, so that places in the string are places in the buffer.
  const text = xmp.toString("latin1");
  let found = false;
  const blank = (from: number, to: number) => {
    xmp.fill(" ", from, to);
    found = true;
  };
  let blankUntil = 0;
  for (const { 0: tag, 1: name = "", 2: inside = "", index } of text.matchAll(TAG)) {
    if (index < blankUntil) continue;
    if (isPlace(name)) {
      blankUntil = endOfElement(text, tag, index);
      blank(index, blankUntil);
      continue;
    }
    const start = index + tag.length - 1 - inside.length;
    for (const attribute of inside.matchAll(ATTRIBUTE)) {
      if (!isPlace(attribute[1] ?? "")) continue;
      blank(start + attribute.index, start + attribute.index + attribute[0].length);
    }
  }
  return found;
}

/** Where an element ends that begins with this tag; one that never ends takes the rest. */
function endOfElement(text: string, tag: string, index: number): number {
  const afterTag = index + tag.length;
  if (tag.endsWith("/>")) return afterTag;
  const name = tag.slice(1).match(/^[\w.:-]+/)?.[0] ?? "";
  const end = text.indexOf(`</${name}`, afterTag);
  return end === -1 ? text.length : Math.max(text.indexOf(">", end) + 1, end);
}
