/** What the page is told; read by playground/page/settings.ts. */
export interface PageSettings {
  /** Path of the GraphQL endpoint on the same origin. */
  readonly endpoint: string;
  /** GraphQL documents, one tab each. */
  readonly examples: readonly string[];
  /** Callers to choose from. */
  readonly identities: readonly PageIdentity[];
}

export interface PageIdentity {
  readonly name: string;
  /** Headers that it sends, by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Only scripts and workers of our own origin, and no connection to anywhere else: whatever a subgraph writes into a description, and
 * whatever a service answers, stays text. Styles are laxer because the editor positions its lines by style attributes.
 */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const ICON =
  'data:image/svg+xml,' +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="#7b5cff" d="M2 15V8a6 6 0 0 1 12 0v7h-3V8a3 3 0 0 0-6 0v7z"/></svg>',
  );

/** The page around the script. Depends on configuration alone: nothing of a request is in it. */
export function renderPage(settings: PageSettings): string {
  // Inside a script element only `<` could end it; JSON can say it otherwise.
  const json = JSON.stringify(settings).replaceAll('<', '\\u003c');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Portico playground</title>
<link rel="icon" href="${ICON}">
<link rel="stylesheet" href="/playground/playground.css">
<script id="settings" type="application/json">${json}</script>
<script defer src="/playground/playground.js"></script>
</head>
<body><div id="root"><noscript>The playground needs JavaScript.</noscript></div></body>
</html>
`;
}
