import type { IncomingMessage } from "node:http";
import { MeshError } from "@claudemesh/protocol";

/** A request's body as it came. Throws `too_large` as soon as it is, and leaves the line open for the answer. */
export async function readBytes(request: IncomingMessage, mostBytes: number): Promise<Buffer> {
  const tooLarge = () => new MeshError("too_large", `body: more than ${mostBytes} bytes`);
  if (Number(request.headers["content-length"] ?? 0) > mostBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
