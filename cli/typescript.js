// Lets Node read the project's TypeScript: `node -r ./cli/typescript.js main.ts`. tsx does it, for our own files alone:
// packages are JavaScript already, and to have each parsed for what it exports and its source map read took a quarter to
// a third of the start of a command that ends early, and of the synthesis.

const { ".js": loadJavaScript } = require.extensions;
require("tsx/cjs/api").register();

require.extensions[".js"] = (module, file) => {
  // A package's modules load one another, and none loads a module of ours.
  const { sourceMapsEnabled } = process;
  process.setSourceMapsEnabled(false);
  try {
    loadJavaScript(module, file);
  } finally {
    process.setSourceMapsEnabled(sourceMapsEnabled);
  }
};
