// Where settings come from. Errors name it.

export interface Source {
  /** `cdktf.json`, `PROFILE_IMAGE_STAGE`, `--stage`. */
  readonly name: string;
  readonly values: Readonly<Record<string, unknown>>;
}
