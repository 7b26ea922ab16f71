/** Why a folder cannot keep objects and items, in one sentence for whoever named it. */
export class DataError extends Error {
  override readonly name = "DataError";
}
