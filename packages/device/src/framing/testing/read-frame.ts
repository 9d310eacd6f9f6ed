/** What a reader of a frame finds in it who knows the nonce and nothing else: the reference for what a frame says. */
export interface ReadItem {
  readonly attributes: Readonly<Record<string, string>>;
  readonly head: string;
  readonly text: string;
  readonly cut: string | undefined;
}

export interface ReadFrame {
  readonly items: readonly ReadItem[];
  readonly end: string;
}

const attribute = /([a-z]+)="([^"]*)"/g;
const headForm =
  /^((?:\[(?:AGAIN|URGENT|LOW|VIA BROKER UNVERIFIED|BROADCAST|REMINDER|@[^()[\]{}<>"'`|:\\#@]+)\] )*[^()[\]{}<>"'`|:\\#@]+ \((?:#[^()[\]{}<>"'`|:\\#@,]+, )?[^()[\]{}<>"'`|:\\#@]+\)): /u;

/** Reads a frame line by line. Throws on any line that is neither the frame's own nor a message's. */
export function readFrame(text: string, nonce: string): ReadFrame {
  const mark = `<mesh-${nonce}`;
  const lines = text.split("\n");
  const first = lines.shift() ?? "";
  const count = /^ messages="(\d+)"> /.exec(first.slice(mark.length))?.[1];
  if (!first.startsWith(mark) || count === undefined) throw new Error(`no frame begins: ${first}`);
  if (lines.pop() !== `</mesh-${nonce}>`)
    throw new Error("the frame is not closed by its last line");
  const items: ReadItem[] = [];
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    if (line.startsWith(`${mark} end> `)) {
      if (lines.length > 0) throw new Error(`after the end: ${lines[0]}`);
      if (items.length !== Number(count)) throw new Error(`${items.length} messages, not ${count}`);
      return { items, end: line.slice(mark.length) };
    }
    if (!line.startsWith(`${mark} id="`)) throw new Error(`outside of a message: ${line}`);
    items.push(readItem(line, lines, mark));
  }
  throw new Error("the frame has no end");
}

function readItem(line: string, rest: string[], mark: string): ReadItem {
  const attributes = Object.fromEntries(
    [...line.matchAll(attribute)].map(([, name, value]) => [name, value]),
  );
  const opening = rest.shift() ?? "";
  const head = headForm.exec(opening);
  if (head === null) throw new Error(`no label: ${opening}`);
  const text = [opening.slice(head[0].length)];
  while (rest[0]?.startsWith("| ")) text.push((rest.shift() as string).slice(2));
  const cut = rest[0]?.startsWith(`${mark} cut="`) ? rest.shift() : undefined;
  return { attributes, head: head[1] ?? "", text: text.join("\n"), cut };
}
