/** Monaco's workers, from our own origin. */
const files: Readonly<Record<string, string>> = { json: 'json', graphql: 'graphql' };

(globalThis as { MonacoEnvironment?: object }).MonacoEnvironment = {
  getWorker: (_id: string, label: string) => new Worker(`/playground/${files[label] ?? 'editor'}.worker.js`),
};
