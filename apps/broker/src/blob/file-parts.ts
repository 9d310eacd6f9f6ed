import type { RandomSource } from "@claudemesh/crypto/verify";
import type { BrokerSecrets } from "../config/secrets.ts";
import type { BrokerConfig } from "../config/settings.ts";
import type { Store } from "../store/port.ts";
import { openBlobs } from "./open-blobs.ts";
import type { BlobStore } from "./port.ts";
import { BlobSweep } from "./sweep.ts";
import { Tickets } from "./tickets.ts";

/** What a broker does files with. */
export interface FileParts {
  readonly blobs: BlobStore;
  readonly tickets: Tickets;
  readonly sweep: BlobSweep;
}

/** Builds them; nothing is opened or loaded before the first file. */
export function fileParts(ground: {
  readonly config: BrokerConfig;
  readonly secrets: BrokerSecrets;
  readonly random: RandomSource;
  readonly now: () => number;
  readonly store: Store;
  /** authenticates tickets */
  readonly key: Uint8Array;
}): FileParts {
  const { config, secrets, random, now, store, key } = ground;
  const blobs = openBlobs(config, secrets, random);
  return { blobs, tickets: new Tickets(key, now), sweep: new BlobSweep(store, blobs, now) };
}
