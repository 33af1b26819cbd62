// The worker: loads the engine, hands it what the page asks, and hands back what it answers. What the page and it say to
// each other is described in crates/revproof-messages; here it is only bytes.

import { BUILD } from "./build.js";
import init, { Session } from "./revproof_wasm.js";

let session;
let dead = false;
// What is asked before the engine is there.
let early = [];

// What a panic says comes out of the engine as an error in the console, before the trap.
let last = "";
const error = console.error;
console.error = (...words) => {
  last = words.map(String).join(" ");
  error(...words);
};

onmessage = ({ data }) => {
  if (dead) return;
  if (session) answer(data.bytes);
  else early.push(data.bytes);
};

function answer(bytes) {
  try {
    last = "";
    const answered = session.handle(bytes);
    postMessage({ bytes: answered }, [answered.buffer]);
  } catch (trap) {
    // After a trap the memory of the engine can be in any state: nothing is asked of it any more.
    dead = true;
    early = [];
    postMessage({ panic: last || String(trap?.message ?? trap) });
  }
}

async function load() {
  const response = await fetch(new URL("revproof_wasm_bg.wasm", import.meta.url));
  if (!response.ok) throw new Error(`the server answers ${response.status} to ${response.url}`);
  await init({ module_or_path: counted(response) });
  session = new Session();
  postMessage({ ready: true, version: BUILD.version });
  const asked = early;
  early = [];
  for (const bytes of asked) if (!dead) answer(bytes);
}

// The same response, which tells the page how much of it has come.
function counted(response) {
  // The length that the server gives is that of what it sends, which may be compressed; BUILD knows the real one.
  const total = BUILD.engine || Number(response.headers.get("content-length") ?? 0);
  let loaded = 0;
  let told = 0;
  const body = response.body.pipeThrough(new TransformStream({
    transform(chunk, controller) {
      loaded += chunk.byteLength;
      if (loaded - told > 50_000 || loaded === total) {
        told = loaded;
        postMessage({ progress: [loaded, Math.max(total, loaded)] });
      }
      controller.enqueue(chunk);
    },
  }));
  return new Response(body, { headers: { "content-type": "application/wasm" } });
}

load().catch((error) => {
  dead = true;
  postMessage({ unreachable: String(error?.message ?? error) });
});
