// Loaded before a hook's program: an agent goes on without a hook after a second, which a busy machine may need to start it and to hear its daemon.
const usual = globalThis.setTimeout;
globalThis.setTimeout = (run, ms, ...args) => usual(run, 60 * ms, ...args);
