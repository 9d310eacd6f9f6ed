import type { IncomingMessage } from "node:http";
import { mostBodyBytes } from "@claudemesh/local-link";
import { MeshError } from "@claudemesh/protocol";

/** A request's JSON body, `{}` where there is none. Throws `too_large` before more is held than allowed, and `malformed`. */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  const told = Number(request.headers["content-length"] ?? 0);
  if (told > mostBodyBytes) throw tooLarge();
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > mostBodyBytes) throw tooLarge();
    parts.push(part);
  }
  if (size === 0) return {};
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(parts)));
  } catch {
    throw new MeshError("malformed", "the body is not JSON in UTF-8");
  }
}

const tooLarge = (): MeshError =>
  new MeshError("too_large", `a request's body is at most ${mostBodyBytes} bytes`);
