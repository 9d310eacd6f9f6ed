import { readFileSync } from "node:fs";
import { fromBase64, ready } from "@claudemesh/crypto/verify";
import { MeshError } from "@claudemesh/protocol";
import { type Flags, readFlags } from "./flags.ts";
import { type SecretName, secretSettings } from "./secret-settings.ts";

/** What an operator gives the broker and nobody else may see; apart from the configuration, which may be printed. */
export interface BrokerSecrets {
  /** the PostgreSQL database that is the store, in place of the data folder's */
  readonly databaseUrl?: string | undefined;
  /** the same database as the role that owns its tables */
  readonly databaseOwnerUrl?: string | undefined;
  /** seals what the broker keeps for itself on disk; 32 bytes */
  readonly encryptionKey: Uint8Array | undefined;
  /** by which `/metrics` is read from elsewhere */
  readonly metricsToken: string | undefined;
  /** the keys of the bucket for the bytes of files */
  readonly s3AccessKey?: string | undefined;
  readonly s3SecretKey?: string | undefined;
  /** contents of a NATS credentials file */
  readonly natsCredentials?: string | undefined;
  /** the NATS server by which the nodes of one database wake each other */
  readonly natsUrl?: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** How large a file of a secret may be. */
const mostBytes = 4_096;

export const noSecrets: BrokerSecrets = {
  encryptionKey: undefined,
  metricsToken: undefined,
};

/** The variables by which secrets are given, each also as `…_FILE` with a path. */
export const secretVariables: readonly string[] = Object.values(secretSettings).flatMap(
  ({ env }) => [env, `${env}_FILE`],
);

/** Reads the secrets once: files that flags name before variables or the files that those name. Throws `malformed` or `not_found` naming the flag or variable, never its value. */
export async function loadSecrets(
  env: Environment,
  args: readonly string[] = [],
): Promise<BrokerSecrets> {
  await ready();
  const { secretFiles } = readFlags(args);
  const given = (name: SecretName) => givenText(name, env, secretFiles);
  return {
    databaseUrl: databaseUrl(given("databaseUrl")),
    databaseOwnerUrl: databaseUrl(given("databaseOwnerUrl")),
    encryptionKey: keyOf(given("encryptionKey")),
    metricsToken: tokenOf(given("metricsToken")),
    s3AccessKey: given("s3AccessKey")?.text,
    s3SecretKey: given("s3SecretKey")?.text,
    natsCredentials: given("natsCredentials")?.text,
    natsUrl: natsUrl(given("natsUrl")),
  };
}

/** A secret's text, and the flag or variable that gave it. */
interface Given {
  readonly text: string;
  readonly by: string;
}

function givenText(
  name: SecretName,
  env: Environment,
  files: Flags["secretFiles"],
): Given | undefined {
  const { env: variable, flag } = secretSettings[name];
  const named = files.get(name);
  if (named !== undefined) return { text: fileText(flag, named), by: flag };
  const path = env[`${variable}_FILE`];
  const text = env[variable];
  if (text !== undefined && path !== undefined) {
    throw refusal(variable, `give it or ${variable}_FILE, not both`);
  }
  if (path !== undefined) return { text: fileText(`${variable}_FILE`, path), by: variable };
  return text === undefined ? undefined : { text: text.trim(), by: variable };
}

function databaseUrl(given: Given | undefined): string | undefined {
  if (given === undefined || given.text === "") return undefined;
  if (/^postgres(ql)?:$/.test(URL.parse(given.text)?.protocol ?? "")) return given.text;
  throw refusal(given.by, "expected postgres://role:password@host:port/database");
}

function natsUrl(given: Given | undefined): string | undefined {
  if (given === undefined || given.text === "") return undefined;
  const isGood = (one: string) => /^(nats|tls):$/.test(URL.parse(one)?.protocol ?? "");
  if (given.text.split(",").every(isGood)) return given.text;
  throw refusal(given.by, "expected nats://user:password@host:port");
}

function fileText(by: string, path: string): string {
  let content: Buffer;
  try {
    content = readFileSync(path);
  } catch (cause) {
    throw new MeshError("not_found", `${by}: this file cannot be read: ${path}`, { cause });
  }
  if (content.length > mostBytes) throw refusal(by, `${path} is too large`);
  return content.toString("utf8").trim();
}

function keyOf(given: Given | undefined): Uint8Array | undefined {
  if (given === undefined) return undefined;
  const bytes = /^[A-Za-z0-9+/_-]{43}=?$/.test(given.text)
    ? fromBase64(given.text.replace(/=$/, "").replaceAll("+", "-").replaceAll("/", "_"))
    : undefined;
  if (bytes?.length === 32) return bytes;
  const how = "make them with openssl rand -base64 32";
  throw refusal(given.by, `expected 32 bytes as base64; ${how}`);
}

function tokenOf(given: Given | undefined): string | undefined {
  if (given === undefined || /^[\x21-\x7e]{16,200}$/.test(given.text)) return given?.text;
  throw refusal(given.by, "expected 16 to 200 visible characters");
}

const refusal = (field: string, message: string): MeshError =>
  new MeshError("malformed", `${field}: ${message}`, { detail: { field } });
