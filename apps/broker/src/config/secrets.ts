import { readFileSync } from "node:fs";
import { fromBase64, ready } from "@claudemesh/crypto/verify";
import { MeshError } from "@claudemesh/protocol";

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

/** The variables, sorted. Flags would stand in the list of processes, so there are none. */
export const secretSettings = {
  databaseOwnerUrl: {
    env: "DATABASE_OWNER_URL",
    desc: "the database as the role that owns its tables, by which they are brought up to date; without it DATABASE_URL is used",
  },
  databaseUrl: {
    env: "DATABASE_URL",
    desc: "postgres://role:password@host:port/database; with it the store is that PostgreSQL database in place of the data folder's",
  },
  encryptionKey: {
    env: "CLAUDEMESH_ENCRYPTION_KEY",
    desc: "32 bytes as base64url (openssl rand -base64 32) that seal the broker's own keys on disk; needed with --production",
  },
  metricsToken: {
    env: "CLAUDEMESH_METRICS_TOKEN",
    desc: "16 characters or more; whoever sends it as bearer token reads /metrics from other machines",
  },
  s3AccessKey: {
    env: "CLAUDEMESH_S3_ACCESS_KEY",
    desc: "access key of the bucket that --blobs names",
  },
  s3SecretKey: {
    env: "CLAUDEMESH_S3_SECRET_KEY",
    desc: "secret key of that bucket",
  },
  natsCredentials: {
    env: "NATS_CREDENTIALS",
    desc: "a NATS user's credentials (JWT and seed), where the server wants them; mostly as NATS_CREDENTIALS_FILE",
  },
  natsUrl: {
    env: "NATS_URL",
    desc: "nats://user:password@host:port (tls:// for TLS; several of one cluster with commas between) by which the brokers of one DATABASE_URL wake each other; without it they do so through the database",
  },
} as const;

type Environment = Readonly<Record<string, string | undefined>>;
type SecretName = keyof typeof secretSettings;

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

/** Reads the secrets once, from variables or the files that they name. Throws `malformed` or `not_found` naming the variable, never its value. */
export async function loadSecrets(env: Environment): Promise<BrokerSecrets> {
  await ready();
  const key = secretText("encryptionKey", env);
  const token = secretText("metricsToken", env);
  return {
    databaseUrl: databaseUrl("databaseUrl", env),
    databaseOwnerUrl: databaseUrl("databaseOwnerUrl", env),
    encryptionKey: key === undefined ? undefined : keyOf(key),
    metricsToken: token === undefined ? undefined : tokenOf(token),
    s3AccessKey: secretText("s3AccessKey", env),
    s3SecretKey: secretText("s3SecretKey", env),
    natsCredentials: secretText("natsCredentials", env),
    natsUrl: natsUrl(env),
  };
}

function secretText(name: SecretName, env: Environment): string | undefined {
  const { env: variable } = secretSettings[name];
  const path = env[`${variable}_FILE`];
  const given = env[variable];
  if (given !== undefined && path !== undefined) {
    throw refusal(variable, `give ${variable} or ${variable}_FILE, not both`);
  }
  return path === undefined ? given?.trim() : fileText(`${variable}_FILE`, path);
}

function databaseUrl(
  name: "databaseUrl" | "databaseOwnerUrl",
  env: Environment,
): string | undefined {
  const text = secretText(name, env);
  const variable = secretSettings[name].env;
  if (text === undefined || text === "") return undefined;
  if (/^postgres(ql)?:$/.test(URL.parse(text)?.protocol ?? "")) return text;
  throw refusal(variable, `${variable}: expected postgres://role:password@host:port/database`);
}

function natsUrl(env: Environment): string | undefined {
  const text = secretText("natsUrl", env);
  if (text === undefined || text === "") return undefined;
  const { env: variable } = secretSettings.natsUrl;
  const isGood = (one: string) => /^(nats|tls):$/.test(URL.parse(one)?.protocol ?? "");
  if (text.split(",").every(isGood)) return text;
  throw refusal(variable, `${variable}: expected nats://user:password@host:port`);
}

function fileText(variable: string, path: string): string {
  let content: Buffer;
  try {
    content = readFileSync(path);
  } catch (cause) {
    throw new MeshError("not_found", `${variable}: this file cannot be read: ${path}`, { cause });
  }
  if (content.length > mostBytes) throw refusal(variable, `${variable}: ${path} is too large`);
  return content.toString("utf8").trim();
}

function keyOf(text: string): Uint8Array {
  const { env } = secretSettings.encryptionKey;
  const bytes = /^[A-Za-z0-9+/_-]{43}=?$/.test(text)
    ? fromBase64(text.replace(/=$/, "").replaceAll("+", "-").replaceAll("/", "_"))
    : undefined;
  if (bytes?.length === 32) return bytes;
  throw refusal(env, `${env}: expected 32 bytes as base64; make them with openssl rand -base64 32`);
}

function tokenOf(text: string): string {
  const { env } = secretSettings.metricsToken;
  if (/^[\x21-\x7e]{16,200}$/.test(text)) return text;
  throw refusal(env, `${env}: expected 16 to 200 visible characters`);
}

const refusal = (field: string, message: string): MeshError =>
  new MeshError("malformed", message, { detail: { field } });
