// Which build this is: page and worker compare theirs. `cargo xtask web` fills it in; Trunk leaves it as it is.
// `engine` is the size of the engine's module in bytes, before compression: what 100 percent of loading it is.
export const BUILD = { version: "", dev: true, engine: 0 };
