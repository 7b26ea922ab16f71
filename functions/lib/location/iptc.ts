// The place in IPTC's older form, which Photoshop keeps among its image resources.
// https://www.iptc.org/std/IIM/4.2/specification/IIMV4.2.pdf, https://www.adobe.com/devnet-apps/photoshop/fileformatashtml/

const RESOURCE = Buffer.from("8BIM");
const IPTC = 0x0404;

const DATASET = 0x1c;
const APPLICATION_RECORD = 2;
/** Content location code and name, city, sublocation, province or state, country code and name. */
const PLACES = [26, 27, 90, 92, 95, 100, 101];
const SPACE = 0x20;

/**
 * Removes the place, in place: spaces stand where it stood.
 * @param resources Photoshop's image resources, or what they have of IPTC alone
 * @returns whether there was one
 */
export function removeIptcPlace(resources: Buffer): boolean {
  if (resources[0] === DATASET) return blankPlaces(resources);
  let found = false;
  for (let at = 0; at + 12 <= resources.length && resources.subarray(at, at + 4).equals(RESOURCE); ) {
    // A name whose length comes first, filled up to an even number of bytes.
    const afterName = at + 6 + ((resources.readUInt8(at + 6) + 2) & ~1);
    if (afterName + 4 > resources.length) break;
    const start = afterName + 4;
    const end = start + resources.readUInt32BE(afterName);
    if (resources.readUInt16BE(at + 4) === IPTC && blankPlaces(resources.subarray(start, end))) found = true;
    at = end + (end % 2 === start % 2 ? 0 : 1);
  }
  return found;
}

function blankPlaces(iptc: Buffer): boolean {
  let found = false;
  for (let at = 0; at + 5 <= iptc.length && iptc[at] === DATASET; ) {
    const end = at + 5 + iptc.readUInt16BE(at + 3);
    const value = iptc.subarray(at + 5, end);
    const isPlace = iptc[at + 1] === APPLICATION_RECORD && PLACES.includes(iptc[at + 2] ?? 0);
    if (isPlace && value.some((byte) => byte !== SPACE)) {
      value.fill(SPACE);
      found = true;
    }
    at = end;
  }
  return found;
}
