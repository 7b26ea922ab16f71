// What a file is that the pipeline does not take, told by its first bytes: people send what their devices make.

/** Brands of the container that HEIC, AVIF and videos share: ISO/IEC 14496-12, 23008-12; https://mp4ra.org/registered-types/brands */
const AVIF = ["avif", "avis"];
const HEIC = ["heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "mif1", "msf1"];

const SIGNATURES: readonly (readonly [string, RegExp])[] = [
  ["GIF", /^GIF8[79]a/],
  ["TIFF", /^(II\*\0|MM\0\*)/],
  ["BMP", /^BM.{4}\0{4}/s],
  ["JPEG XL", /^(\xff\n|.{4}JXL )/s],
  ["JPEG 2000", /^.{4}jP {2}/s],
  ["a Photoshop document", /^8BPS/],
  ["PDF", /^%PDF-/],
  ["SVG", /^(\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*(<!DOCTYPE svg[^>]*>\s*)?<svg[\s>]/s],
];

/** The bytes that are looked at. */
export const HEAD = 1024;

/** Names a format that the pipeline does not take; undefined for those that it takes, and for what nobody knows. */
export function foreignFormat(bytes: Buffer): string | undefined {
  const head = bytes.toString("latin1", 0, HEAD);
  if (head.slice(4, 8) !== "ftyp") return SIGNATURES.find(([, signature]) => signature.test(head))?.[0];
  const brands = head.slice(8, Math.min(bytes.readUInt32BE(0), HEAD)).match(/.{4}/gs) ?? [];
  if (brands.some((brand) => AVIF.includes(brand))) return undefined;
  return brands.some((brand) => HEIC.includes(brand)) ? "HEIC" : "a video";
}

/** Whether a key or a file is named after a format that the pipeline does not take. What it holds may be another one. */
export const hasForeignName = (name: string): boolean => /\.(hei[cf]|gif|tiff?|bmp)$/i.test(name);

/** What is wrong with a photo in such a format, and what to do. */
export function refusalOfFormat(format: string): string {
  if (format !== "HEIC") return `is ${format}, which the pipeline does not take; make a JPEG, PNG, WebP or AVIF of it`;
  return "is HEIC, as iPhones keep photos, which the pipeline does not take; make a JPEG of it (on a Mac: sips -s format jpeg PHOTO --out PHOTO.jpg), or let the iPhone take JPEGs (Settings, Camera, Formats, Most Compatible)";
}
