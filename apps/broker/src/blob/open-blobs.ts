import { join } from "node:path";
import type { RandomSource } from "@claudemesh/crypto/verify";
import { MeshError } from "@claudemesh/protocol";
import type { BrokerSecrets } from "../config/secrets.ts";
import type { BrokerConfig } from "../config/settings.ts";
import { FolderBlobs } from "./folder.ts";
import type { BlobStore } from "./port.ts";
import { S3Blobs } from "./s3.ts";

/** The folder of blobs in a data folder. */
export const blobFolder = (dataDir: string): string => join(dataDir, "blobs");

/** The blob store that the configuration names: a folder beside the database, or a bucket. Throws `malformed` for a bucket without its keys. */
export function openBlobs(
  config: BrokerConfig,
  { s3AccessKey: accessKey, s3SecretKey: secretKey }: BrokerSecrets,
  random: RandomSource,
): BlobStore {
  if (config.blobs === "") return new FolderBlobs(blobFolder(config.dataDir), random);
  const [, bucket = "", path = ""] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(config.blobs) ?? [];
  if (accessKey === undefined || secretKey === undefined) {
    throw new MeshError("malformed", "blobs: a bucket needs its access key and secret key", {
      hint: "give CLAUDEMESH_S3_ACCESS_KEY_FILE and CLAUDEMESH_S3_SECRET_KEY_FILE",
    });
  }
  return new S3Blobs({
    bucket,
    prefix: path === "" || path.endsWith("/") ? path : `${path}/`,
    endpoint: config.s3Endpoint === "" ? undefined : config.s3Endpoint,
    region: config.s3Region,
    accessKey,
    secretKey,
  });
}
