import type { Session } from "./session.ts";

/** Nothing that takes less is worth a word. */
const quietMs = 200;
const toStart = "\r\u001b[K";

/** On a terminal, says that an answer is awaited, and takes the line away when it has come. */
export async function whileWaiting<T>(session: Session, work: Promise<T>): Promise<T> {
  const { host, globals, terminal, machine } = session;
  if (host.stderr.isTTY !== true || globals.quiet || machine || host.env.TERM === "dumb") {
    return work;
  }
  let shown = false;
  const timer = setTimeout(() => {
    shown = true;
    host.stderr.write(terminal.paint("dim", `waiting${terminal.icons.cut} Ctrl-C stops`));
  }, quietMs);
  const clear = () => {
    clearTimeout(timer);
    if (shown) host.stderr.write(toStart);
    shown = false;
  };
  host.signal.addEventListener("abort", clear, { once: true });
  try {
    return await work;
  } finally {
    host.signal.removeEventListener("abort", clear);
    clear();
  }
}
