// A thread of libvips, whose workers share the memory of resize-worker.ts: three begin with the first picture. They call
// no JavaScript, so they do without the classes that wasm-vips has for each thread: a third of what such a thread costs.

/** (module (func (export "nothing"))) */
const DOES_NOTHING = "AGFzbQEAAAABBAFgAAADAgEABwsBB25vdGhpbmcAAAoEAQIACw==";

const { Instance, Module } = WebAssembly;
const { nothing } = new Instance(new Module(Buffer.from(DOES_NOTHING, "base64"))).exports;

WebAssembly.Instance = class {
  readonly exports: WebAssembly.Exports;
  constructor(module: WebAssembly.Module, imports?: WebAssembly.Imports) {
    const { exports } = new Instance(module, imports);
    // As Emscripten calls it: https://github.com/emscripten-core/emscripten/blob/main/system/lib/embind/bind.cpp
    this.exports = { ...exports, _embind_initialize_bindings: nothing as WebAssembly.ExportValue };
  }
};

void import("wasm-vips");
