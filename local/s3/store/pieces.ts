// Runs of bytes, of which a content is made: buffers, or ranges of files.

/** `end` is exclusive. */
export interface FileRange {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

export type Piece = { readonly buffer: Buffer } | FileRange;

export interface Pieced {
  readonly size: number;
  /** The runs of a range in order; `end` is exclusive. */
  pieces(start: number, end: number): Piece[];
}

/** The runs of a range of several contents that follow one another. */
export function piecesOfParts(parts: readonly Pieced[], start: number, end: number): Piece[] {
  const pieces: Piece[] = [];
  let offset = 0;
  for (const part of parts) {
    const from = Math.max(0, start - offset);
    const to = Math.min(part.size, end - offset);
    if (from < to) pieces.push(...part.pieces(from, to));
    offset += part.size;
  }
  return pieces;
}
