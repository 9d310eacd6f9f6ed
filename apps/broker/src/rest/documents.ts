import { page } from "../pages/layout.ts";
import { referenceScript } from "./reference-script.ts";

/** What is served under `/v1` as it is, to anyone. */
export interface Document {
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Scripts and requests from this server alone; nothing inline. */
const policy =
  "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const docsPage = page(
  "claudemesh REST reference",
  `<h1>REST reference</h1>
<p class="note">Every route of this broker, from <a href="/v1/openapi.json">/v1/openapi.json</a>. With an API key, requests can be sent from here; the key stays in this page.</p>
<p><label>API key <input id="key" type="password" autocomplete="off" placeholder="cm_…"></label></p>
<p><label>Search <input id="search" type="search" placeholder="topic, message, …"></label></p>
<div id="routes"><noscript>This page needs its script; /v1/openapi.json says the same.</noscript></div>
<script src="/v1/docs.js"></script>`,
);

let described: Promise<string> | undefined;

/** The OpenAPI description, derived when it is first asked for. */
const openApiText = (): Promise<string> =>
  (described ??= import("@claudemesh/protocol/derive").then(
    ({ openApi }) => `${JSON.stringify(openApi(), null, 1)}\n`,
  ));

const documents: Readonly<Record<string, () => Promise<Document>>> = {
  "/v1/openapi.json": async () => ({ type: "application/json", body: await openApiText() }),
  "/v1/docs": async () => ({
    type: "text/html; charset=utf-8",
    body: docsPage,
    headers: { "Content-Security-Policy": policy },
  }),
  "/v1/docs.js": async () => ({ type: "text/javascript; charset=utf-8", body: referenceScript }),
};

/** The document at a path; undefined where an operation may be. */
export const documentAt = (path: string): (() => Promise<Document>) | undefined =>
  Object.hasOwn(documents, path) ? documents[path] : undefined;
