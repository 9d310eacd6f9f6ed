import { parseEntry, Roster, ready, signEntry, type UnsignedEntry } from "@claudemesh/crypto";
import type { RosterEntry } from "@claudemesh/protocol";
import { person } from "../../packages/crypto/src/roster/fixture.ts";
import { fuzz } from "./hunt.ts";
import { type Inputs, valuesLike } from "./inputs.ts";
import { oneOf, rarely } from "./numbers.ts";
import { vectors } from "./vectors.ts";

await ready();
const { entries, refused } = vectors<{
  entries: { entry: RosterEntry }[];
  refused: { entry: unknown }[];
}>("roster");
const chain = entries.map(({ entry }) => entry);
const [genesis] = chain as [RosterEntry];
const people = [0, 1, 2, 3].map(person);

/** A roster of the first `length` entries. */
function rosterOf(length: number): Roster {
  const roster = Roster.fromGenesis(genesis);
  roster.append(chain.slice(1, length));
  return roster;
}
const prefixes = chain.map((_, index) => rosterOf(Math.max(1, index)));

fuzz({
  name: "the roster entry",
  inputs: valuesLike([...chain, ...refused.map(({ entry }) => entry)]),
  parse: parseEntry,
});

fuzz({
  name: "the genesis entry",
  inputs: valuesLike([genesis]),
  parse: (value) => Roster.fromGenesis(parseEntry(value)),
});

/** A mutated entry, mostly signed again by its author, so that the rules behind the signature are reached. */
const mutatedEntry =
  (place: number): Inputs<unknown> =>
  (numbers) => {
    const value = valuesLike([chain[place]])(numbers);
    return rarely(numbers, 4) ? value : resigned(value);
  };

function resigned(value: unknown): unknown {
  const { sig: _sig, ...rest } = Object(value) as RosterEntry;
  const author = people.find(({ keys }) => keys.sign === rest.author);
  if (author === undefined) return value;
  try {
    return signEntry(rest as UnsignedEntry, author.signer);
  } catch {
    return value;
  }
}

fuzz({
  name: "the offered roster entry",
  inputs: (numbers) => {
    const place = 1 + numbers.next(chain.length - 1);
    return { place, value: mutatedEntry(place)(numbers) };
  },
  parse: ({ place, value }) => prefixes[place]?.check(parseEntry(value)),
});

fuzz({
  name: "the published stretch of roster",
  inputs: (numbers) => {
    const values: unknown[] = chain.slice(1, 2 + numbers.next(3));
    const place = numbers.next(values.length);
    values[place] = oneOf(numbers, [mutatedEntry(place + 1), mutatedEntry(place)])(numbers);
    return values;
  },
  parse: (values) => Roster.fromGenesis(genesis).append(values.map(parseEntry)),
});
