import { PassThrough } from "node:stream";
import { backfillCommand } from "../../cli/backfill";
import { confirm, type Terminal } from "../../cli/confirm";
import { failuresCommand } from "../../cli/failures";
import { redriveCommand } from "../../cli/redrive";
import { refuseSwallowedOptions } from "../../cli/swallowed-options";
import { describeTarget } from "../../cli/target";
import { uploadCommand } from "../../cli/upload";

const functionArn = "arn:aws:lambda:eu-west-1:123456789012:function:SetProfileImage-prod";
const host = "lambda.eu-west-1.amazonaws.com";
const aws = describeTarget({ functionArn, region: "eu-west-1", stage: "prod", host });

describe("where a command works is said as", () => {
  it.each([
    [{ host }, "AWS 123456789012, eu-west-1, stage none", true],
    [{ host, stage: "prod" }, "AWS 123456789012, eu-west-1, stage prod", true],
    [{ host, endpoint: "http://10.0.0.7:4566" }, "the embedded AWS at http://10.0.0.7:4566, stage none", false],
    // By AWS_ENDPOINT_URL or a profile of the AWS CLI.
    [{ host: "127.0.0.1:4566" }, "the embedded AWS at http://127.0.0.1:4566, stage none", false],
    [{ host: "localhost:4566" }, "the embedded AWS at http://localhost:4566, stage none", false],
    [{ host: "127.0.0.1.example.com" }, "AWS 123456789012, eu-west-1, stage none", true],
  ])("%j", (known, words, isReal) => {
    expect(describeTarget({ functionArn, region: "eu-west-1", ...known })).toEqual({ words, isReal });
  });
});

describe("before something is done to a real account", () => {
  const stop = new AbortController().signal;

  /** A terminal at which somebody answers so; without an answer he ends the input. */
  function terminal(answer?: string): Terminal & { readonly said: () => string } {
    const output = Object.assign(new PassThrough(), { isTTY: true });
    const input = Object.assign(new PassThrough(), { isTTY: true });
    let said = "";
    output.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      if (text.includes("[y/N]")) input.end(answer === undefined ? undefined : `${answer}\n`);
    });
    return { input, output, said: () => said };
  }

  it.each(["y", "Y", "yes", " yes "])("the answer %j means yes", async (answer) => {
    const asked = terminal(answer);
    await confirm(aws, "Replay 2 failure records", {}, stop, asked);
    expect(asked.said()).toBe("Replay 2 failure records, on AWS 123456789012, eu-west-1, stage prod? [y/N] ");
  });

  it.each(["n", "", "yesterday", undefined])("the answer %j means no", async (answer) => {
    await expect(confirm(aws, "Replay", {}, stop, terminal(answer))).rejects.toThrow(/^nothing was done; --yes /);
  });

  it("who stops the command has done nothing", async () => {
    const controller = new AbortController();
    const asked = terminal();
    asked.output.once("data", () => controller.abort("SIGINT"));
    await expect(confirm(aws, "Replay", {}, controller.signal, asked)).rejects.toThrow(
      "stopped by SIGINT before anything was done",
    );
  });

  it("a script has to say yes beforehand", async () => {
    const nobody = { input: new PassThrough(), output: Object.assign(new PassThrough(), { isTTY: false }) };
    await confirm(aws, "Replay", { yes: true }, stop, nobody);
    await expect(confirm(aws, "Replay", {}, stop, nobody)).rejects.toThrow(/ there is no terminal to ask on; --yes /);
    const embedded = describeTarget({ functionArn, region: "eu-west-1", host: "127.0.0.1:4566" });
    await confirm(embedded, "Replay", {}, stop, nobody);
  });

  it.each([backfillCommand(), failuresCommand(), redriveCommand(), uploadCommand()])(
    "$name takes that yes",
    (command) => {
      expect(command.helpInformation()).toContain("--yes");
    },
  );
});

describe("an option that npm has kept is shown where it belongs:", () => {
  it.each<[Record<string, string>, string]>([
    [{ npm_config_local: "true" }, "npm run backfill -- --local"],
    [{ npm_config_stage: "prod" }, "npm run backfill -- --stage prod"],
    [{ npm_config_stage: "true" }, "npm run backfill -- --stage <name>"],
    [{ npm_config_endpoint_url: "http://x", npm_config_json: "true" }, "-- --endpoint-url http://x --json"],
    [{ npm_config_local: "true", npm_command: "exec" }, "npx -- profile-image backfill --local"],
  ])("%j", (environment, spelling) => {
    expect(() => refuseSwallowedOptions(backfillCommand(), environment, [])).toThrow(spelling);
  });

  it("npm's own, and what is set to nothing, are not mistakes", () => {
    const environment = { npm_config_yes: "true", npm_config_json: "", npm_config_cache: "/tmp", npm_config_user: "1" };
    refuseSwallowedOptions(backfillCommand(), environment, []);
  });
});
