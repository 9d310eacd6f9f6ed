/** Runs things later; injected so that tests decide when. Each call answers a function that cancels. */
export interface Timer {
  after(ms: number, run: () => void): () => void;
  every(ms: number, run: () => void): () => void;
}

/** The runtime's timers; none of them keeps the process alive. */
export const systemTimer: Timer = {
  after(ms, run) {
    const timer = setTimeout(run, ms).unref();
    return () => clearTimeout(timer);
  },
  every(ms, run) {
    const timer = setInterval(run, ms).unref();
    return () => clearInterval(timer);
  },
};
