// The worker of the page: loads the engine, hands it what the page asks, and says so where it panics.
// The page posts { bytes }; this posts { progress: [loaded, total] }, { ready, version }, { bytes } and { panic }.

import { BUILD } from "./build.js";
import init, * as engine from "./revproof_wasm.js";

const MODULE = new URL("./revproof_wasm_bg.wasm", import.meta.url);
const asked = [];
let session = null;

// The size comes from the build: what servers say is that of the compressed bytes.
async function load() {
  const response = await fetch(MODULE);
  if (!response.ok) throw new Error(`${MODULE.pathname}: ${response.status} ${response.statusText}`);
  let loaded = 0;
  const counted = response.body.pipeThrough(new TransformStream({
    transform(chunk, controller) {
      loaded += chunk.byteLength;
      self.postMessage({ progress: [loaded, BUILD.engine] });
      controller.enqueue(chunk);
    },
  }));
  const headers = { "Content-Type": "application/wasm" };
  await init({ module_or_path: new Response(counted, { headers }) });
  session = new engine.Session();
  self.postMessage({ ready: true, version: BUILD.version });
  asked.splice(0).forEach(answer);
}

function answer(bytes) {
  try {
    const reply = session.handle(bytes);
    self.postMessage({ bytes: reply }, [reply.buffer]);
  } catch (error) {
    // After a trap nothing in the module's memory can be trusted.
    self.postMessage({ panic: String(error?.message ?? error) });
    self.close();
  }
}

self.addEventListener("message", ({ data }) => (session ? answer(data.bytes) : asked.push(data.bytes)));
load().catch((error) => self.postMessage({ unreachable: String(error?.message ?? error) }));
