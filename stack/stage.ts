// What a stage means: all names end in it, and only a development stage may be thrown away with all that is in it.

/** `-<stage>`, or nothing. */
export const nameSuffixOf = (stage: string | undefined): string => (stage === undefined ? "" : `-${stage}`);

/** Whether the stage is `dev` or starts with `dev-`; without a stage it is production. */
export const isDevelopment = (stage: string | undefined): boolean =>
  stage === "dev" || stage?.startsWith("dev-") === true;
