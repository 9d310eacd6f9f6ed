declare module "yauzl" {
  import type { Readable } from "node:stream";

  export interface Entry {
    readonly fileName: string;
    readonly compressedSize: number;
    readonly uncompressedSize: number;
    readonly externalFileAttributes: number;
    isEncrypted(): boolean;
  }

  export interface ZipFile {
    readonly entryCount: number;
    eachEntry(): AsyncIterable<Entry>;
    openReadStreamPromise(entry: Entry): Promise<Readable>;
    close(): void;
  }

  const yauzl: {
    openPromise(
      path: string,
      options: {
        readonly autoClose: boolean;
        readonly lazyEntries: boolean;
        readonly strictFileNames: boolean;
      },
    ): Promise<ZipFile>;
  };
  export default yauzl;
}
