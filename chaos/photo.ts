// The bytes of a planned photo: small, of one colour, and one of a kind. Each says where it was taken, as a phone's do.

import { createHash } from "node:crypto";
import sharp from "sharp";
import { removeLocation } from "../functions/lib/location";
import type { PlannedUpload } from "./plan";

const HEIGHT = 48;
/** One byte more than CreateThumbnail takes. */
const OVERSIZED_BYTES = 64_000_001;
/** EXIF's third directory, as sharp counts them, is GPS's. */
const POSITION = {
  GPSLatitudeRef: "N",
  GPSLatitude: "48/1 51/1 30/1",
  GPSLongitudeRef: "E",
  GPSLongitude: "2/1 17/1 40/1",
};

/** Draws a photo, then spoils it where the plan says so. */
export async function drawPhoto({ kind, colour, width, number }: PlannedUpload): Promise<Buffer> {
  const [r, g, b] = colour;
  const image = sharp({ create: { width, height: HEIGHT, channels: 3, background: { r, g, b } } });
  const photo = await image.jpeg({ chromaSubsampling: "4:4:4" }).withExif({ IFD3: POSITION }).toBuffer();
  if (kind === "oversized") return Buffer.concat([photo], OVERSIZED_BYTES);
  if (kind !== "corrupt") return photo;
  // Half of the spoiled ones are not an image at all, the others break off in the middle; of one colour, they would all be
  // the same then, but for a comment behind the first marker.
  const comment = Buffer.from(`\xff\xfe\x00\x0a${String(number).padStart(8, "0")}`, "latin1");
  const broken = Buffer.concat([photo.subarray(0, 2), comment, photo.subarray(2, photo.length - 40)]);
  return number % 2 === 0 ? Buffer.from(`This is not a photo, it is upload ${number}.`) : broken;
}

/** What may be stored of a photo: it as it was sent, then, if it has a place, what `stripOriginals` makes of it. */
export function formsOf(photo: Buffer): [sent: Buffer, ...stripped: Buffer[]] {
  const stripped = Buffer.from(photo);
  return removeLocation(stripped) ? [photo, stripped] : [photo];
}

/** As S3 gives it to bytes that come in one part. */
export const eTagOfBytes = (bytes: Buffer): string => createHash("md5").update(bytes).digest("hex");
