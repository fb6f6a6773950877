/** A JSON object of a subgraph's answer. Only ever indexed with keys of ours (see operation/canonicalKeys.ts). */
export type JsonObject = Record<string, unknown>;
