// The thumbnail that the console lets people try, where the stack makes several: the first is tried, and the others stay.

import type { LambdaClient } from "@aws-sdk/client-lambda";
import { createThumbnailSettings } from "../../console/thumbnail-settings";

const CARD = { name: "card", width: 150, height: 150, method: "fit", format: "original" } as const;
const SMALL = { name: "small", width: 64, height: 64, method: "cover", format: "webp" } as const;

interface Sent {
  readonly constructor: { readonly name: string };
  readonly input: { readonly Environment?: { readonly Variables: Record<string, string> } };
}

/** A function whose variables are read and changed. */
function createFunction(initial: Record<string, string>) {
  let variables = initial;
  const send = async (command: Sent) => {
    const { input } = command;
    if (command.constructor.name === "UpdateFunctionConfigurationCommand")
      variables = input.Environment?.Variables ?? {};
    return { Environment: { Variables: variables }, RevisionId: "1" };
  };
  const activity = { subscribe: () => () => {} };
  const settings = createThumbnailSettings({
    lambda: { send } as unknown as LambdaClient,
    functionName: "f",
    activity,
  });
  return { settings, variables: () => variables };
}

it("of several the first is the one to try, and all are told", async () => {
  const { settings } = createFunction({ THUMBNAILS: JSON.stringify([CARD, SMALL]) });
  expect(await settings.get()).toEqual({ width: 150, height: 150, method: "fit", sizes: [CARD, SMALL] });
});

it("a change is one of the first alone", async () => {
  const { settings, variables } = createFunction({ THUMBNAILS: JSON.stringify([CARD, SMALL]), OTHER: "stays" });
  const wanted = { width: 200, height: 100, method: "cover" };
  expect(await settings.set(wanted)).toEqual({ ...wanted, sizes: [{ ...CARD, ...wanted }, SMALL] });
  expect(variables()).toEqual({ THUMBNAILS: JSON.stringify([{ ...CARD, ...wanted }, SMALL]), OTHER: "stays" });
});

it("one without a name keeps its three variables", async () => {
  const { settings, variables } = createFunction({
    THUMBNAIL_WIDTH: "150",
    THUMBNAIL_HEIGHT: "150",
    THUMBNAIL_METHOD: "fit",
  });
  await settings.set({ width: 64, height: 32, method: "thumb" });
  expect(variables()).toEqual({ THUMBNAIL_WIDTH: "64", THUMBNAIL_HEIGHT: "32", THUMBNAIL_METHOD: "thumb" });
});
