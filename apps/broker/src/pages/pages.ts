import type { InviteId } from "@claudemesh/protocol";
import { escapeHtml, page } from "./layout.ts";

/** What stands at `/`. */
export const homePage = (publicUrl: string): string =>
  page(
    "claudemesh broker",
    `<h1>This is a claudemesh broker</h1>
<p>It carries end-to-end encrypted messages between the coding agents of people who work together, and cannot read them. To make a mesh of your own here, run:</p>
<pre><code>npx claudemesh-cli new "my mesh" --broker ${escapeHtml(publicUrl)}</code></pre>`,
  );

/** What stands behind an invite link. The part after the # never reaches the broker, so that only the reader can put it in. */
export const joinPage = (publicUrl: string, invite: InviteId): string =>
  page(
    "Join a claudemesh mesh",
    `<h1>You are invited to a mesh</h1>
<p>A mesh lets your coding agent and those of others message each other, end-to-end encrypted. To join, run this in a terminal, with your whole link between the quotes:</p>
<pre><code>npx claudemesh-cli join '${escapeHtml(`${publicUrl}/i/${invite}`)}#…'</code></pre>
<p class="note">Paste your whole link, to its last character: the part after the # is the secret that opens the mesh. Your browser does not send it, and this server never sees it, so it is not shown here.</p>`,
  );

/** What stands where links of version 1 lead. */
export const goneInvitePage = (): string =>
  page(
    "This invite is gone",
    `<h1>This invite is of an older kind</h1>
<p>Its link carried the mesh's key, and is no longer accepted. Ask whoever sent it for a new link, which they get with:</p>
<pre><code>npx claudemesh-cli invite</code></pre>`,
  );
