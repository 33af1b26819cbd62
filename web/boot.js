// Starts the page: loads the shell, says so where that fails, and then sees to offline use.

const status = document.getElementById("loading");

async function start() {
  const [{ BUILD }, shell] = await Promise.all([import("./build.js"), import("./revproof_web.js")]);
  // The shell loads the editor after its first paint.
  globalThis.revproof = { editor: () => import("./editor.js") };
  await shell.default();
  // The shell has read what was typed into the skeleton (#early), if it wanted it.
  document.getElementById("skeleton")?.remove();
  if ("serviceWorker" in navigator) {
    // A page that can't be kept, for instance because the visitor allows no storage, works all the same.
    await (BUILD.dev ? forget() : keep()).catch((error) => console.warn(`no offline use: ${error.message}`));
  }
}

function refuse(error) {
  console.error(error);
  if (!status?.isConnected) return;
  const reason = typeof WebAssembly === "object" ? String(error?.message ?? error) : "this browser has no WebAssembly";
  status.textContent = `The page could not be started: ${reason}. What you have typed is still here. `;
  const again = document.createElement("button");
  again.type = "button";
  again.textContent = "Try again";
  again.addEventListener("click", () => location.reload());
  status.append(again);
}

// Keeps this version for offline use. A newer one waits until the page says `revproof:update-now`, or is closed; that
// there is one, `revproof:update` tells the page. So shell and engine are never of two versions.
async function keep() {
  const container = navigator.serviceWorker;
  const registration = await container.register("service-worker.js", { updateViaCache: "none" });
  const offer = () => {
    if (registration.waiting && container.controller) dispatchEvent(new CustomEvent("revproof:update"));
  };
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", offer));
  offer();
  addEventListener("revproof:update-now", () => {
    container.addEventListener("controllerchange", () => location.reload(), { once: true });
    registration.waiting?.postMessage("activate");
  });
}

// While the page is being worked on, an old version out of the cache is the last thing that one wants.
async function forget() {
  const registration = await navigator.serviceWorker.getRegistration();
  if (await registration?.unregister()) location.reload();
}

start().catch(refuse);
