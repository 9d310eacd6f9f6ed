import { Agent as HttpAgent, type IncomingMessage, request as overHttp } from "node:http";
import { Agent as HttpsAgent, request as overHttps } from "node:https";
import { ErrorBody, type FileId, MeshError } from "@claudemesh/protocol";
import { parseEndpoint } from "@claudemesh/sdk";

/** how long a transfer may stand still */
const idleMs = 30_000;
const agents = {
  http: new HttpAgent({ keepAlive: true, maxSockets: 4 }),
  https: new HttpsAgent({ keepAlive: true, maxSockets: 4 }),
};

interface Sending {
  readonly method: "GET" | "PUT";
  readonly ticket: string;
  readonly path: string;
  readonly body?: Uint8Array;
  readonly range?: string;
  readonly signal: AbortSignal;
}

/** The broker's route of bytes. Who may is in the ticket; what goes over it is ciphertext. */
export class BlobClient {
  readonly #base: string;

  constructor(broker: string) {
    this.#base = `${parseEndpoint(broker).shown}/v1/blobs/`;
  }

  /** Puts one part; it is on stable storage when this settles. */
  async putPart(
    ticket: string,
    file: FileId,
    part: { readonly number: number; readonly bytes: Uint8Array },
    signal: AbortSignal,
  ): Promise<void> {
    const path = `${file}/${part.number}`;
    const answer = await this.#send({ method: "PUT", ticket, path, body: part.bytes, signal });
    answer.resume();
    await finished(answer);
  }

  /** The ciphertext from a byte on. */
  get(
    ticket: string,
    file: FileId,
    from: number,
    signal: AbortSignal,
  ): Promise<AsyncIterable<Uint8Array>> {
    return this.#send({ method: "GET", ticket, path: file, range: `bytes=${from}-`, signal });
  }

  async #send({ method, ticket, path, body, range, signal }: Sending): Promise<IncomingMessage> {
    const url = new URL(`${this.#base}${path}`);
    const isTls = url.protocol === "https:";
    const headers = {
      Authorization: `Bearer ${ticket}`,
      ...(range === undefined ? {} : { Range: range }),
      ...(body === undefined ? {} : { "Content-Length": body.length }),
    };
    const agent = isTls ? agents.https : agents.http;
    const options = { method, headers, agent, signal, highWaterMark: 256 * 1024 };
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = (isTls ? overHttps : overHttp)(url, options, resolve);
      sent.setTimeout(idleMs, () =>
        sent.destroy(new MeshError("timeout", "the transfer stands still")),
      );
      sent.once("error", (error) => reject(asLost(error, signal)));
      sent.end(body);
    });
    if ((answer.statusCode ?? 500) < 300) return answer;
    throw await refusal(answer);
  }
}

/** A failure of the network as the error that says so. */
export function asLost(error: unknown, signal: AbortSignal): unknown {
  if (error instanceof MeshError) return error;
  if (signal.aborted) return new MeshError("cancelled", "stopped", { cause: error });
  return new MeshError("offline", "the connection to the broker was lost", { cause: error });
}

async function refusal(answer: IncomingMessage): Promise<MeshError> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > 64 * 1024) break;
    chunks.push(chunk);
  }
  try {
    const { error } = JSON.parse(Buffer.concat(chunks).toString()) as { error: unknown };
    return MeshError.fromBody(ErrorBody.parse(error));
  } catch {
    return new MeshError("unavailable", `the broker answered with status ${answer.statusCode}`);
  }
}

function finished(answer: IncomingMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    answer.once("end", resolve);
    answer.once("close", resolve);
    answer.once("error", reject);
  });
}
