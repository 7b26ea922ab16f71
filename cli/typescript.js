// Lets Node read the project's TypeScript: `node -r ./cli/typescript.js main.ts`. tsx does it, for our own files alone:
// packages are JavaScript already, and to have each parsed for what it exports and its source map read costs every
// command a third of its start, and the synthesis, whose packages are megabytes, even more.

const { ".js": loadJavaScript } = require.extensions;
require("tsx/cjs/api").register();

let depth = 0;
require.extensions[".js"] = (module, file) => {
  // A package's modules load one another, and none loads a module of ours.
  depth += 1;
  process.setSourceMapsEnabled(false);
  try {
    loadJavaScript(module, file);
  } finally {
    depth -= 1;
    if (depth === 0) process.setSourceMapsEnabled(true);
  }
};
