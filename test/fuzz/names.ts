// The names of the server and its stack that the requests aim at.

export interface Names {
  readonly host: string;
  readonly bucket: string;
  readonly table: string;
  readonly streamArn: string;
  readonly shardIterator: string;
  /** Multipart uploads of noise/known.bin that are open when the fuzz begins. */
  readonly uploadIds: readonly string[];
  readonly functionName: string;
  readonly tinypngKey: string;
}
