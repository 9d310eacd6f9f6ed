import type { IncomingMessage } from "node:http";
import { FileId, limits, MeshError, parse } from "@claudemesh/protocol";
import type { Actor, Services } from "../handler.ts";
import type { Logger } from "../logger.ts";
import { type Exchange, replyError } from "../rest/reply.ts";
import type { Timer } from "../timer.ts";
import { type BearerParts, bearerOf, keysPutNothing, type Putting } from "./bearer.ts";
import { mayOpen } from "./may-open.ts";
import type { BlobName, BlobStore } from "./port.ts";
import { type ByteRange, partCount, partLength, rangeOf } from "./range.ts";
import { TransfersUnderWay } from "./under-way.ts";

export interface BlobRouteOptions extends BearerParts {
  readonly blobs: BlobStore;
  readonly services: Pick<Services, "store" | "rosters" | "now" | "config">;
  readonly timer: Timer;
  readonly log: Logger;
}

const dayMs = 24 * 3_600_000;
const prefix = "/v1/blobs/";

/** Whether a path is the route of bytes. */
export const isBlobPath = (path: string): boolean => path.startsWith(prefix);

/**
 * The route of bytes: `PUT /v1/blobs/<file>/<part>` takes one part of an upload, `GET /v1/blobs/<file>` gives a file or a range of it. Who may is in the ticket, or
 * an API key says it; whoever is no member any more may nothing. A body that stalls, or is not what the ticket says, ends the request.
 */
export class BlobRoute {
  readonly #options: BlobRouteOptions;
  readonly #underWay = new TransfersUnderWay();

  constructor(options: BlobRouteOptions) {
    this.#options = options;
  }

  /** Answers one request, whatever it holds; never rejects. */
  async answer(path: string, exchange: Exchange): Promise<void> {
    let end = () => {};
    try {
      const { request } = exchange;
      const by = await bearerOf(request, this.#options);
      const [file, part, ...rest] = path.slice(prefix.length).split("/");
      if (rest.length > 0 || (by.does !== "read" && file !== by.file)) {
        throw new MeshError("forbidden", "the ticket is for another file");
      }
      end = this.#underWay.begin(`${by.actor.mesh} ${by.actor.member}`);
      if (request.method === "PUT" && by.does === "put") {
        await this.#put(by, part ?? "", exchange);
      } else if (request.method === "GET" && by.does !== "put" && part === undefined) {
        await this.#get(by.actor, parse(FileId, file, "file"), exchange);
      } else if (by.does === "read") {
        throw keysPutNothing();
      } else {
        throw new MeshError("malformed", "method: not what the ticket is for", {
          detail: { reason: "method" },
        });
      }
    } catch (error) {
      replyError(exchange, this.#asRefusal(error, exchange));
    } finally {
      end();
    }
  }

  async #put(
    { actor: { mesh }, file, bytes }: Putting,
    text: string,
    exchange: Exchange,
  ): Promise<void> {
    const { blobs, services } = this.#options;
    const { request, response, headers } = exchange;
    const part = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
    const expected = partLength(bytes, part);
    if (!(part < partCount(bytes))) throw new MeshError("malformed", "part: no number of a part");
    if (request.headers["content-length"] !== String(expected)) {
      throw new MeshError("malformed", `content-length: part ${part} has ${expected} bytes`);
    }
    const row = await services.store.read.file(mesh, file);
    if (row === undefined || row.manifest !== undefined) {
      throw new MeshError("conflict", "the upload was not begun, or is over");
    }
    await blobs.putPart({ mesh, file }, part, expected, this.#lively(request));
    // Written once a day, not for each part.
    const expiresAt = services.now() + limits.uploadMs;
    if ((row.expiresAt ?? 0) < expiresAt - dayMs) {
      await services.store.write.keepUpload({ mesh, file, expiresAt });
    }
    response.writeHead(204, headers);
    response.end();
  }

  /** The body, given up once nothing of it has come for as long as the head of a request may take. */
  async *#lively(request: IncomingMessage): AsyncGenerator<Buffer> {
    const { services, timer } = this.#options;
    let isAlive = true;
    const stop = timer.every(services.config.headersMs, () => {
      if (!isAlive) request.destroy(new MeshError("timeout", "body: nothing more came"));
      isAlive = false;
    });
    try {
      for await (const chunk of request as AsyncIterable<Buffer>) {
        isAlive = true;
        yield chunk;
      }
    } finally {
      stop();
    }
  }

  async #get(actor: Actor, file: FileId, exchange: Exchange): Promise<void> {
    const { mesh, member } = actor;
    const { services } = this.#options;
    const { request, response, headers } = exchange;
    const row = await services.store.read.file(mesh, file);
    const roster = await services.rosters.open(mesh);
    if (row === undefined || !(await mayOpen(row, { ...services, actor, roster }))) {
      throw new MeshError("not_found", "the file is not there any more");
    }
    const range = rangeOf(request.headers.range, row.bytes);
    response.writeHead(range.isPart ? 206 : 200, {
      ...headers,
      "Content-Type": "application/octet-stream",
      "Content-Length": range.to - range.from,
      "Accept-Ranges": "bytes",
      ...(range.isPart
        ? { "Content-Range": `bytes ${range.from}-${range.to - 1}/${row.bytes}` }
        : {}),
    });
    await this.#send({ mesh, file }, row.bytes, range, exchange);
    if (range.to === row.bytes) {
      await services.store.write.countDownload({ mesh, file, member, at: services.now() });
    }
  }

  async #send(
    blob: BlobName,
    bytes: number,
    { from, to }: ByteRange,
    { response }: Exchange,
  ): Promise<void> {
    const { blobs, services, timer } = this.#options;
    let sent = false;
    // Whoever takes nothing for so long is waited for no more.
    const stop = timer.every(services.config.giveUpMs, () => {
      if (!sent) response.destroy();
      sent = false;
    });
    try {
      let at = from;
      for (let part = Math.floor(at / partLength(bytes, 0)); at < to; part += 1) {
        const begins = part * partLength(bytes, 0);
        const end = Math.min(begins + partLength(bytes, part), to);
        for await (const chunk of blobs.readPart(blob, part, at - begins)) {
          const piece = chunk.length > end - at ? chunk.subarray(0, end - at) : chunk;
          at += piece.length;
          await written(response, piece);
          sent = true;
          if (at >= end) break;
        }
        if (at < end) throw new MeshError("unavailable", "a part of the file is too short");
      }
      await new Promise<void>((resolve, reject) => {
        response.once("close", () => reject(gone()));
        response.end(resolve);
      });
    } finally {
      stop();
    }
  }

  #asRefusal(error: unknown, { requestId, response }: Exchange): MeshError {
    if (error instanceof MeshError) return error;
    const isCut = response.destroyed || (error as { code?: unknown }).code === "ECONNRESET";
    if (!isCut) this.#options.log.error("transfer failed", { requestId, cause: error });
    return new MeshError("internal", "something unexpected; the broker's log has the cause");
  }
}

const gone = (): MeshError => new MeshError("cancelled", "the reader went away");

/** Settles when a piece has been handed to the system, so that its memory may be used again; throws when nobody reads any more. */
function written(response: Exchange["response"], piece: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const lost = () => reject(gone());
    if (response.destroyed) {
      lost();
      return;
    }
    response.once("close", lost);
    response.write(piece, (error) => {
      response.off("close", lost);
      if (error) lost();
      else resolve();
    });
  });
}
