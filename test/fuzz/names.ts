// The names of the server and its stack that the requests aim at.

export interface Names {
  readonly host: string;
  readonly bucket: string;
  readonly table: string;
  readonly streamArn: string;
  readonly functionName: string;
  readonly tinypngKey: string;
}
