import { MeshError } from "@claudemesh/protocol";
import type { HomeStore } from "../store/home-store.ts";
import { ranked } from "./rank.ts";
import { type MatchRow, matchesIn, matchesOut, type Sought, searchBounds } from "./search-rows.ts";
import type { Term } from "./terms.ts";

/** So many of the newest matches on each side are ranked together; older ones come after them. */
const windowSize = 100;

export interface SearchPage {
  readonly rows: readonly MatchRow[];
  readonly cursor?: string;
}

interface Place {
  readonly in: number;
  readonly out: number;
  readonly skip: number;
}

/** One page of matches: the newest ranked by how well they fit, then the ones before them. What it costs does not grow with how many there are. */
export function search(
  store: HomeStore,
  terms: readonly Term[],
  sought: Sought & { readonly sides: { readonly in: boolean; readonly out: boolean } },
  page: { readonly limit: number; readonly cursor: string | undefined },
): SearchPage {
  let place = page.cursor === undefined ? { ...searchBounds(store), skip: 0 } : read(page.cursor);
  for (;;) {
    const received = sought.sides.in ? matchesIn(store, sought, place.in, windowSize) : [];
    const sent = sought.sides.out ? matchesOut(store, sought, place.out, windowSize) : [];
    const rows = ranked([...received, ...sent], terms);
    const shown = rows.slice(place.skip, place.skip + page.limit);
    const next =
      place.skip + page.limit < rows.length
        ? { ...place, skip: place.skip + page.limit }
        : older(received, sent);
    if (shown.length > 0 || next === undefined) {
      return { rows: shown, ...(next === undefined ? {} : { cursor: write(next) }) };
    }
    place = next;
  }
}

/** Where what is older than these begins; undefined when there is nothing more. */
function older(received: readonly MatchRow[], sent: readonly MatchRow[]): Place | undefined {
  const below = (rows: readonly MatchRow[]) =>
    rows.length < windowSize ? 0 : (rows.at(-1)?.position ?? 0);
  const next = { in: below(received), out: below(sent), skip: 0 };
  return next.in === 0 && next.out === 0 ? undefined : next;
}

const write = ({ in: received, out, skip }: Place): string => `${received}.${out}.${skip}`;

function read(cursor: string): Place {
  const found = /^(\d{1,15})\.(\d{1,15})\.(\d{1,6})$/.exec(cursor);
  if (found === null) {
    throw new MeshError("cursor_invalid", "cursor: not one that a search gave", {
      hint: "search again without a cursor",
      detail: { field: "cursor" },
    });
  }
  return { in: Number(found[1]), out: Number(found[2]), skip: Number(found[3]) };
}
