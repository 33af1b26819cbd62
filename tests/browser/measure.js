// Runs in the page: how long things take from the event that begins them until they are painted.

export function measure() {
  const m = (globalThis.measured = { paint: [] });
  const painted = (done) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => done(performance.now());
    channel.port2.postMessage(null);
  });
  // What begins something: the last key, choice or click.
  let begun = 0;
  for (const kind of ["keydown", "change", "click"]) {
    addEventListener(kind, (event) => (begun = event.timeStamp), true);
  }
  // From a key to the paint after it.
  addEventListener("keydown", (event) => painted((now) => m.paint.push(now - event.timeStamp)), true);
  // From what began it until an area of the page has, or with `!` before it has no more, a text, and is painted:
  // m.settled is a promise of it.
  m.await = (area, text) => {
    const wanted = text.replace(/^!/, "");
    const place = document.querySelector(area);
    m.settled = new Promise((resolve) => {
      const observer = new MutationObserver(() => {
        if (place.textContent.includes(wanted) === text.startsWith("!")) return;
        observer.disconnect();
        painted((now) => resolve(now - begun));
      });
      observer.observe(place, { subtree: true, childList: true, characterData: true });
    });
  };
}

// Runs in the page before anything of its own: notes what the worker says of itself, and how long its answers took.
export function listen() {
  globalThis.took = [];
  const Worker = globalThis.Worker;
  globalThis.Worker = class extends Worker {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", ({ data }) => {
        if (data.bytes) globalThis.took.push(duration(data.bytes));
      });
    }
  };

  // An answer begins with two numbers of variable length, its own and that of the generation; the third is the time.
  function duration(bytes) {
    let at = 0;
    for (let number = 0; number < 2; number++) {
      while (bytes[at] & 0x80) at++;
      at++;
    }
    return new DataView(bytes.buffer, bytes.byteOffset).getFloat64(at, true);
  }
}

export const percentile = (values, share) => values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1];
export const median = (values) => percentile(values, 0.5);
