// The embedded AWS is made by its own API: Terraform applies the stack to an empty one, where it runs, finds it as it left
// it, and leaves nothing when it destroys it.

import { describeTags } from "../describe-tags";
import { administrator, listEverything } from "../list-everything";
import { EVERYTHING } from "./contexts";
import { describeStack } from "./describe-stack";
import { startEmbedded } from "./emulators";
import { servicesOf } from "./services";
import { CARRIED, carryPhoto, describeEmbedded, namesOf, onEmbedded } from "./twins";
import { Workspace } from "./workspace";

const KEY = "a-key";

let emulator: Awaited<ReturnType<typeof startEmbedded>>;
let workspace: Workspace;
beforeAll(async () => {
  emulator = await startEmbedded(KEY);
  workspace = new Workspace(emulator, KEY);
});
afterAll(async () => {
  await emulator?.stop();
  workspace?.remove();
});

describe.each([
  ["the defaults of a development stage", { stage: "dev" }, { width: 113, height: 150, format: "jpeg" }],
  ["everything that can be on at once", { ...EVERYTHING, stage: "dev" }, { width: 320, height: 200, format: "jpeg" }],
])("with %s", (_what, context, thumbnail) => {
  const names = namesOf("dev");

  test("a second plan says that nothing changes", async () => {
    await workspace.configure(context);
    await workspace.apply();
    expect(await workspace.plan()).toEqual([]);
  });

  test("what Terraform made is what the embedded AWS makes of the same JSON", async () => {
    const services = servicesOf(emulator.endpoint);
    expect(await describeStack(services, names)).toEqual(await describeEmbedded(context, names));
  });

  test("the tags of everything are those that the embedded AWS gives it", async () => {
    const tagged = await describeTags(emulator.endpoint);
    expect(tagged.map(([, tags]) => tags)).toEqual(tagged.map(() => ("tags" in context ? context.tags : {})));
    expect(await onEmbedded(context, describeTags)).toEqual(tagged);
  });

  test("the zips carry a photo to its thumbnail", async () => {
    const { profile, ...carried } = await carryPhoto({ services: servicesOf(emulator.endpoint) }, names);
    expect(carried).toEqual(thumbnail);
    expect(profile).toMatchObject(CARRIED);
  });

  test("it is destroyed with all that is in it, and nothing is left", async () => {
    await emulator.aws.idle();
    const { code, output } = await workspace.destroy();
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining("Destroy complete!") });
    expect(await workspace.resources()).toEqual([]);
    const left = Object.entries(await listEverything(administrator(emulator.endpoint)));
    expect(left.filter(([, names]) => names.length > 0)).toEqual([]);
  });
});
