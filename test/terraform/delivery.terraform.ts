// Delivery by CloudFront is turned on in a stack that is there, changed, and off again: on the embedded AWS, which delivers
// the thumbnails, and on an emulator that nobody here wrote and that has CloudFront's API as well.

import { describeDelivery } from "../describe-delivery";
import { administrator, listEverything } from "../list-everything";
import { DELIVERED } from "./contexts";
import { describeStack } from "./describe-stack";
import { FAULTS, isFault } from "./emulator-faults";
import { startEmbedded } from "./emulators";
import { servicesOf } from "./services";
import { carryPhoto, namesOf, onEmbedded, startTwins, type Twins } from "./twins";
import { Workspace } from "./workspace";

const STAGE = { stage: "dev" };
const NAMES = namesOf(STAGE.stage);

describe("on the embedded AWS", () => {
  let emulator: Awaited<ReturnType<typeof startEmbedded>>;
  let workspace: Workspace;
  beforeAll(async () => {
    emulator = await startEmbedded("a-key");
    workspace = new Workspace(emulator);
  });
  afterAll(async () => {
    await emulator?.stop();
    workspace?.remove();
  });

  test.each(DELIVERED)("%j", async (context) => {
    const settings = { ...STAGE, ...context };
    await workspace.configure(settings);
    await workspace.apply();
    expect(await workspace.plan()).toEqual([]);
    const describe = async (endpoint: string) => ({
      stack: await describeStack(servicesOf(endpoint), NAMES),
      delivery: await describeDelivery(endpoint),
    });
    expect(await onEmbedded(settings, describe)).toEqual(await describe(emulator.endpoint));
  });

  test("the distribution that Terraform made delivers thumbnails, and nothing else", async () => {
    expect(await carryPhoto({ services: servicesOf(emulator.endpoint) }, NAMES)).toMatchObject({ format: "jpeg" });
    const [{ url } = { url: "" }] = emulator.aws.distributions;
    const thumbnail = await fetch(`${url}/thumbnails/goose.jpg`);
    expect([thumbnail.status, thumbnail.headers.get("content-type")]).toEqual([200, "image/jpeg"]);
    expect((await fetch(`${url}/original/goose.jpg`)).status).toBe(403);
  });

  test("turned off, nothing of it is left, and nothing listens", async () => {
    const [{ url } = { url: "" }] = emulator.aws.distributions;
    await workspace.configure(STAGE);
    await workspace.apply();
    expect(await workspace.plan()).toEqual([]);
    expect(await describeDelivery(emulator.endpoint)).toEqual({
      distributions: [],
      accessControls: [],
      cachePolicies: [],
      headersPolicies: [],
    });
    await expect(fetch(url)).rejects.toThrow("fetch failed");
  });

  test("the rest is destroyed, and nothing is left", async () => {
    await emulator.aws.idle();
    const { code, output } = await workspace.destroy();
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining("Destroy complete!") });
    const left = Object.entries(await listEverything(administrator(emulator.endpoint)));
    expect(left.filter(([, names]) => names.length > 0)).toEqual([]);
  });
});

describe("on another emulator", () => {
  let twins: Twins;
  beforeAll(async () => {
    twins = await startTwins();
  });
  afterAll(() => twins?.close());

  test.each([...DELIVERED, {}])("%j", async (context) => {
    const settings = { ...STAGE, ...context };
    await twins.workspace.configure(settings);
    await twins.workspace.apply();
    const changes = await twins.workspace.plan();
    expect(changes.filter((change) => !FAULTS.some((fault) => isFault(fault, change)))).toEqual([]);
    expect(await twins.describeHere(settings, NAMES)).toEqual(await describeStack(twins.services, NAMES));
  });
});
