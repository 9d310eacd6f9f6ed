// A stand-in for Claude Code: the same flags, pipes, hooks, servers and inbox, against the same scripted model.
import { createInterface } from "node:readline";
import { parseFlags } from "./flags.ts";
import { Session } from "./session.ts";

const flags = parseFlags(process.argv.slice(2));
const session = await Session.open(flags);

/** Ends the session and then the process; what is still running is left behind, as a killed turn is. */
async function leave(reason: "other" | "prompt_input_exit", code: number): Promise<void> {
  await session.end(reason);
  process.exit(code);
}

process.on("SIGTERM", () => void leave("other", 143));
process.on("SIGINT", () => void leave("other", 0));
process.on("SIGHUP", () => void leave("other", 129));

/** The text of one line from the person's side: a JSON message in print mode, the line itself in a terminal. */
function promptOf(line: string): string {
  if (!flags.print) return line;
  return (JSON.parse(line) as { message: { content: string } }).message.content;
}

createInterface({ input: process.stdin })
  .on("line", (line) => {
    if (!flags.print && line === "/exit") void leave("prompt_input_exit", 0);
    else if (line !== "") session.prompt(promptOf(line));
  })
  .on("close", () => session.close());

await session.run();
await leave("other", 0);
