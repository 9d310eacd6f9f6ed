import {
  insideHash,
  newFileId,
  sealInside,
  signManifest,
  signPeerAnswer,
  signPeerAsk,
  systemRandom,
  toBase64,
} from "@claudemesh/crypto";
import {
  everyone,
  type FileId,
  type Hash,
  type PeerFileAnswer,
  type PeerFileAsk,
} from "@claudemesh/protocol";
import type { TestMember } from "../../broker/support/member.ts";
import type { Rows } from "../row.ts";
import type { Person, World } from "../world.ts";

const unknown = { elsewhere: "not_found", thief: "not_found" } as const;
const inside = {
  key: toBase64(new Uint8Array(32)),
  header: toBase64(new Uint8Array(24)),
  name: "a.txt",
  bytes: 3,
  tags: [],
};
const bytes = 20;

/** The words of a member's file, sealed to some or under a key that nobody looks at here. */
function draw(by: TestMember, to: readonly TestMember[] = [], file = newFileId(systemRandom)) {
  const manifest = signManifest(
    {
      ...{ mesh: by.mesh, file, bytes, member: by.id, head: by.roster.head, at: Date.now() },
      sha256: "a".repeat(64) as Hash,
      inside: insideHash({ mesh: by.mesh, file }, inside),
      ...(to.length === 0 ? { to: everyone } : {}),
    },
    by.secret.signer,
  );
  const rows = to.map(({ id, secret }) => ({
    recipient: id,
    sealed: sealInside(manifest, inside, secret.keys.seal, systemRandom),
  }));
  const shared = { keyVersion: 0, sealed: toBase64(new Uint8Array(80)) };
  return { manifest, rows, ...(to.length === 0 ? { shared } : {}) };
}

/** Uploads what a manifest speaks of. */
async function upload({ client }: Person, url: string, id: FileId): Promise<void> {
  const { ticket } = await client.call("file.begin", { id, bytes });
  const answer = await fetch(`${url}/v1/blobs/${id}/0`, {
    method: "PUT",
    headers: { authorization: `Bearer ${ticket}` },
    body: new Uint8Array(bytes),
  });
  if (answer.status !== 204) throw new Error(`upload: ${answer.status} ${await answer.text()}`);
}

/** A file that somebody has shared with everyone, or with some. */
async function shared(by: Person, { url }: World, to: readonly TestMember[] = []) {
  const words = draw(by.member, to);
  await upload(by, url, words.manifest.file);
  await by.client.call("file.share", words);
  return { id: words.manifest.file };
}

const ofOwn = (by: Person, world: World) => shared(by, world);
const ofFounder = (_by: Person, world: World) => shared(world.founder, world);
const ofTarget = (_by: Person, world: World) =>
  shared(world.founder, world, [world.founder.member, world.target.member]);

/** Files: whoever may open one may fetch it; what is told of it and given on is its uploader's. */
export const fileRows: Rows = {
  "file.begin": [
    {
      may: "all",
      elsewhere: "yes",
      thief: "yes",
      ask: () => ({ id: newFileId(systemRandom), bytes }),
    },
  ],
  "file.delete": [
    { of: "of one's own", may: "all", elsewhere: "yes", thief: "not_found", ask: ofOwn },
    { of: "of another, for everyone", may: ["admin", "owner"], ...unknown, ask: ofFounder },
    { of: "of others alone", may: [], otherwise: "not_found", ...unknown, ask: ofTarget },
  ],
  "file.get": [
    { of: "for everyone", may: "all", ...unknown, ask: ofFounder },
    { of: "of others alone", may: [], otherwise: "not_found", ...unknown, ask: ofTarget },
  ],
  "file.grant": [
    {
      of: "of one's own",
      may: "all",
      elsewhere: "no_recipient",
      thief: "not_found",
      ask: async (by, world) => {
        const { id } = await shared(by, world, [by.member]);
        return { id, rows: draw(by.member, [world.target.member], id).rows };
      },
    },
    {
      of: "of another",
      may: [],
      ...unknown,
      ask: async (by, world) => {
        const { id } = await shared(world.founder, world);
        return { id, rows: draw(by.member, [world.target.member], id).rows };
      },
    },
  ],
  "file.list": [{ may: "all", elsewhere: "yes", thief: "yes", ask: () => ({}) }],
  "file.share": [
    {
      may: "all",
      elsewhere: "yes",
      thief: "forbidden",
      ask: async (by, { url }) => {
        const words = draw(by.member);
        await upload(by, url, words.manifest.file);
        return words;
      },
    },
    {
      of: "in another's name",
      may: [],
      elsewhere: "forbidden",
      thief: "forbidden",
      ask: (_by, { target }) => draw(target.member),
    },
  ],
  "file.status": [
    { of: "of one's own", may: "all", elsewhere: "yes", thief: "not_found", ask: ofOwn },
    { of: "of another, for everyone", may: "all", ...unknown, ask: ofFounder },
    { of: "of others alone", may: [], otherwise: "not_found", ...unknown, ask: ofTarget },
  ],
};

const asked = (by: TestMember, to: TestMember): PeerFileAsk =>
  signPeerAsk(
    {
      ...{ mesh: by.mesh, id: toBase64(systemRandom(16)), from: by.id, to: to.id },
      at: Date.now(),
      sealed: "AAAA",
    },
    by.secret.signer,
  );

const answered = (by: TestMember, to: TestMember): PeerFileAnswer =>
  signPeerAnswer(
    {
      ...{ mesh: by.mesh, id: toBase64(systemRandom(16)), from: by.id, to: to.id },
      none: false,
      sealed: "AAAA",
    },
    by.secret.signer,
  );

/** Peers' files: a request is passed on only to who has allowed it, which nobody has here. */
export const peerfileRows: Rows = {
  "peerfile.answer": [
    {
      may: "all",
      elsewhere: "yes",
      thief: "forbidden",
      traceless: true,
      ask: ({ member }, { target }) => ({ answer: answered(member, target.member) }),
    },
    {
      of: "in another's name",
      may: [],
      elsewhere: "forbidden",
      thief: "forbidden",
      ask: ({ member }, { target }) => ({ answer: answered(target.member, member) }),
    },
  ],
  "peerfile.ask": [
    {
      of: "who has not allowed it",
      may: [],
      elsewhere: "not_found",
      thief: "forbidden",
      ask: ({ member }, { target }) => ({ ask: asked(member, target.member) }),
    },
    {
      of: "in another's name",
      may: [],
      elsewhere: "forbidden",
      thief: "forbidden",
      ask: ({ member }, { target }) => ({ ask: asked(target.member, member) }),
    },
  ],
};
