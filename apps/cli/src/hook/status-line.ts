/** One mesh as `GET /v1/status` of the daemon tells of it. */
interface Mesh {
  readonly slug?: unknown;
  readonly link?: unknown;
  readonly unread?: unknown;
  readonly mentions?: unknown;
  readonly peers?: unknown;
}

/**
 * One line for an agent's status bar: per mesh its name, peers that are online, unread messages, mentions and how the link stands. Empty for a home without a mesh or an
 * answer that is none. Mesh names come from others: they are cut to plain characters.
 */
export function statusLine(answer: string): string {
  const parsed = JSON.parse(answer) as { meshes?: unknown };
  const meshes = Array.isArray(parsed.meshes) ? (parsed.meshes as Mesh[]) : [];
  return meshes.map(oneMesh).join(" · ");
}

function oneMesh({ slug, link, unread, mentions, peers }: Mesh): string {
  const parts = [`mesh ${plain(slug)}`];
  if (isCount(peers)) parts.push(`${peers} online`);
  if (isCount(unread) && unread > 0) parts.push(`${unread} unread`);
  if (isCount(mentions) && mentions > 0) {
    parts.push(mentions === 1 ? "1 mention" : `${mentions} mentions`);
  }
  if (link !== "open" && link !== "elsewhere") parts.push("offline");
  return parts.join(", ");
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value);

const plain = (slug: unknown): string =>
  String(slug)
    .replaceAll(/[^\p{L}\p{N}._-]/gu, "")
    .slice(0, 50);
