import { Readable } from "node:stream";
import type { S3Client } from "@aws-sdk/client-s3";
import { MeshError } from "@claudemesh/protocol";
import { blobAt, blobPath, exactly } from "./blob-path.ts";
import { type BlobName, type BlobStore, partName, partOf } from "./port.ts";

export interface S3Options {
  readonly bucket: string;
  /** begins every key; empty or ending in a slash */
  readonly prefix: string;
  readonly endpoint: string | undefined;
  readonly region: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

type Sdk = typeof import("@aws-sdk/client-s3");

/**
 * Blobs in a bucket of an S3 service, each part an object of its own: what a broken upload leaves is seen and swept like everything else, which a multipart upload
 * that nobody ended is not. The client is loaded with the first blob.
 */
export class S3Blobs implements BlobStore {
  readonly #options: S3Options;
  #loaded: Promise<{ readonly sdk: Sdk; readonly client: S3Client }> | undefined;

  constructor(options: S3Options) {
    this.#options = options;
  }

  async putPart(
    blob: BlobName,
    part: number,
    bytes: number,
    from: AsyncIterable<Uint8Array>,
  ): Promise<void> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of exactly(from, bytes)) chunks.push(chunk);
    const Body = Buffer.concat(chunks);
    await this.#ask(({ sdk, client }) =>
      client.send(
        new sdk.PutObjectCommand({
          ...this.#of(blob, part),
          Body,
          ContentLength: bytes,
          ContentType: "application/octet-stream",
        }),
      ),
    );
  }

  async parts(blob: BlobName) {
    const found: { part: number; bytes: number }[] = [];
    for await (const { key, bytes } of this.#objects(`${this.#key(blob)}/`)) {
      const part = partOf(key.slice(key.lastIndexOf("/") + 1));
      if (part !== undefined) found.push({ part, bytes });
    }
    return found.sort((a, b) => a.part - b.part);
  }

  async *readPart(blob: BlobName, part: number, from: number): AsyncGenerator<Uint8Array> {
    const { Body } = await this.#ask(({ sdk, client }) =>
      client.send(
        new sdk.GetObjectCommand({
          ...this.#of(blob, part),
          ...(from === 0 ? {} : { Range: `bytes=${from}-` }),
        }),
      ),
    );
    if (!(Body instanceof Readable)) {
      throw new MeshError("unavailable", "the S3 service sent no body");
    }
    yield* Body as AsyncIterable<Uint8Array>;
  }

  /** An object is there whole or not at all. */
  async tidy(): Promise<void> {}

  async delete(blob: BlobName): Promise<void> {
    for (const { part } of await this.parts(blob)) {
      await this.#ask(({ sdk, client }) =>
        client.send(new sdk.DeleteObjectCommand(this.#of(blob, part))),
      );
    }
  }

  async *list() {
    let last = "";
    const { prefix } = this.#options;
    for await (const { key } of this.#objects(prefix)) {
      const [mesh = "", shard = "", name = ""] = key.slice(prefix.length).split("/");
      const blob = blobAt(mesh, shard, name);
      if (blob === undefined || name === last) continue;
      last = name;
      yield blob;
    }
  }

  async check(): Promise<void> {
    for await (const _ of this.#objects(`${this.#options.prefix}check/`)) return;
  }

  close(): void {
    void this.#loaded?.then(({ client }) => client.destroy());
  }

  async *#objects(prefix: string): AsyncGenerator<{ key: string; bytes: number }> {
    let ContinuationToken: string | undefined;
    do {
      const page = await this.#ask(({ sdk, client }) =>
        client.send(
          new sdk.ListObjectsV2Command({
            Bucket: this.#options.bucket,
            Prefix: prefix,
            ...(ContinuationToken === undefined ? {} : { ContinuationToken }),
          }),
        ),
      );
      for (const { Key, Size } of page.Contents ?? []) {
        if (Key !== undefined) yield { key: Key, bytes: Size ?? 0 };
      }
      ContinuationToken = page.IsTruncated === true ? page.NextContinuationToken : undefined;
    } while (ContinuationToken !== undefined);
  }

  #key(blob: BlobName): string {
    return `${this.#options.prefix}${blobPath(blob).join("/")}`;
  }

  #of(blob: BlobName, part: number) {
    return { Bucket: this.#options.bucket, Key: `${this.#key(blob)}/${partName(part)}` };
  }

  /** Asks the service; what it refuses is `unavailable` with its code, which names no secret. */
  async #ask<T>(
    question: (loaded: { readonly sdk: Sdk; readonly client: S3Client }) => Promise<T>,
  ): Promise<T> {
    this.#loaded ??= this.#load();
    const loaded = await this.#loaded;
    try {
      return await question(loaded);
    } catch (cause) {
      if (cause instanceof MeshError) throw cause;
      const { name } = cause as { readonly name?: string };
      if (name === "NoSuchKey" || name === "NotFound") {
        throw new MeshError("not_found", "that part of the file is not there", { cause });
      }
      throw new MeshError("unavailable", `the S3 service refused: ${name ?? "unknown"}`, { cause });
    }
  }

  async #load() {
    const sdk = await import("@aws-sdk/client-s3");
    const { endpoint, region, accessKey, secretKey } = this.#options;
    const client = new sdk.S3Client({
      region,
      credentials: { accessKeyId: accessKey, secretAccessKey: secretKey },
      // Checksums that not every service knows; the ciphertext is checked by who opens it.
      requestChecksumCalculation: "WHEN_REQUIRED",
      responseChecksumValidation: "WHEN_REQUIRED",
      ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    });
    return { sdk, client };
  }
}
