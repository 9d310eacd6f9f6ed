import type { Session } from "./session.ts";

/** Nothing that takes less is worth a word. */
const quietMs = 200;
/** how often what is said of the wait is looked at */
const lookMs = 250;
const toStart = "\r\u001b[K";

/** On a terminal, says that an answer is awaited, or what `look` says of it, and takes the line away when it has come. */
export async function whileWaiting<T>(
  session: Session,
  work: Promise<T>,
  look?: () => Promise<string | undefined>,
): Promise<T> {
  const { host, globals, terminal, machine } = session;
  if (host.stderr.isTTY !== true || globals.quiet || machine || host.env.TERM === "dumb") {
    return work;
  }
  let shown = false;
  const timer = setTimeout(() => {
    shown = true;
    host.stderr.write(terminal.paint("dim", `waiting${terminal.icons.cut} Ctrl-C stops`));
    looking = look && setInterval(() => void say(look), lookMs);
  }, quietMs);
  let looking: NodeJS.Timeout | undefined;
  let said: string | undefined;
  const say = async (look: () => Promise<string | undefined>) => {
    const text = await look().catch(() => undefined);
    if (shown && text !== undefined && text !== said) {
      said = text;
      host.stderr.write(`${toStart}${terminal.paint("dim", text)}`);
    }
  };
  const clear = () => {
    clearTimeout(timer);
    clearInterval(looking);
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
