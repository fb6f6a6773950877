/** What the gateway writes into the page; see src/edge/http/playground/renderPage.ts. */
export interface Settings {
  /** Path of the GraphQL endpoint on the same origin. */
  readonly endpoint: string;
  /** GraphQL documents, one tab each. */
  readonly examples: readonly string[];
  /** Callers to choose from, besides nobody. */
  readonly identities: readonly Identity[];
}

export interface Identity {
  readonly name: string;
  /** Sent with each request. */
  readonly headers: Readonly<Record<string, string>>;
}

export const settings = JSON.parse(document.getElementById('settings')!.textContent) as Settings;
