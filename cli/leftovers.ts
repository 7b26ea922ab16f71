// Files that operating systems leave in folders: nobody means to upload them, and they are not a mistake.

import { basename } from "node:path";

const NAMES = [
  /^\./, // Hidden: .DS_Store, ._12.jpg, .localized
  /^~\$/, // Office's locks
  /^(thumbs|ehthumbs|ehthumbs_vista)\.db$/i,
  /^desktop\.ini$/i,
  /^Icon\r$/,
];
const FOLDERS = /^(__MACOSX|@eaDir|\$RECYCLE\.BIN|System Volume Information)$/i;

/** Whether a file or folder is a system's, by its name. */
export function isLeftover(path: string, isFolder: boolean): boolean {
  const name = basename(path);
  return isFolder ? name.startsWith(".") || FOLDERS.test(name) : NAMES.some((pattern) => pattern.test(name));
}
