// docs/costs.md is what `npm run cost` prints with the settings of cdktf.json.

import { costPage } from "../../costs/page";
import { readContext } from "../../stack/context";
import { readSettings } from "../../stack/settings";
import { ROOT } from "../imports";
import { pageAt } from "./markdown";

it("docs/costs.md is the output of npm run cost; after a change: npm run --silent cost > docs/costs.md", () => {
  expect(pageAt("docs/costs.md").text).toBe(`${costPage(readSettings(readContext(ROOT, {})), 1_000_000)}\n`);
});
