import { Writable } from "node:stream";
import { MeshError } from "@claudemesh/protocol/light";
import type { Host } from "../host.ts";
import { readStdin } from "../runner/read-stdin.ts";

/** A secret that is never an argument: typed without being shown where there is a terminal, else all of standard input. Throws `cancelled`, `malformed`. */
export async function readSecret(
  host: Host,
  asked: { readonly what: string; readonly twice: boolean },
): Promise<string> {
  const { what, twice } = asked;
  if (host.stdin.isTTY !== true) return readStdin(host.stdin, what, host.signal);
  const first = await askHidden(host, `${what}: `);
  if (twice && (await askHidden(host, `${what} again: `)) !== first) {
    throw new MeshError("malformed", `${what}: the two are not the same; nothing was done`);
  }
  return first;
}

async function askHidden(host: Host, question: string): Promise<string> {
  const { createInterface } = await import("node:readline");
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: host.stdin, output: unseen, terminal: true });
  const stop = () => lines.close();
  host.signal.addEventListener("abort", stop, { once: true });
  host.stderr.write(question);
  try {
    return await new Promise<string>((resolve, reject) => {
      lines.once("line", resolve);
      lines.once("close", () => reject(new MeshError("cancelled", "stopped; nothing was done")));
      lines.once("SIGINT", stop);
    });
  } finally {
    host.signal.removeEventListener("abort", stop);
    lines.close();
    host.stderr.write("\n");
  }
}
