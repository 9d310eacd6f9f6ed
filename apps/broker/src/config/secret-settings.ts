interface Secret {
  readonly env: string;
  /** takes the path of a file */
  readonly flag: string;
  readonly desc: string;
}

const secret = (env: string, desc: string): Secret => ({
  env,
  flag: `--${env.replace("CLAUDEMESH_", "").toLowerCase().replaceAll("_", "-")}-file`,
  desc,
});

/** The secrets, sorted. A value on the command line would stand in the list of processes, so flags name files. */
export const secretSettings = {
  databaseOwnerUrl: secret(
    "DATABASE_OWNER_URL",
    "the database as the role that owns its tables, by which they are brought up to date; without it DATABASE_URL is used",
  ),
  databaseUrl: secret(
    "DATABASE_URL",
    "postgres://role:password@host:port/name; with it the store is that PostgreSQL database in place of the data folder's",
  ),
  encryptionKey: secret(
    "CLAUDEMESH_ENCRYPTION_KEY",
    "32 bytes as base64url (openssl rand -base64 32) that seal the broker's own keys on disk; needed with --production",
  ),
  metricsToken: secret(
    "CLAUDEMESH_METRICS_TOKEN",
    "16 characters or more; whoever sends it as bearer token reads /metrics from other machines",
  ),
  natsCredentials: secret(
    "NATS_CREDENTIALS",
    "a NATS user's credentials (JWT and seed), where the server wants them",
  ),
  natsUrl: secret(
    "NATS_URL",
    "nats://user:password@host:port (tls:// for TLS; several of one cluster with commas between) by which the brokers of one DATABASE_URL wake each other; without it they do so through the database",
  ),
  s3AccessKey: secret("CLAUDEMESH_S3_ACCESS_KEY", "access key of the bucket that --blobs names"),
  s3SecretKey: secret("CLAUDEMESH_S3_SECRET_KEY", "secret key of that bucket"),
} as const;

export type SecretName = keyof typeof secretSettings;
