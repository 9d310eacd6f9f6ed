import type { MeshRecord } from "@claudemesh/protocol";

interface Page {
  readonly items: readonly { readonly record?: MeshRecord | undefined }[];
  readonly before?: number | undefined;
}

/** Asks for one page of a list. */
export type PageReader = (page: {
  readonly limit: number;
  readonly before?: number;
}) => Promise<Page>;

/** records of one page, and of all of them together */
const pageRows = 200;
const allRows = 5_000;

/** Reads a list page by page, to its end or as far as `most`. */
export async function readPages(read: PageReader, most = allRows): Promise<MeshRecord[]> {
  const records: MeshRecord[] = [];
  let before: number | undefined;
  while (records.length < most) {
    const page = await read({
      limit: Math.min(pageRows, most - records.length),
      ...(before === undefined ? {} : { before }),
    });
    for (const { record } of page.items) if (record !== undefined) records.push(record);
    before = page.before;
    if (before === undefined) break;
  }
  return records;
}
