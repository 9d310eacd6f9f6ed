import { MeshError } from "@claudemesh/protocol/light";
import type { In } from "../host.ts";

/** More than any message may hold; the operation's own limit says so exactly. */
const mostBytes = 256 * 1024;

/** All of standard input as text, without its last line breaks. Throws `too_large`, or `malformed` when it is empty or not UTF-8. */
export async function readStdin(stdin: In, field: string, signal: AbortSignal): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const stop = () => stdin.destroy();
  signal.addEventListener("abort", stop, { once: true });
  try {
    for await (const chunk of stdin as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      if (size > mostBytes) {
        throw new MeshError("too_large", `${field}: standard input is over ${mostBytes} bytes`);
      }
      chunks.push(chunk);
    }
  } catch (error) {
    if (signal.aborted) throw new MeshError("cancelled", "stopped before anything was sent");
    throw error;
  } finally {
    signal.removeEventListener("abort", stop);
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new MeshError("malformed", `${field}: standard input is not UTF-8 text`);
  }
  const trimmed = text.replace(/(?<![\r\n])[\r\n]+$/, "");
  if (trimmed === "") throw new MeshError("malformed", `${field}: standard input is empty`);
  return trimmed;
}
