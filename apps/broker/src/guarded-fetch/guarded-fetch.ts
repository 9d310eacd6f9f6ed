import { lookup } from "node:dns/promises";
import { type ClientRequest, type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { MeshError } from "@claudemesh/protocol";
import type { Timer } from "../timer.ts";
import { checkUrl, hostOf } from "./check-url.ts";
import { isAllowed, type OwnNetworks } from "./public-address.ts";

/** An address that a name stands for. */
export interface Resolved {
  readonly address: string;
  readonly family: number;
}

export interface GuardedFetchOptions {
  readonly own: OwnNetworks;
  readonly timer: Timer;
  /** what a name stands for; by default what the system says */
  readonly resolve?: (host: string) => Promise<readonly Resolved[]>;
}

export interface Ask {
  readonly url: string;
  readonly method: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface FetchAnswer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

/** how long one question may take in all, with everything that it is sent on to */
const wholeMs = 15_000;
const bodyBytes = 1024 * 1024;
const mostRedirects = 5;
/** what the request itself says, and what would make a proxy of the other side */
const ownHeaders =
  /^(host|content-length|transfer-encoding|connection|keep-alive|upgrade|te|trailer|expect|accept-encoding|proxy-.*|sec-.*)$/i;

const resolveBySystem = (host: string): Promise<readonly Resolved[]> =>
  lookup(host, { all: true, verbatim: true });

/** Asks URLs that members gave: only what lies on the public internet, or in networks that the operator named, wherever a name or a redirect leads. */
export class GuardedFetch {
  readonly #options: GuardedFetchOptions;

  constructor(options: GuardedFetchOptions) {
    this.#options = options;
  }

  /** Throws `malformed` for a URL that is not asked for what its text says. */
  check(url: string): void {
    checkUrl(url, this.#options.own);
  }

  /** The answer, whatever its status. Throws `malformed`, `timeout`, `too_large` or `unavailable`, in words that can be shown. */
  async ask(ask: Ask): Promise<FetchAnswer> {
    const controller = new AbortController();
    const cancel = this.#options.timer.after(wholeMs, () => controller.abort());
    try {
      return await this.#follow(ask, controller.signal);
    } catch (error) {
      if (controller.signal.aborted) {
        throw new MeshError("timeout", `no whole answer within ${wholeMs / 1_000} seconds`);
      }
      throw error instanceof MeshError ? error : new MeshError("unavailable", reasonOf(error));
    } finally {
      cancel();
    }
  }

  async #follow(ask: Ask, signal: AbortSignal): Promise<FetchAnswer> {
    let url = checkUrl(ask.url, this.#options.own);
    let headers = allowedHeaders(ask.headers ?? {});
    for (let hops = 0; ; hops++) {
      const answer = await this.#once(url, { ...ask, headers }, signal);
      const { location } = answer.headers;
      const leads = [301, 302, 303, 307, 308].includes(answer.status) && location !== undefined;
      if (!leads || ask.method !== "GET") return answer;
      if (hops >= mostRedirects) throw new MeshError("unavailable", "it leads on too often");
      const next = checkUrl(URL.parse(location, url)?.href ?? "", this.#options.own);
      if (url.protocol === "https:" && next.protocol === "http:") {
        throw new MeshError("unavailable", "it leads from https to http");
      }
      // What was given for one host is not for another.
      if (next.origin !== url.origin) headers = {};
      url = next;
    }
  }

  async #once(url: URL, { method, headers = {}, body }: Ask, signal: AbortSignal) {
    const send = url.protocol === "https:" ? requestHttps : requestHttp;
    const sent = send({
      protocol: url.protocol,
      hostname: hostOf(url),
      port: url.port || undefined,
      path: `${url.pathname}${url.search}`,
      method,
      headers: {
        accept: "*/*",
        "accept-encoding": "identity",
        "user-agent": "claudemesh",
        ...headers,
        host: url.host,
        ...(body === undefined ? {} : { "content-length": Buffer.byteLength(body) }),
      },
      agent: false,
      lookup: this.#lookup,
      maxHeaderSize: 32 * 1024,
      signal,
    });
    this.#guardPeer(sent);
    const { promise, resolve, reject } = Promise.withResolvers<FetchAnswer>();
    sent.on("error", reject);
    sent.on("response", (response) => {
      readWhole(response).then(resolve, (error: unknown) => {
        sent.destroy();
        reject(error);
      });
    });
    sent.end(body);
    return await promise;
  }

  /** Looks once more at whom the socket is connected to, before anything is sent to it. */
  #guardPeer(sent: ClientRequest): void {
    sent.on("socket", (socket) => {
      socket.once("connect", () => {
        if (isAllowed(socket.remoteAddress ?? "", this.#options.own)) return;
        socket.destroy(notPublic());
      });
    });
  }

  /** Every address that a name stands for must be allowed, so that no later question leads elsewhere. */
  readonly #lookup: LookupFunction = (host, options, callback) => {
    const { own, resolve = resolveBySystem } = this.#options;
    resolve(host).then(
      (found) => {
        const addresses = found.filter(({ address }) => isIP(address) !== 0);
        const [first] = addresses;
        if (first === undefined || !addresses.every(({ address }) => isAllowed(address, own))) {
          callback(notPublic(), "", 4);
        } else if (options.all) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, "", 4),
    );
  };
}

const notPublic = (): MeshError & NodeJS.ErrnoException =>
  new MeshError(
    "malformed",
    "url: it stands for an address that is not one of the public internet",
  );

/** Throws `malformed` for what the request itself says. */
export function requireHeaders(headers: Readonly<Record<string, string>>): void {
  const refused = Object.keys(headers).find((name) => ownHeaders.test(name));
  if (refused === undefined) return;
  throw new MeshError("malformed", `headers: ${refused} cannot be given`);
}

function allowedHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  requireHeaders(headers);
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

async function readWhole(response: IncomingMessage): Promise<FetchAnswer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bodyBytes) {
      throw new MeshError("too_large", `the answer is over ${bodyBytes} bytes`);
    }
    chunks.push(chunk);
  }
  const { headers, statusCode: status = 0 } = response;
  return { status, headers, body: Buffer.concat(chunks) };
}

/** The system's words for what went wrong name addresses; its codes do not. */
function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  switch (code) {
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "its host is not known";
    case "ECONNREFUSED":
      return "it refused the connection";
    case "ECONNRESET":
    case "EPIPE":
      return "the connection broke";
    default:
      return `it cannot be reached${typeof code === "string" ? ` (${code})` : ""}`;
  }
}
