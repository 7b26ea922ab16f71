// A canary in the place of TinyPNG's key, and who shows it.

/** global-setup.ts set it for the synthesis, too. */
export const CANARY = process.env.TF_VAR_tinypng_key ?? "";

/** As it is, and as HTTP's Basic authentication and encoders of bytes would show it. */
const FORMS = [CANARY, Buffer.from(CANARY).toString("base64"), Buffer.from(`api:${CANARY}`).toString("base64")].map(
  (form) => form.replace(/=+$/, ""),
);

/** The places whose text shows the canary. */
export const findIn = (outputs: ReadonlyMap<string, string>): string[] =>
  [...outputs].filter(([, text]) => FORMS.some((form) => text.includes(form))).map(([place]) => place);
