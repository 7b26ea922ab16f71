// How `npm run chaos` is stopped and what it refuses; that it judges every upload is in ../end-to-end/chaos.test.ts.

import { chaosCommand } from "../../cli/chaos";
import { createPlace } from "./command";
import { expectMistake } from "./run";

const place = createPlace();
// Each command is a process, or several: on a busy machine that takes its time.
jest.setTimeout(60_000);
afterAll(() => place.close());

describe("npm run chaos", () => {
  it("stopped by the user, says so and leaves nothing behind", async () => {
    const running = place.start(["chaos", "--uploads", "1000"]);
    await running.line("stdout", /^Uploading/);
    running.kill("SIGINT");
    const { code, stderr } = await running.ended;
    expect({ code, stderr }).toEqual({
      code: 130,
      stderr: "profile-image: stopped by SIGINT before every upload was judged\n",
    });
    expect(place.temporaryFiles()).toEqual([]);
  });

  it.each([
    [["--uploads", "0"], "It must be a whole number from 1 to 100000."],
    [["--seed", "x"], "It must be a whole number from 0 to 2147483648."],
  ])("%j is refused in a sentence", (args, message) => expectMistake(chaosCommand(), args, message));
});
