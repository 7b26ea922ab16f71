/** What main.ts needs of the project, beside node_modules: for tests that synthesize in a copy. */
export const APP_PARTS = ["main.ts", "stack", "costs", "functions", "policies", "cdktf.json", "package.json"];
