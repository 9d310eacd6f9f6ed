import {
  newTopicId,
  sha256,
  signTopic,
  systemRandom,
  toBase64,
  toHex,
  utf8,
  uuidv4,
} from "@claudemesh/crypto";
import type {
  ApiKeyCapability,
  ApiKeyId,
  ErrorBody,
  Hash,
  Topic,
  TopicId,
} from "@claudemesh/protocol";
import { startBroker, type TestBroker } from "../broker/support/broker.ts";
import type { Client } from "../broker/support/client.ts";
import { foundMesh, type TestMember } from "../broker/support/member.ts";

/** What came back for a request. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at what the broker answers
  readonly body: any;
}

export interface MadeKey {
  readonly id: ApiKeyId;
  readonly secret: string;
}

export interface KeyWish {
  readonly name?: string;
  readonly capabilities?: readonly ApiKeyCapability[];
  readonly topics?: readonly TopicId[];
  readonly expiresAt?: number;
}

/** A key as a device draws it, and what the broker is told of it. */
export function drawKey(wish: KeyWish = {}) {
  const secret = `cm_${toBase64(systemRandom(32))}`;
  const id = `key_${uuidv4(systemRandom)}` as ApiKeyId;
  const hash = toHex(sha256(utf8(secret))) as Hash;
  const { name = "ci", capabilities = ["send", "read"], topics, expiresAt } = wish;
  const input = {
    ...{ id, hash, name, capabilities },
    ...(topics && { topics }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
  return { id, secret, input };
}

/** A mesh on a broker, its owner on a connection, and requests with keys of it. */
export class RestWorld implements AsyncDisposable {
  at: TestBroker;
  readonly owner: TestMember;
  client: Client;

  private constructor(at: TestBroker, owner: TestMember, client: Client) {
    this.at = at;
    this.owner = owner;
    this.client = client;
  }

  static async start(...args: Parameters<typeof startBroker>): Promise<RestWorld> {
    const at = await startBroker(...args);
    try {
      const owner = await foundMesh(at.url, "lab", args[1]?.now);
      return new RestWorld(at, owner, await owner.connect());
    } catch (error) {
      await at[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** A public topic that the owner leads. */
  async topic(name: string): Promise<Topic> {
    const topic = newTopicId(systemRandom);
    const { secret, mesh } = this.owner;
    const said = { mesh, topic, version: 1, name, visibility: "public" as const, at: Date.now() };
    const statement = signTopic(said, secret.signer);
    await this.client.call("topic.create", { topic: statement });
    return statement;
  }

  async key(wish: KeyWish = {}): Promise<MadeKey> {
    const { id, secret, input } = drawKey(wish);
    await this.client.call("apikey.create", input);
    return { id, secret };
  }

  async ask(
    method: string,
    path: string,
    {
      key,
      body,
      headers,
    }: { key?: MadeKey; body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const response = await fetch(this.at.url + path, {
      method,
      headers: {
        ...(key && { authorization: `Bearer ${key.secret}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.startsWith("application/json");
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson ? JSON.parse(text) : undefined,
    };
  }

  post(key: MadeKey, body: unknown, headers?: Record<string, string>): Promise<Answer> {
    return this.ask("POST", "/v1/messages", { key, body, ...(headers && { headers }) });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.socket.terminate();
    await this.at[Symbol.asyncDispose]();
  }
}

/** The code of an answer that refuses. */
export const codeOf = ({ body }: Answer): ErrorBody["code"] | undefined => body?.error?.code;
