/** One style for all pages, served as its own file so that the policy can forbid inline styles. */
export const styleSheet = `:root { color-scheme: light dark; --text: #1a1a1a; --back: #fdfdfc; --soft: #5a5a5a; --line: #c9c9c4; --box: #f1f1ee; }
@media (prefers-color-scheme: dark) { :root { --text: #ececea; --back: #161616; --soft: #a9a9a4; --line: #45453f; --box: #232321; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text); font: 1.0625rem/1.6 system-ui, sans-serif; }
main { max-width: 40rem; margin: 0 auto; padding: 3rem 1.25rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 1rem; }
pre { background: var(--box); border: 1px solid var(--line); border-radius: .4rem; padding: .9rem 1rem; white-space: pre-wrap; overflow-wrap: anywhere; }
code { font: .95rem/1.5 ui-monospace, monospace; }
p.note { color: var(--soft); }
`;

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (c) => escapes[c] ?? c);

/** A whole page around `content`, which is HTML already. */
export const page = (title: string, content: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<main>
${content}
</main>
</body>
</html>
`;
